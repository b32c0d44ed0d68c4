"""The variants of models on a command line, such as ``-m 'MODEL effort=high system=@FILE'``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from groqchat.cli.failures import MisuseError
from groqchat.cli.models.names import asked_model
from groqchat.cli.prompts import read_text
from groqchat.domain.compare.rules import AS_VARIANTS, named_twice
from groqchat.domain.compare.variants import NO_PRESETS, Variant, preset_columns, read_variant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from groqchat.domain.models.catalog import Model
    from groqchat.services.account.connection import Connection
    from groqchat.services.tools.registry import ServerRegistry

HELP = (
    "of one model several variants, each as 'ID effort=high temperature=0 system=@FILE' or "
    "'ID tools=browser_search'; @NAME: the columns of a preset"
)


def read_variants(texts: Iterable[str]) -> list[Variant]:
    """The variants that a command line names, those of presets for their names.

    Raises:
        MisuseError: One of them cannot be, or is named twice; the message says why.
    """
    try:
        columns = [column for text in texts for column in preset_columns(text, _presets(text))]
        variants = [read_variant(column) for column in columns]
    except ValueError as mistake:
        raise MisuseError(str(mistake)) from None
    return _different(variants)


def _presets(text: str) -> Mapping[str, Sequence[str]]:
    """The presets of the settings, which are read where a text may name one."""
    if not text.startswith("@"):
        return NO_PRESETS
    from groqchat.storage.settings.paths import folders
    from groqchat.storage.settings.settings import SettingsFile

    return SettingsFile(folders().settings_file).read()[0].presets


async def asked_variants(connection: Connection, variants: Iterable[Variant]) -> list[Variant]:
    """The variants with the ids of their models.

    Raises:
        MisuseError: A name is not clear, or two names mean the same variant.
    """
    ids: dict[str, str] = {}
    for variant in variants:
        if variant.model not in ids:
            ids[variant.model] = await asked_model(connection, variant.model)
    return _different([variant.of(ids[variant.model]) for variant in variants])


def changes_of(variant: Variant, model: Model, servers: ServerRegistry) -> dict[str, object]:
    """The parameters of a variant as changes of options.

    Raises:
        MisuseError: The model does not take one of them, or a file cannot be read.
    """
    known = [each.name for each in servers.all()]
    try:
        return variant.changes(model, lambda path: read_text(Path(path)), known)
    except ValueError as mistake:
        raise MisuseError(str(mistake).removesuffix(".")) from None


def _different(variants: list[Variant]) -> list[Variant]:
    names: Sequence[str] = [variant.name for variant in variants]
    if twice := named_twice(names):
        raise MisuseError(f"{twice} is named twice; {AS_VARIANTS}")
    return variants

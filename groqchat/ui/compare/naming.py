"""A new comparison of the models that somebody names, with the options of the chat."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from groqchat.domain.compare.rules import (
    AS_VARIANTS,
    FEWEST_MODELS,
    MOST_MODELS,
    is_number_of_models,
    named_twice,
)
from groqchat.domain.compare.variants import read_variants
from groqchat.domain.models.names import UnclearModelError
from groqchat.domain.text.plain_text import plain_text
from groqchat.ui.workspace.model_names import model_named, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.domain.compare.variants import Variant
    from groqchat.services.account.connection import Connection
    from groqchat.services.compare.compare import Comparison
    from groqchat.ui.workspace.parts import ChatParts


def _text_of(name: str) -> str:
    """The text of a file that a variant names.

    Raises:
        ValueError: It cannot be read; the message is for the user.
    """
    try:
        data = Path(name).expanduser().read_bytes()
    except OSError as problem:
        raise ValueError(f"{name} cannot be read: {problem.strerror or problem}") from None
    try:
        return plain_text(data)
    except ValueError as mistake:
        raise ValueError(f"{name} {mistake}") from None


async def new_comparison(
    parts: ChatParts, connection: Connection, named: str
) -> tuple[Comparison | None, str]:
    """A comparison of the named models with the options of the chat; else what is wrong."""
    options, settings = parts.options, parts.services.settings
    servers = connection.turns.sources.names
    try:
        variants, mistake = await _named(parts, read_variants(named, settings.presets))
        if mistake:
            return None, mistake
        columns = []
        for variant in variants:
            model = connection.models.model(variant.model)
            changes = await asyncio.to_thread(variant.changes, model, _text_of, servers)
            own = replace(options, model=model.id, effort=None)
            columns.append(replace(own, **changes))  # type: ignore[arg-type]  # its own names
    except ValueError as mistaken:
        return None, f"{str(mistaken).removesuffix('.')}."
    written = [variant.written for variant in variants]
    return connection.comparisons.begin(columns, settings.compare_gap_s, written), ""


async def _named(parts: ChatParts, variants: Sequence[Variant]) -> tuple[list[Variant], str]:
    """The variants with the ids of their models, and what is wrong with the names, if any."""
    mistakes, called = [], []
    for variant in variants:
        try:
            called.append(await model_named(parts.account, variant.model))
        except UnclearModelError as mistake:
            mistakes.append(sentence(mistake, "Ctrl+K"))
    found = [one.of(each.id) for one, each in zip(variants, called, strict=False)]
    if (twice := named_twice([each.name for each in found])) is not None:
        mistakes.append(f"{twice} is named twice; {AS_VARIANTS}.")
    if not mistakes and not is_number_of_models(len(found)):
        mistakes.append(f"A comparison takes {FEWEST_MODELS} to {MOST_MODELS} models.")
    for each in called:
        if each.doubt and not mistakes:
            parts.notify(each.doubt)
    return found, " ".join(mistakes)

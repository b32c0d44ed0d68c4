"""Load the catalogue that ships with the program."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from groqchat.domain.catalog_tables import parse_catalog

if TYPE_CHECKING:
    from groqchat.domain.catalog import Catalog
    from groqchat.domain.use_cases import UseCase


def load_catalog() -> Catalog:
    """Read the shipped models, prices and limits.

    Raises:
        ValueError: The data is malformed; the message names the place.
        OSError: A file of the installation cannot be read.
    """
    return parse_catalog(_tables("sources.toml", "models.toml", "retired.toml", "tools.toml"))


def load_use_cases() -> tuple[UseCase, ...]:
    """Read the shipped advice on which model to begin with; raises as ``load_catalog``."""
    from groqchat.domain.use_cases import parse_use_cases

    return parse_use_cases(_tables("sources.toml", "use_cases.toml"))


def _tables(*names: str) -> dict[str, dict[str, Any]]:
    tables: dict[str, dict[str, Any]] = {}
    for name in names:
        text = files("groqchat.catalog").joinpath(name).read_text(encoding="utf-8")
        for key, table in tomllib.loads(text, parse_float=Decimal).items():
            tables.setdefault(key, {}).update(table)
    return tables

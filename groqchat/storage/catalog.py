"""Load the catalogue that ships with the program."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from groqchat.domain.catalog_tables import parse_catalog

if TYPE_CHECKING:
    from groqchat.domain.catalog import Catalog

_FILES = ("sources.toml", "models.toml", "retired.toml", "tools.toml")


def load_catalog() -> Catalog:
    """Read the shipped models, prices and limits.

    Raises:
        ValueError: The data is malformed; the message names the place.
        OSError: A file of the installation cannot be read.
    """
    tables: dict[str, dict[str, Any]] = {}
    for name in _FILES:
        text = files("groqchat.catalog").joinpath(name).read_text(encoding="utf-8")
        for key, table in tomllib.loads(text, parse_float=Decimal).items():
            tables.setdefault(key, {}).update(table)
    return parse_catalog(tables)

"""The reading of the data in this package, which is a part of groqchat and never changes."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from importlib.resources import files
from typing import Any


def read_tables(*names: str) -> dict[str, dict[str, Any]]:
    """The tables of some files of this folder, joined; figures with a point are ``Decimal``.

    Raises:
        ValueError: A file is no TOML.
        OSError: A file of the installation cannot be read.
    """
    tables: dict[str, dict[str, Any]] = {}
    for name in names:
        text = files(__package__).joinpath(name).read_text(encoding="utf-8")
        for key, table in tomllib.loads(text, parse_float=Decimal).items():
            tables.setdefault(key, {}).update(table)
    return tables

"""The formats of secrets: keys, tokens and private keys of many vendors, each with its source."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from groqchat.catalog.tables import read_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

# A placeholder such as ghp_xxxxxxxx repeats itself; 30 letters by chance hold about 20 kinds.
_FEWEST_KINDS = 9


@dataclass(frozen=True)
class SecretFormat:
    """The format of one kind of secret.

    ``name`` has an article. ``begins`` are texts of which one begins every such secret, which
    ``expression`` matches as a whole.
    ``source`` says where the format was read, ``as_of`` on which day (ISO 8601).
    """

    name: str
    begins: tuple[str, ...]
    expression: str
    source: str
    as_of: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The compiled expression; most are never needed, and compiling all takes 20 ms."""
        return re.compile(self.expression)

    def is_in(self, text: str) -> bool:
        """Whether a text contains such a secret."""
        return self._may_be_in(text) and any(self._secrets(text))

    def masked(self, text: str) -> str:
        """A text with a mark in the place of each such secret."""
        return self.pattern.sub(self._mark, text) if self._may_be_in(text) else text

    def _may_be_in(self, text: str) -> bool:
        return any(begin in text for begin in self.begins)

    def _secrets(self, text: str) -> Iterator[re.Match[str]]:
        return (found for found in self.pattern.finditer(text) if not self._is_placeholder(found))

    def _mark(self, found: re.Match[str]) -> str:
        return found[0] if self._is_placeholder(found) else f"{self._beginning(found[0])}…"

    def _is_placeholder(self, found: re.Match[str]) -> bool:
        return len(set(found[0].removeprefix(self._beginning(found[0])))) < _FEWEST_KINDS

    def _beginning(self, secret: str) -> str:
        return max((begin for begin in self.begins if secret.startswith(begin)), key=len)


@cache
def secret_formats() -> tuple[SecretFormat, ...]:
    """The formats of the catalogue, read once.

    Raises:
        OSError: The file of the installation cannot be read.
    """
    tables = read_tables("sources.toml", "secrets.toml")
    return tuple(_format(table, tables["sources"]) for table in tables["secrets"].values())


def _format(table: dict[str, Any], sources: dict[str, dict[str, Any]]) -> SecretFormat:
    source = sources[table["source"]]
    return SecretFormat(
        table["name"],
        tuple(table["begins"]),
        table["pattern"],
        source["name"],
        source["as_of"].isoformat(),
    )

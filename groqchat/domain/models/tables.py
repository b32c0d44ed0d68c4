"""Tables of the shipped data, read with complaints that name the spot."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from groqchat.domain.models.catalog import Provenance

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DAY = re.compile(r"\d{4}-\d{2}(-\d{2})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Table:
    """A table that knows its path, so that every complaint can name it; all keys are optional.

    Every method raises ``ValueError`` for a value that is not of its kind.
    """

    path: str
    values: Mapping[str, Any]

    def allow(self, *names: str) -> None:
        """Refuse every key but these."""
        for name in self.values:
            if name not in names:
                raise self._wrong(name, f"unknown; known are {', '.join(sorted(names))}")

    def table(self, name: str) -> Table:
        """A table within this one; empty where there is none."""
        value = self.values.get(name, {})
        if not isinstance(value, dict):
            raise self._wrong(name, "must be a table")
        return Table(self._path(name), value)

    def tables(self) -> Iterator[tuple[str, Table]]:
        """The tables within this one, by name."""
        return ((name, self.table(name)) for name in self.values)

    def text(self, name: str) -> str:
        """A text; empty where there is none."""
        value = self.values.get(name, "")
        if not isinstance(value, str):
            raise self._wrong(name, "must be a text")
        return value

    def words(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        value = self.values.get(name, [])
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise self._wrong(name, "must be a list of texts")
        return tuple(value)

    def flag(self, name: str) -> bool:
        """True or false, which is what there is without it."""
        value = self.values.get(name, False)
        if not isinstance(value, bool):
            raise self._wrong(name, "must be true or false")
        return value

    def count(self, name: str) -> int | None:
        """A whole number above zero."""
        value = self.values.get(name)
        if value is None:
            return None
        if type(value) is not int or value <= 0:
            raise self._wrong(name, "must be a whole number above 0")
        return value

    def money(self, name: str) -> Decimal | None:
        """An amount in US dollars."""
        value = self.values.get(name)
        if value is None:
            return None
        amount = Decimal(value) if type(value) in {int, Decimal} else Decimal("NaN")
        if not amount.is_finite() or amount < 0:
            raise self._wrong(name, "must be an amount in US dollars")
        return amount

    def day(self, name: str) -> str | None:
        """An ISO date, or year and month."""
        value = self.values.get(name)
        if value is None:
            return None
        if not _DAY.fullmatch(str(value)):
            raise self._wrong(name, "must be a day, or a year and month")
        return str(value)

    def source(self, sources: Mapping[str, Provenance]) -> Provenance:
        """The source of the figures in this table."""
        name = self.text("source")
        if name not in sources:
            raise self._wrong("source", f"{name!r} is not described in sources")
        return sources[name]

    def _path(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def _wrong(self, name: str, complaint: str) -> ValueError:
        return ValueError(f"{self._path(name)}: {complaint}")


def read_sources(root: Table) -> Mapping[str, Provenance]:
    """The table ``sources``: the provenance of figures, by the name under which tables cite it."""
    return {name: _provenance(table) for name, table in root.table("sources").tables()}


def _provenance(table: Table) -> Provenance:
    table.allow("name", "as_of")
    return Provenance(table.text("name"), table.day("as_of") or "")

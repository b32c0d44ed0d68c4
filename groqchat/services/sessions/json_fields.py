"""Typed access to JSON that anybody may have written: a value of the wrong type is None."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# So many digits of an amount are read.
_LONGEST_AMOUNT = 60
# The database counts in 64 bits.
_MOST = 2**63
# Large files are read by these checks: a tuple and ``dict`` are several times faster to ask for
# than a union of types and ``Mapping``.
_NUMBERS = (int, float)


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a JSON object; any other value has none."""

    values: Mapping[str, Any]

    @classmethod
    def of(cls, fields: object) -> Fields:
        """The fields of any JSON value."""
        return cls(fields if isinstance(fields, dict) else {})

    def text(self, name: str) -> str | None:
        """The field as a text; None if it is missing or no text."""
        value = self.values.get(name)
        return value if isinstance(value, str) else None

    def number(self, name: str) -> float | None:
        """The field as an int or float; None if it is missing, no number, or too large."""
        value: Any = self.values.get(name)
        if not isinstance(value, _NUMBERS) or isinstance(value, bool):
            return None
        return value if -_MOST < value < _MOST else None

    def whole(self, name: str) -> int | None:
        """The field as an int; None if it is missing or no whole number."""
        value: Any = self.number(name)
        return value if isinstance(value, int) else None

    def flag(self, name: str, *, otherwise: bool = False) -> bool:
        """The field as a bool; ``otherwise`` if it is missing or no bool."""
        value = self.values.get(name)
        return value if isinstance(value, bool) else otherwise

    def money(self, name: str) -> Decimal | None:
        """The field, an amount in US dollars written as a text; None if it is no such text."""
        try:
            amount = Decimal((self.text(name) or "")[:_LONGEST_AMOUNT])
        except InvalidOperation:
            return None
        # Written out, an exponent without bounds would fill the memory.
        is_amount = amount.is_finite() and abs(amount.adjusted()) < _LONGEST_AMOUNT
        return amount if is_amount else None

    def objects(self, name: str) -> list[Fields]:
        """The objects in a list; empty if the field is missing or no list."""
        value = self.values.get(name)
        return (
            [Fields(each) for each in value if isinstance(each, dict)]
            if isinstance(value, list)
            else []
        )

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts in a list; empty if the field is missing or no list."""
        value = self.values.get(name)
        return (
            tuple(each for each in value if isinstance(each, str))
            if isinstance(value, list)
            else ()
        )

    def inner(self, name: str) -> Fields:
        """An object within."""
        return Fields.of(self.values.get(name))

    @property
    def plain(self) -> dict[str, Any]:
        """The fields as the database can keep them; none where a number is infinite."""
        if not self.values:  # as of most messages
            return {}
        try:
            written = json.dumps(dict(self.values), ensure_ascii=False, allow_nan=False)
        except (ValueError, RecursionError):
            return {}
        kept: dict[str, Any] = json.loads(written.encode("utf-8", "replace"))
        return kept

    def __bool__(self) -> bool:
        return bool(self.values)

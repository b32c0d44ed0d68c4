"""The check of a parsed TOML table against the fields of a dataclass."""

from __future__ import annotations

from dataclasses import dataclass, fields
from math import isfinite, nan
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_PLAIN: dict[str, tuple[type, str]] = {
    "str": (str, "text in quotes"),
    "int": (int, "a whole number"),
    "float": (float, "a number"),
    "bool": (bool, "true or false"),
    "dict[str, str]": (dict, "a table, written [{name}]"),
}

# A whole number of hundreds of digits is no float.
_BEYOND = 10**100


@dataclass(frozen=True, slots=True)
class Schema:
    """The values that a table may have, by the names and types of fields.

    ``types`` are the annotations of the fields, ``noun`` names a field in sentences, and
    ``readers`` convert the values of fields that are not of a plain type.
    """

    types: Mapping[str, str]
    noun: str
    readers: Mapping[str, Callable[[object], object]]

    @classmethod
    def of(
        cls,
        table: type[Any],
        noun: str,
        readers: Mapping[str, Callable[[object], object]] | None = None,
    ) -> Schema:
        """The schema of a dataclass."""
        return cls({spec.name: str(spec.type) for spec in fields(table)}, noun, readers or {})

    def read(self, name: str, value: object) -> object:
        """The value of one field; a whole number is taken for a fraction too.

        Raises:
            ValueError: The name or the value is wrong; the message is for the user.
        """
        if name not in self.types:
            raise ValueError(f"“{name}” is no {self.noun}")
        if reader := self.readers.get(name):
            return reader(value)
        wanted, words = _PLAIN[self.types[name].removesuffix(" | None")]
        if wanted is float and isinstance(value, int | float) and not isinstance(value, bool):
            number = float(value) if abs(value) < _BEYOND else nan
            if not isfinite(number):
                raise ValueError(f"“{name}” must be {words.format(name=name)}")
            return number
        if type(value) is not wanted:
            raise ValueError(f"“{name}” must be {words.format(name=name)}")
        return value

"""References within a JSON Schema, written out where they stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

# The bounds for what a schema may grow to: foreign ones may be made to be endless.
MOST_DEPTH: Final = 24
MOST_PARTS: Final = 5_000

_ESCAPED: Final = re.compile(r"%([0-7][0-9A-Fa-f])")
_DEFINITIONS: Final = ("$defs", "definitions")


class UnsendableError(ValueError):
    """A tool cannot be offered to a model; the message says why, as the end of a sentence."""


def inlined(schema: Mapping[str, object]) -> dict[str, Any]:
    """The schema with each reference replaced by what it refers to.

    Raises:
        UnsendableError: A reference leads outside, nowhere or to itself, or the result is too
            large.
    """
    written = _Writer(schema).written(schema, ())
    return written if isinstance(written, dict) else {}


class _Writer:
    """Writes out the references of one schema."""

    def __init__(self, root: Mapping[str, object]) -> None:
        self._root = root
        self._parts = 0

    def written(self, part: object, within: tuple[str, ...], depth: int = 0) -> object:
        """A part of the schema without references; ``within`` are those it was reached by."""
        self._parts += 1
        if depth > 2 * MOST_DEPTH or self._parts > MOST_PARTS:
            raise UnsendableError("its schema is too large to be written out")
        if isinstance(part, list):
            return [self.written(each, within, depth + 1) for each in part]
        if not isinstance(part, Mapping):
            return part
        reference = part.get("$ref")
        if isinstance(reference, str):
            return self._followed(part, reference, within, depth)
        return {
            name: self._table(each, within, depth + 1)
            if name == "properties"
            else self.written(each, within, depth + 1)
            for name, each in part.items()
            if name not in _DEFINITIONS
        }

    def _table(self, part: object, within: tuple[str, ...], depth: int) -> object:
        """The properties of an object, whose names may be any, also those of keywords."""
        if not isinstance(part, Mapping):
            return None
        return {name: self.written(each, within, depth) for name, each in part.items()}

    def _followed(
        self, part: Mapping[str, Any], reference: str, within: tuple[str, ...], depth: int
    ) -> object:
        if reference in within:
            raise UnsendableError(f"its schema refers to itself ({reference})")
        target = self.written(self._found(reference), (*within, reference), depth + 1)
        beside = {name: each for name, each in part.items() if name != "$ref"}
        if not isinstance(target, dict) or not beside:
            return target
        more = self.written(beside, within, depth + 1)
        return {**target, **more} if isinstance(more, dict) else target

    def _found(self, reference: str) -> object:
        if not reference.startswith("#"):
            raise UnsendableError(f"its schema refers to another document ({reference[:80]})")
        place: Any = self._root
        for step in filter(None, reference.removeprefix("#").split("/")):
            plain = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), step)
            name = plain.replace("~1", "/").replace("~0", "~")
            if isinstance(place, list) and name.isdecimal() and int(name) < len(place):
                place = place[int(name)]
            elif isinstance(place, Mapping) and name in place:
                place = place[name]
            else:
                raise UnsendableError(f"its schema refers to what is not there ({reference[:80]})")
        return place

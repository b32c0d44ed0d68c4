"""The short form of a schema: ``name, age int, tags str[], mood good|bad, city {name, zip int}?``.

Fields stand between commas or on lines of their own. A field is a name, then its type if that is
not text, then a description behind a colon if it has one; where there are lines, a description may
hold commas. A type is a word, words between bars, or
fields between braces; ``[]`` behind it makes a list of it, and ``?`` says that the value may be
null. The words are those of llm's form (``int float bool str``) and of JSON Schema.
"""

from __future__ import annotations

import re
from typing import Any

from groqchat.domain.text.spelling import did_you_mean

Document = dict[str, Any]

_TYPES = {
    "str": "string",
    "string": "string",
    "text": "string",
    "int": "integer",
    "integer": "integer",
    "float": "number",
    "number": "number",
    "bool": "boolean",
    "boolean": "boolean",
}
_NAME = re.compile(r"[^\W\d][\w-]*")
_WORDS = re.compile(r"[\w-]+(?:\s*\|\s*[\w-]+)*")
_BLANK = re.compile(r"[ \t]*")
_BETWEEN = re.compile(r"[\s,]*")
_WORDS_ABOUT = ("title", "description")
_DEEPEST = 8
"""So many braces may stand inside each other."""


def read_short_form(text: str) -> Document:
    """The JSON Schema that a short form stands for: an object whose keys are all required.

    >>> read_short_form("name, age int")["properties"]
    {'name': {'type': 'string'}, 'age': {'type': 'integer'}}

    Raises:
        ValueError: It cannot be read; the message says where.
    """
    reader = _Reader(text)
    document = reader.fields(0)
    if reader.rest:
        raise ValueError(f"“{reader.rest[:20]}” is not expected there")
    return document


class _Reader:
    """Reads a short form from its beginning to its end."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._is_on_lines = "\n" in text.strip()

    @property
    def rest(self) -> str:
        """What has not been read yet."""
        return self._text[self._at :]

    def fields(self, depth: int) -> Document:
        """The object of the fields up to the end, or up to a brace that closes them."""
        if depth > _DEEPEST:
            raise ValueError(f"braces stand inside each other more than {_DEEPEST} times")
        properties: dict[str, Document] = {}
        self._skip(_BETWEEN)
        while self.rest and not self.rest.startswith("}"):
            name, described = self._field(depth)
            if name in properties:
                raise ValueError(f"“{name}” is there twice")
            properties[name] = described
            self._skip(_BETWEEN)
        if not properties:
            raise ValueError("it names no field")
        return {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }

    def _field(self, depth: int) -> tuple[str, Document]:
        name = self._take(_NAME)
        if not name:
            raise ValueError(f"a field begins with a letter, which “{self.rest[:20]}” does not")
        self._skip(_BLANK)
        described = self._type(name, depth)
        self._skip(_BLANK)
        if self._takes(":"):
            words = self._description(is_inside=depth > 0)
            described |= {"description": words} if words else {}
        elif self.rest and self.rest[0] not in ",\n\r}":
            raise ValueError(f"“{self.rest[:20]}” is not expected behind “{name}”")
        return name, described

    def _description(self, *, is_inside: bool) -> str:
        ends = ("" if self._is_on_lines else ",") + "\n" + ("}" if is_inside else "")
        end = min((at for at in map(self.rest.find, ends) if at >= 0), default=len(self.rest))
        words, self._at = self.rest[:end].strip(), self._at + end
        return words

    def _type(self, name: str, depth: int) -> Document:
        if self._takes("{"):
            kind = self.fields(depth + 1)
            if not self._takes("}"):
                raise ValueError(f"the braces of “{name}” are not closed")
        else:
            kind = _kind(name, self._take(_WORDS))
        while self._takes("[]"):
            kind = {"type": "array", "items": kind}
        return nullable(kind) if self._takes("?") else kind

    def _skip(self, pattern: re.Pattern[str]) -> None:
        self._take(pattern)

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return found[0] if found else ""

    def _takes(self, mark: str) -> bool:
        is_there = self._text.startswith(mark, self._at)
        self._at += len(mark) * is_there
        return is_there


def _kind(name: str, words: str) -> Document:
    if not words:
        return {"type": "string"}
    choices = [word.strip() for word in words.split("|")]
    if len(choices) > 1:
        return {"type": "string", "enum": choices}
    if words not in _TYPES:
        meant = did_you_mean(words, tuple(_TYPES))
        raise ValueError(f"“{words}” is no type for “{name}”: it takes {_listed()}{meant}")
    return {"type": _TYPES[words]}


def _listed() -> str:
    return "str, int, float, bool, words between bars (good|bad) or fields in braces"


def nullable(document: Document) -> Document:
    """The schema of the same values or null."""
    kind = document.get("type")
    if "enum" in document:
        values = document["enum"]
        chosen = document | {"enum": values if None in values else [*values, None]}
        return chosen | ({"type": _or_null(kind)} if kind else {})
    if isinstance(kind, str) and kind not in {"object", "array"}:
        return document | {"type": _or_null(kind)}
    if isinstance(kind, list):
        return document | {"type": _or_null(kind)}
    if isinstance(choices := document.get("anyOf"), list):
        is_there = {"type": "null"} in choices
        return document if is_there else document | {"anyOf": [*choices, {"type": "null"}]}
    plain = dict(document)
    words: Document = {name: plain.pop(name) for name in _WORDS_ABOUT if name in plain}
    return words | {"anyOf": [plain, {"type": "null"}]}


def _or_null(kind: str | list[str]) -> str | list[str]:
    kinds = [kind] if isinstance(kind, str) else kind
    return kind if "null" in kinds else [*kinds, "null"]

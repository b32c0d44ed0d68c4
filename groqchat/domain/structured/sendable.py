"""The form of a schema in which Groq takes it.

What Groq requires is put right, and what it does not know is left out; each change is told. An
answer is checked against the whole schema all the same.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from groqchat.domain.structured.rules import KEYWORDS, is_object, violations
from groqchat.domain.structured.short_form import Document, nullable
from groqchat.domain.text.humanize import in_words

if TYPE_CHECKING:
    from collections.abc import Mapping

# Keywords that say nothing about what is valid.
_NOTES = frozenset(
    {
        "$schema", "$id", "$anchor", "$comment", "$vocabulary", "contentEncoding",
        "contentMediaType", "default", "deprecated", "examples", "readOnly", "writeOnly",
    }
)  # fmt: skip
# Keywords that name or combine schemas, so that leaving them out would change what is asked for.
_ESSENTIAL = frozenset({"allOf", "$dynamicRef", "prefixItems", "contentSchema"})
PATTERNS = ("pattern", "patternProperties")
"""Keywords with regular expressions, which may take for ever."""
_NAME = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class SentSchema:
    """A schema as it is sent.

    ``name`` is what the server calls it; ``notes`` say what was changed, each in a sentence
    without its full stop.
    """

    name: str
    document: Mapping[str, Any]
    is_strict: bool
    notes: tuple[str, ...] = ()


@lru_cache(maxsize=32)
def sendable(text: str, *, is_strict: bool) -> SentSchema:
    """The form in which a schema is sent.

    Args:
        text: The schema, as JSON.
        is_strict: Whether the model can be held to it while it answers. A schema that cannot be
            strict is sent without, which the notes tell.

    Raises:
        ValueError: Groq would refuse it in any form; the message says what to change.
    """
    document: Document = json.loads(text)
    name = _name_of(document)
    repair = _Repair(is_strict=is_strict)
    sent = repair.schema(document)
    broken = list(violations(sent, is_strict=is_strict))
    lasting = [each for each in broken if not each.rule.is_strict]
    if lasting:
        raise ValueError(str(lasting[0]))
    if not broken:
        return SentSchema(name, sent, is_strict, repair.notes)
    repair = _Repair(is_strict=False)
    loose = repair.schema(document)
    reason = f"the model is not held to the schema while it answers, since {broken[0]}"
    return SentSchema(name, loose, is_strict=False, notes=(reason, *repair.notes))


def checkable(document: Mapping[str, Any]) -> Document:
    """The schema that an answer is checked against: keys that may be left out may be null too."""
    changed = {name: _checkable(value) for name, value in document.items()}
    properties = changed.get("properties")
    if isinstance(properties, dict):
        required = document.get("required")
        needed = required if isinstance(required, list) else []
        changed["properties"] = {
            name: nullable(inner) if name not in needed and isinstance(inner, dict) else inner
            for name, inner in properties.items()
        }
    return changed


def _checkable(value: object) -> object:
    if isinstance(value, dict):
        return checkable(value)
    return [_checkable(each) for each in value] if isinstance(value, list) else value


def _name_of(document: Mapping[str, Any]) -> str:
    title = document.get("title")
    name = _NAME.sub("_", title).strip("_")[:_LONGEST_NAME] if isinstance(title, str) else ""
    return name or "answer"


class _Repair:
    """Makes a schema sendable, and keeps account of the changes."""

    def __init__(self, *, is_strict: bool) -> None:
        self._is_strict = is_strict
        self._made_required: list[str] = []
        self._closed = False
        self._left_out: list[str] = []
        self._replaced: list[str] = []

    @property
    def notes(self) -> tuple[str, ...]:
        """What was changed."""
        notes = []
        if self._made_required:
            keys = in_words([f"“{name}”" for name in dict.fromkeys(self._made_required)])
            notes.append(f"{keys} may be null instead of left out")
        if self._closed:
            notes.append("no other keys than those in the schema are allowed")
        if self._replaced:
            notes.append(in_words(list(dict.fromkeys(self._replaced))))
        if left_out := list(dict.fromkeys(self._left_out)):
            notes.append(f"not sent, but checked in the answer: {in_words(left_out)}")
        return tuple(notes)

    def schema(self, node: Mapping[str, Any]) -> Document:
        """A schema and all in it."""
        changed = self._renamed(node)
        for keyword in ("properties", "$defs"):
            if isinstance(inner := changed.get(keyword), dict):
                changed[keyword] = {name: self._inner(each) for name, each in inner.items()}
        if "items" in changed:
            changed["items"] = self._inner(changed["items"])
        if isinstance(choices := changed.get("anyOf"), list):
            changed["anyOf"] = [self._inner(each) for each in choices]
        if is_object(changed):
            self._finish_object(changed, has_patterns="patternProperties" in node)
        return changed

    def _inner(self, node: object) -> object:
        if node is True:
            return {}
        return self.schema(node) if isinstance(node, dict) else node

    def _renamed(self, node: Mapping[str, Any]) -> Document:
        """The schema in keywords that Groq knows, as far as there are such."""
        node = self._merged(node)
        changed: Document = {}
        for keyword, value in node.items():
            if keyword == "const":
                changed["enum"] = [value]
            elif keyword == "oneOf" and "anyOf" not in node:
                changed["anyOf"] = value
                self._replaced.append("oneOf is sent as anyOf")
            elif keyword == "definitions":
                changed["$defs"] = {**value, **changed.get("$defs", {})}
            elif keyword == "$ref" and isinstance(value, str):
                changed["$ref"] = value.replace("#/definitions/", "#/$defs/")
            elif keyword in KEYWORDS or keyword in _ESSENTIAL:
                changed[keyword] = value
            elif keyword not in _NOTES:
                self._left_out.append(keyword)
        if "properties" in changed and "type" not in changed:
            changed["type"] = "object"
        return changed

    @staticmethod
    def _merged(node: Mapping[str, Any]) -> Mapping[str, Any]:
        """A schema with the only member of its ``allOf``, which is how some tools write it."""
        members = node.get("allOf")
        if not isinstance(members, list) or len(members) != 1 or not isinstance(members[0], dict):
            return node
        return {**{name: node[name] for name in node if name != "allOf"}, **members[0]}

    def _finish_object(self, changed: Document, *, has_patterns: bool) -> None:
        """Close an object and require its keys where they have to be."""
        properties = changed.get("properties")
        others = changed.get("additionalProperties")
        is_open = isinstance(others, dict) or has_patterns or not properties
        if not self._is_strict:
            if isinstance(others, dict) or has_patterns:
                changed["additionalProperties"] = True
            return
        if not isinstance(properties, dict) or (is_open and others is not False):
            return
        if others is not False:
            changed["additionalProperties"] = False
            self._closed = True
        required = changed.get("required")
        needed = required if isinstance(required, list) else []
        for name, inner in properties.items():
            if name not in needed and isinstance(inner, dict):
                properties[name] = nullable(inner)
                self._made_required.append(name)
        changed["required"] = list(properties)

"""Checks of answers against what a file of prompts expects."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from groqchat.domain.structured.schema import keys_of, read_any_schema
from groqchat.domain.structured.validation import mismatches

if TYPE_CHECKING:
    from collections.abc import Mapping


class CheckKind(StrEnum):
    """A kind of check; the value is the name of the field in a file of prompts."""

    EXACT = "exact"
    CONTAINS = "contains"
    REGEX = "regex"
    JSON = "json"
    SCHEMA = "schema"


_NOT_JSON = object()

Search = tuple[str, str]
"""A pattern, and the text in which it is looked for."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check of an answer.

    ``wanted`` is the text, the pattern, the JSON Schema or, at the ``path`` of a JSON document
    (names and places of lists between dots), the value; without a path any JSON will do. White
    space around the whole answer counts neither for ``exact`` nor for ``regex``; else texts are
    compared as they are.
    """

    kind: CheckKind
    wanted: object = None
    path: str = ""

    def search(self, answer: str) -> Search | None:
        """The search that the check needs, which may never end; None if it needs none."""
        return (str(self.wanted), answer.strip()) if self.kind is CheckKind.REGEX else None

    def passes(self, answer: str, found: Mapping[Search, bool]) -> bool | None:
        """True if an answer passes, False if not; None if its search did not end.

        Args:
            answer: The whole answer.
            found: The results of searches.
        """
        if search := self.search(answer):
            return found.get(search)
        match self.kind:
            case CheckKind.EXACT:
                return answer.strip() == str(self.wanted).strip()
            case CheckKind.CONTAINS:
                return str(self.wanted) in answer
            case CheckKind.SCHEMA:
                return not mismatches(str(self.wanted), answer)
            case _:
                return self._finds(_parsed(answer))

    def _finds(self, document: object) -> bool:
        if not self.path:
            return document is not _NOT_JSON
        found = _at(document, self.path)
        # In Python true is 1; in JSON it is not.
        return isinstance(found, bool) == isinstance(self.wanted, bool) and found == self.wanted

    def __str__(self) -> str:
        if self.kind is CheckKind.JSON:
            wanted = json.dumps(self.wanted, ensure_ascii=False)
            return f"{self.path} = {wanted}" if self.path else "is JSON"
        if self.kind is CheckKind.SCHEMA:
            return f"fits the schema: {keys_of(str(self.wanted))}"
        return f"{self.kind}: {self.wanted}"


def read_checks(fields: Mapping[str, Any]) -> tuple[Check, ...]:
    """The checks that the fields of one prompt ask for; a field of None asks for none.

    Raises:
        ValueError: One of them cannot be; the message is for the user.
    """
    checks: list[Check] = []
    for kind in CheckKind:
        wanted = fields.get(kind)
        if wanted is None:
            continue
        if kind is CheckKind.SCHEMA:
            checks.append(_schema_check(wanted))
        elif kind is CheckKind.JSON:
            checks += _json_checks(wanted)
        else:
            checks += [_text_check(kind, each) for each in _listed(wanted)]
    return tuple(checks)


def _listed(wanted: object) -> list[object]:
    return wanted if isinstance(wanted, list) else [wanted]


def _text_check(kind: CheckKind, wanted: object) -> Check:
    if not isinstance(wanted, str) or not wanted:
        raise ValueError(f"{kind} wants a text or a list of texts")
    if kind is CheckKind.REGEX:
        try:
            re.compile(wanted)
        except (re.error, RecursionError, OverflowError) as error:
            raise ValueError(f"{wanted!r} is no regular expression: {error}") from None
    return Check(kind, wanted)


def _schema_check(wanted: object) -> Check:
    try:
        return Check(CheckKind.SCHEMA, read_any_schema(wanted))
    except ValueError as mistake:
        raise ValueError(f"schema: {mistake}") from None


def _json_checks(wanted: object) -> list[Check]:
    if wanted is True or wanted == {}:
        return [Check(CheckKind.JSON)]
    if not isinstance(wanted, dict) or not all(wanted):
        raise ValueError("json wants true, or an object of paths and their values")
    return [Check(CheckKind.JSON, value, path) for path, value in wanted.items()]


def _parsed(answer: str) -> object:
    try:
        return json.loads(answer, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return _NOT_JSON


def _refuse(constant: str) -> None:
    """Refuse NaN and the infinities, which only Python takes for JSON."""
    raise ValueError(constant)


def _at(document: object, path: str) -> object:
    """The value at a path; a missing one equals no other value."""
    for step in path.split("."):
        if isinstance(document, dict) and step in document:
            document = document[step]
        elif isinstance(document, list) and step.isdecimal() and int(step) < len(document):
            document = document[int(step)]
        else:
            return _NOT_JSON
    return document

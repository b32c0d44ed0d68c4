"""The schema of an answer, as a user gives it: JSON Schema, or the short form."""

from __future__ import annotations

import json
import re
from typing import Any

from groqchat.domain.structured.rules import resolved
from groqchat.domain.structured.sendable import sendable
from groqchat.domain.structured.short_form import read_short_form
from groqchat.domain.structured.validation import flaw_of_schema

LONGEST = 100_000
"""Characters of the longest schema."""
# One word with a slash or an ending, or anything that ends as files of JSON do.
_PATH = re.compile(r"@.+|.+\.json|[^\s{}\[\],:|?]*[/\\.][^\s{}\[\],:|?]*")


def is_path(given: str) -> bool:
    """Whether what a user wrote as a schema can only be meant as the path of a file."""
    return bool(_PATH.fullmatch(given.strip()))


def read_schema(text: str) -> str:
    """The schema in a text, as JSON on one line.

    Args:
        text: A JSON Schema, or the short form.

    Raises:
        ValueError: It is no schema, or one that Groq would not take; the message is for the user.
    """
    written = read_any_schema(text)
    try:
        sendable(written, is_strict=True)
    except RecursionError:
        raise ValueError("it is too deep") from None
    return written


def read_any_schema(given: object) -> str:
    """A schema as JSON on one line, whether or not Groq would take it.

    Args:
        given: A text as for :func:`read_schema`, or the parsed JSON Schema.

    Raises:
        ValueError: It is no schema; the message is for the user.
    """
    if isinstance(given, str):
        if len(given) > LONGEST:
            raise ValueError(f"it has more than {LONGEST:,} characters")
        given = _parsed(given.strip().removeprefix("\ufeff"))
    if not isinstance(given, dict):
        raise ValueError("a JSON Schema is an object in braces")
    if flaw := flaw_of_schema(given):
        raise ValueError(flaw)
    try:
        return json.dumps(given, ensure_ascii=False)
    except RecursionError:
        raise ValueError("it is too deep") from None


def _parsed(text: str) -> dict[str, Any]:
    if not text:
        raise ValueError("it is empty")
    if not text.startswith(("{", "[", '"')):
        return read_short_form(text)
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise ValueError(f"it is no JSON: {problem}") from None
    if not isinstance(document, dict):
        raise ValueError("a JSON Schema is an object in braces")
    return document


def keys_of(text: str, most: int = 4) -> str:
    """The outermost keys of a schema in words, such as “name, age and 3 more”.

    Args:
        text: The schema, as JSON.
        most: The most keys that are named.
    """
    document: dict[str, Any] = json.loads(text)
    names = list(resolved(document, document).get("properties") or ())
    if len(names) <= most:
        return ", ".join(names) or "any object"
    return f"{', '.join(names[:most])} and {len(names) - most} more"

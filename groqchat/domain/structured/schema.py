"""The schema of an answer, as a user gives it: JSON Schema, or the short form."""

from __future__ import annotations

import json
from typing import Any

from groqchat.domain.structured.rules import resolved
from groqchat.domain.structured.sendable import sendable
from groqchat.domain.structured.short_form import read_short_form
from groqchat.domain.structured.validation import flaw_of_schema

LONGEST = 100_000
"""Characters of the longest schema."""


def read_schema(text: str) -> str:
    """The schema in a text, as JSON on one line.

    Args:
        text: A JSON Schema, or the short form.

    Raises:
        ValueError: It is no schema, or one that Groq would not take; the message is for the user.
    """
    if len(text) > LONGEST:
        raise ValueError(f"it has more than {LONGEST:,} characters")
    document = _parsed(text.strip().removeprefix("\ufeff"))
    if flaw := flaw_of_schema(document):
        raise ValueError(flaw)
    try:
        written = json.dumps(document, ensure_ascii=False)
        sendable(written, is_strict=True)
    except RecursionError:
        raise ValueError("it is too deep") from None
    return written


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

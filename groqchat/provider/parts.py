"""What a delta or a message says: text, reasoning and refusals, as strings or as lists of parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.turns.chat import Delta, ReasoningDelta
from groqchat.provider import fields
from groqchat.provider.mould import TEXT_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = type[Delta] | type[ReasoningDelta]

# Mistral gives reasoning as a part whose text is again a list of parts.
_REASONING_PARTS = ("thinking", "reasoning")


def kind_of(field: str) -> Kind:
    """What a field of a delta holds."""
    return Delta if field == "content" else ReasoningDelta


def said(delta: dict[str, object]) -> Iterator[tuple[Kind, str]]:
    """All text in a delta, in its order."""
    for field in TEXT_FIELDS:
        value = delta.get(field)
        if text := fields.text(value):
            yield kind_of(field), text
        for part in _parts(value):
            yield from _said(kind_of(field), part)


def refused(delta: dict[str, object]) -> str:
    """The words in which the model refuses, beside its content or as a part of it."""
    parts = [delta, *_parts(delta.get("content"))]
    return "".join(fields.text(part.get("refusal")) or "" for part in parts)


def _said(kind: Kind, part: dict[str, object]) -> Iterator[tuple[Kind, str]]:
    if text := fields.text(part.get("text")):
        yield kind, text
    for name in _REASONING_PARTS:
        inner = part.get(name)
        texts = [fields.text(inner), *(fields.text(each.get("text")) for each in _parts(inner))]
        if text := "".join(filter(None, texts)):
            yield ReasoningDelta, text


def _parts(value: object) -> list[dict[str, object]]:
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []

"""Reads text, reasoning and refusals of a delta or message, as strings or lists of parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.turns.chat import Delta, ReasoningDelta
from groqchat.provider import fields
from groqchat.provider.chunk_template import TEXT_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = type[Delta] | type[ReasoningDelta]

# Mistral sends reasoning as a part whose text is again a list of parts.
_REASONING_PARTS = ("thinking", "reasoning")


def kind_of(field: str) -> Kind:
    """The kind of piece that a field of a delta holds."""
    return Delta if field == "content" else ReasoningDelta


def texts_of(delta: dict[str, object]) -> Iterator[tuple[Kind, str]]:
    """All texts in a delta with their kinds, in order."""
    for field in TEXT_FIELDS:
        value = delta.get(field)
        if text := fields.text(value):
            yield kind_of(field), text
        for part in _parts(value):
            yield from _texts_of(kind_of(field), part)


def refusal_of(delta: dict[str, object]) -> str:
    """The refusal in a delta, beside the content or as a part of it; empty without one."""
    parts = [delta, *_parts(delta.get("content"))]
    return "".join(fields.text(part.get("refusal")) or "" for part in parts)


def _texts_of(kind: Kind, part: dict[str, object]) -> Iterator[tuple[Kind, str]]:
    if text := fields.text(part.get("text")):
        yield kind, text
    for name in _REASONING_PARTS:
        inner = part.get(name)
        texts = [fields.text(inner), *(fields.text(each.get("text")) for each in _parts(inner))]
        if text := "".join(filter(None, texts)):
            yield ReasoningDelta, text


def _parts(value: object) -> list[dict[str, object]]:
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []

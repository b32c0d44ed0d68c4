"""Reads single fields of foreign JSON: the wanted type, or nothing."""

from __future__ import annotations

import math

from groqchat.domain.usage import Usage

_MOST = 10**12


def mapping(value: object) -> dict[str, object]:
    """A JSON object, empty where it is something else."""
    return value if isinstance(value, dict) else {}


def text(value: object) -> str | None:
    """A string with something in it."""
    return value if isinstance(value, str) and value else None


def texts(value: object) -> tuple[str, ...]:
    """The strings of a list."""
    return tuple(item for item in value if text(item)) if isinstance(value, list) else ()


def count(value: object) -> int | None:
    """A whole number from 0 up, of a size that a database can hold."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= _MOST else None


def seconds(value: object) -> float | None:
    """A time from 0 up."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= _MOST and math.isfinite(value) else None


def usage(value: object) -> Usage | None:
    """The ``usage`` object of an answer; None where it does not count its tokens.

    The details are absent where there is nothing to tell (Groq API reference).
    """
    fields = mapping(value)
    prompt = count(fields.get("prompt_tokens"))
    completion = count(fields.get("completion_tokens"))
    if prompt is None and completion is None:
        return None
    prompt, completion = prompt or 0, completion or 0
    cached = count(mapping(fields.get("prompt_tokens_details")).get("cached_tokens"))
    reasoning = count(mapping(fields.get("completion_tokens_details")).get("reasoning_tokens"))
    return Usage(
        prompt_tokens=prompt,
        cached_tokens=min(prompt, cached or 0),
        completion_tokens=completion,
        reasoning_tokens=min(completion, reasoning or 0),
        queue_time=seconds(fields.get("queue_time")),
        prompt_time=seconds(fields.get("prompt_time")),
        completion_time=seconds(fields.get("completion_time")),
    )


def whole_characters(text: str) -> str:
    """JSON can spell halves of a character, which no database and no terminal takes."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")

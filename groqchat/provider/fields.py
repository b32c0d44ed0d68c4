"""Reads single fields of foreign JSON: the wanted type, or nothing."""

from __future__ import annotations

import math

from groqchat.domain.money.usage import MOST_TOKENS, Usage

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

    What cannot be a count reads 0, and the rest is an estimate then: a number that is negative, not
    whole, or more than any context holds, and a part that is more than its whole. The details are
    absent where there is nothing to tell (Groq API reference).
    """
    fields = mapping(value)
    if fields.get("prompt_tokens") is None and fields.get("completion_tokens") is None:
        return None
    prompt, completion = _tokens(fields, "prompt_tokens"), _tokens(fields, "completion_tokens")
    of_prompt = mapping(fields.get("prompt_tokens_details"))
    of_completion = mapping(fields.get("completion_tokens_details"))
    cached = _tokens(of_prompt, "cached_tokens", prompt or 0)
    reasoning = _tokens(of_completion, "reasoning_tokens", completion or 0)
    return Usage(
        prompt_tokens=prompt or 0,
        cached_tokens=cached or 0,
        completion_tokens=completion or 0,
        reasoning_tokens=reasoning or 0,
        queue_time=seconds(fields.get("queue_time")),
        prompt_time=seconds(fields.get("prompt_time")),
        completion_time=seconds(fields.get("completion_time")),
        is_estimated=None in {prompt, completion, cached, reasoning},
    )


def _tokens(fields: dict[str, object], name: str, most: int = MOST_TOKENS) -> int | None:
    """A count of tokens up to the most there can be: 0 where none is told, None for no count."""
    told = fields.get(name)
    number = 0 if told is None else count(told)
    return number if number is not None and number <= most else None


def whole_characters(text: str) -> str:
    """JSON can spell halves of a character, which no database and no terminal takes."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")

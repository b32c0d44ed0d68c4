"""Readers of single fields of untrusted JSON: a value of the wanted type, or None."""

from __future__ import annotations

import math

from groqchat.domain.money.usage import MOST_TOKENS, Usage

_MOST = 10**12


def mapping(value: object) -> dict[str, object]:
    """The value if it is a JSON object, else an empty dict."""
    return value if isinstance(value, dict) else {}


def text(value: object) -> str | None:
    """The value if it is a non-empty string, else None."""
    return value if isinstance(value, str) and value else None


def texts(value: object) -> tuple[str, ...]:
    """The non-empty strings of a list; empty for anything else."""
    return tuple(item for item in value if text(item)) if isinstance(value, list) else ()


def count(value: object) -> int | None:
    """The value if it is a whole number from 0 to 10^12, else None."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= _MOST else None


def seconds(value: object) -> float | None:
    """The value as seconds if it is a finite number from 0 up, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= _MOST and math.isfinite(value) else None


def usage(value: object) -> Usage | None:
    """The ``usage`` object of an answer; None where it has no token counts.

    An impossible count (negative, not whole, larger than any context, or a part larger than its
    whole) reads 0 and marks the usage as an estimate. Groq leaves out details that are zero (Groq
    API reference).
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
    """A count of at most ``most`` tokens: 0 where the field is absent, None where it is invalid."""
    value = fields.get(name)
    number = 0 if value is None else count(value)
    return number if number is not None and number <= most else None


def whole_characters(text: str) -> str:
    """The text without lone surrogates, which JSON can spell but no database or terminal takes."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")

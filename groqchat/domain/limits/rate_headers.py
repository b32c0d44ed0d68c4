"""The reader of rate limit headers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from groqchat.domain.limits.quota import LeakyBucket, LimitKind, Reading, Source, Untimed

if TYPE_CHECKING:
    from collections.abc import Mapping

_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)(ms|s))?", re.ASCII)


def parse_duration(text: str) -> float | None:
    """Read Groq's ``[Nh][Nm][N(.N)s]`` or ``Nms`` as seconds; None for anything else.

    >>> parse_duration("1m26.4s")
    86.4
    """
    match = _DURATION.fullmatch(text.strip())
    if match is None or not match[0]:
        return None
    hours, minutes, number, unit = match.groups()
    seconds = float(number or 0) / (1000 if unit == "ms" else 1)
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + seconds


# The request headers speak of the day, the token headers of the minute (Groq rate-limit docs).
_HEADERS = ((LimitKind.RPD, "requests"), (LimitKind.TPM, "tokens"))
_MOST_DIGITS = 12
_LEAST = 0.002
_MINUTE_S = 60.0
# How far a reset may be from what is used, in requests, where it could be of a minute as well.
_HARDLY = 0.05


def read_headers(headers: Mapping[str, str], now: float, *, is_groq: bool = False) -> Reading:
    """Read the ``x-ratelimit-*`` headers; what is missing or no sane number is left out.

    Other servers count other windows under the same names: litellm requests of the minute, without
    a reset. There requests are taken only where their reset is that of a day, and tokens unless
    theirs is longer than a minute; the rest is told as of a window that is not known.

    Args:
        headers: Lower-case names.
        now: The Unix time at which they arrived.
        is_groq: Whether Groq itself told them.
    """
    buckets, untimed = [], []
    for kind, name in _HEADERS:
        limit = _whole(headers.get(f"x-ratelimit-limit-{name}"))
        remaining = _remaining(headers.get(f"x-ratelimit-remaining-{name}"))
        if not limit or remaining is None or remaining > limit:
            continue
        used = limit - remaining
        reset = parse_duration(headers.get(f"x-ratelimit-reset-{name}") or "")
        if is_groq or _is_of_its_window(kind, limit, used, reset):
            used_now = _exact_used(kind, limit, used, reset)
            buckets.append(LeakyBucket(kind, limit, used_now, now, Source.HEADER))
        else:
            untimed.append(Untimed(name, limit, remaining))
    return Reading(now, tuple(buckets), tuple(untimed))


def _is_of_its_window(kind: LimitKind, limit: int, used: int, reset_s: float | None) -> bool:
    """True if a reset may be that of Groq's window: used × 86,400 / limit for requests of a day."""
    if kind is LimitKind.TPM:
        return reset_s is None or reset_s <= _MINUTE_S + _LEAST
    if reset_s is None:
        return False
    exact = reset_s * limit / kind.window_s
    fits = used - 1 < exact < used + _HARDLY
    # A reset within a minute may be of any window: it has to tell the count itself.
    return used > 0 and fits and (reset_s > _MINUTE_S or exact > used - _HARDLY)


def _exact_used(kind: LimitKind, limit: int, used: int, reset_s: float | None) -> float:
    """The exact use, computed from the reset time if that agrees with the count of the headers."""
    if reset_s is None:
        return used
    exact = reset_s * limit / kind.window_s
    # A use is told rounded up and the time rounded to milliseconds: it must not tell another count.
    return min(max(exact, used - 1 + _LEAST), used) if used - 2 < exact < used + 1 else used


def _remaining(text: str | None) -> int | None:
    """The units left; a negative number, which litellm sends for unenforced limits, counts as 0."""
    owed = _whole((text or "").strip().removeprefix("-"))
    return 0 if owed is not None and (text or "").strip().startswith("-") else owed


def _whole(text: str | None) -> int | None:
    text = (text or "").strip()
    if not text.isascii() or not text.isdigit() or len(text) > _MOST_DIGITS:
        return None
    return int(text)

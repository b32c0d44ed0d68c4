"""The reader of Groq's sentences on limits that a request exceeds.

Their numbers are nowhere else: headers cover requests per day and tokens per minute only, and
say nothing about the other limits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.limits.rate_headers import parse_duration

# "… on tokens per minute (TPM): Limit 8000, Used 7600, Requested 900. Please try again in 3.75s."
# The words and the abbreviation are absent in the form of 2024, which also estimates with a ~.
_NUMBER = r"~?(\d+(?:,\d{3})*)"
_LIMIT = re.compile(
    r"\bon (?:(?P<words>[a-z ]{1,60}?) ?(?:\((?P<abbr>[A-Z]{2,8})\))?)?\s*:"
    rf" Limit {_NUMBER}(?:, Used {_NUMBER})?(?:, Requested {_NUMBER})?",
    re.ASCII,
)
_WAIT = re.compile(
    r"\btry again in (?P<wait>(?:\d+h)?(?:\d+m(?!s))?(?:\d+(?:\.\d+)?m?s)?)", re.ASCII
)
_KINDS = (
    {"ASPH": LimitKind.ASH, "ASPD": LimitKind.ASD}
    | {kind.value: kind for kind in LimitKind}
    | {kind.meaning: kind for kind in LimitKind}
)
_MOST_DIGITS = 15


@dataclass(frozen=True, slots=True)
class LimitMessage:
    """The numbers of a sentence; None for one it lacks. ``wait_s`` is in seconds."""

    limit_kind: LimitKind | None = None
    limit: int | None = None
    used: int | None = None
    requested: int | None = None
    wait_s: float | None = None

    @property
    def is_forever(self) -> bool:
        """True if the request exceeds the whole limit, so that no wait helps."""
        return self.limit is not None and self.requested is not None and self.requested > self.limit


def read_limit(message: str) -> LimitMessage:
    """Read a message; every part of it may be missing."""
    wait = _WAIT.search(message)
    wait_s = parse_duration(wait["wait"]) if wait else None
    match = _LIMIT.search(message)
    if match is None:
        return LimitMessage(wait_s=wait_s)
    words, abbreviation, *numbers = match.groups()
    limit, used, requested = (_count(number) for number in numbers)
    kind = _KINDS.get(abbreviation or "") or _KINDS.get((words or "").strip())
    return LimitMessage(kind, limit, used, requested, wait_s)


def _count(digits: str | None) -> int | None:
    plain = (digits or "").replace(",", "")
    return int(plain) if 0 < len(plain) <= _MOST_DIGITS else None

"""The limits of a model and what is left of them."""

from __future__ import annotations

import re
from enum import StrEnum


class Bucket(StrEnum):
    """One kind of limit, in the order in which it is shown."""

    RPM = "RPM"
    RPD = "RPD"
    TPM = "TPM"
    TPD = "TPD"
    ITPM = "ITPM"
    OTPM = "OTPM"
    ASH = "ASH"
    ASD = "ASD"

    @property
    def window_s(self) -> int:
        """The length of its rolling window in seconds."""
        return {"M": 60, "H": 3600, "D": 86_400}[self.value[-1]]

    @property
    def counts(self) -> str:
        """What it counts: requests, tokens or seconds (of audio)."""
        return {"R": "requests", "A": "seconds"}.get(self.value[0], "tokens")

    @property
    def meaning(self) -> str:
        """The abbreviation in words."""
        return _MEANINGS[self.value]


_MEANINGS = {
    "RPM": "requests per minute",
    "RPD": "requests per day",
    "TPM": "tokens per minute",
    "TPD": "tokens per day",
    "ITPM": "input tokens per minute",
    "OTPM": "output tokens per minute",
    "ASH": "seconds of audio per hour",
    "ASD": "seconds of audio per day",
}


class Source(StrEnum):
    """Where a number comes from, the most trusted first."""

    HEADER = "header"
    ERROR = "error message"
    LEDGER = "ledger"
    CONFIG = "config"
    CATALOGUE = "catalogue"


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

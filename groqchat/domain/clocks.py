"""Checks of stored times, which a wrong clock may have written."""

from __future__ import annotations

AHEAD_S = 60.0
"""Clocks are set by seconds all the time; what is dated further ahead is of one that was wrong."""


def plausible_time(time: float, now: float) -> float:
    """A stored Unix time, or 0 if it lies so far ahead that the clock must have been wrong.

    >>> plausible_time(100.0, now=90.0), plausible_time(1000.0, now=90.0)
    (100.0, 0.0)
    """
    return time if time <= now + AHEAD_S else 0.0

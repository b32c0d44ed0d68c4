"""What to believe of times that were written down: a clock may have been ahead then."""

from __future__ import annotations

AHEAD_S = 60.0
"""Clocks are set by seconds all the time; what is dated further ahead is of one that was wrong."""


def believed(time: float, now: float) -> float:
    """A Unix time, or 0, older than all others, where only a clock that was ahead can have told it.

    >>> believed(100.0, now=90.0), believed(1000.0, now=90.0)
    (100.0, 0.0)
    """
    return time if time <= now + AHEAD_S else 0.0

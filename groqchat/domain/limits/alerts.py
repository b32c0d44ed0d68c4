"""Alerts at marks of use: each of 50, 80 and 95 percent is reported once."""

from __future__ import annotations

MARKS = (50, 80, 95)
"""The percentages that are worth saying."""
# What refills is spoken of again only when it had fallen below this share.
REARMED_BELOW = 0.25


class Alerts:
    """The mark that was reported last, for each limit."""

    def __init__(self) -> None:
        self._said: dict[object, int] = {}

    def passed_mark(self, key: object, share: float, *, refills: bool = True) -> int | None:
        """The mark that was passed since the last call, in percent; None if there is none.

        Args:
            key: Names the limit; its first call reports nothing.
            share: The used part of the limit, from 0 to 1 and beyond.
            refills: Report the marks again once the limit has refilled.
        """
        mark = max((mark for mark in MARKS if share * 100 >= mark), default=0)
        said = self._said.setdefault(key, mark)
        if refills and share < REARMED_BELOW:
            self._said[key] = 0
        if mark <= said:
            return None
        self._said[key] = mark
        return mark

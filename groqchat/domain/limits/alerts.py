"""Says once when half, four fifths and nearly all of something is used."""

from __future__ import annotations

MARKS = (50, 80, 95)
"""The percentages that are worth saying."""
# What refills is spoken of again only when it had fallen below this share.
REARMED_BELOW = 0.25


class Alerts:
    """Remembers for each limit which mark was said last."""

    def __init__(self) -> None:
        self._said: dict[object, int] = {}

    def risen(self, key: object, share: float, *, refills: bool = True) -> int | None:
        """The mark that was passed since the last look; None for no news.

        Args:
            key: Whose share; what is looked at first is no news.
            share: How much of it is used, from 0 to 1 and beyond.
            refills: Whether it is spoken of again once it has refilled.
        """
        mark = max((mark for mark in MARKS if share * 100 >= mark), default=0)
        said = self._said.setdefault(key, mark)
        if refills and share < REARMED_BELOW:
            self._said[key] = 0
        if mark <= said:
            return None
        self._said[key] = mark
        return mark

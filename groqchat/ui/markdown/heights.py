"""Many heights above one another: where each begins, and which one is at a given row."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Heights:
    """A growing list of heights with their running sums (a Fenwick tree).

    Every step takes time logarithmic in the number of heights.
    """

    def __init__(self, heights: Iterable[int] = ()) -> None:
        self._heights = list(heights)
        tops = [*accumulate(self._heights, initial=0)]
        self.total = tops[-1]
        # [i] sums the (i & -i) heights that end with the i-th
        self._sums = [top - tops[at & (at - 1)] for at, top in enumerate(tops)]

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, index: int) -> int:
        return self._heights[index]

    def __setitem__(self, index: int, height: int) -> None:
        change = height - self._heights[index]
        self._heights[index] = height
        self.total += change
        at = index + 1
        while at < len(self._sums):
            self._sums[at] += change
            at += at & -at

    def append(self, height: int) -> None:
        """Add a height below all others."""
        self._heights.append(height)
        self.total += height
        at = len(self._heights)
        covered = height
        step = 1
        while step < at & -at:
            covered += self._sums[at - step]
            step *= 2
        self._sums.append(covered)

    def pop(self) -> None:
        """Take away the lowest height."""
        self.total -= self._heights.pop()
        self._sums.pop()

    def top(self, index: int) -> int:
        """The row at which a height begins; that of ``len(heights)`` is the total."""
        row = 0
        while index:
            row += self._sums[index]
            index -= index & -index
        return row

    def find(self, row: int) -> int:
        """The index of the height that covers a row; the last one's for rows below them all."""
        index, step = 0, 1 << len(self._heights).bit_length()
        while step:
            following = index + step
            if following < len(self._sums) and self._sums[following] <= row:
                index = following
                row -= self._sums[following]
            step //= 2
        return min(index, len(self._heights) - 1)

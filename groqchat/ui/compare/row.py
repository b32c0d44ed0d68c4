"""The columns of a comparison beside each other, as many as fit, the rest a scroll away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import HorizontalScroll

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.ui.compare.column import CompareColumn

NARROWEST_COLUMN = 38


class CompareRow(HorizontalScroll, can_focus=False):
    """Shows whole columns only.

    Args:
        columns: All of them.
    """

    DEFAULT_CSS = """
    CompareRow { height: 1fr; scrollbar-size-horizontal: 1; }
    """

    def __init__(self, columns: Sequence[CompareColumn]) -> None:
        super().__init__(*columns, id="columns")
        self._columns = columns
        self._fitting = 1

    def fit(self, width: int) -> None:
        """Give the columns so many cells in all that are in sight."""
        self._fitting = max(1, min(len(self._columns), width // NARROWEST_COLUMN))
        for at, column in enumerate(self._columns):
            is_wider = at % self._fitting < width % self._fitting
            column.styles.width = width // self._fitting + is_wider

    def bring_into_view(self, number: int) -> None:
        """Scroll just so far that a column is in sight, and none in part."""
        starts = [column.virtual_region.x for column in self._columns]
        nearest = min(range(len(starts)), key=lambda at: abs(starts[at] - self.scroll_x))
        first = min(nearest, number, len(starts) - self._fitting)
        first = max(first, number - self._fitting + 1)
        self.scroll_to(x=starts[first], animate=False)

"""The row of columns of a comparison, which scrolls sideways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import HorizontalScroll

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.ui.compare.column import CompareColumn

NARROWEST_COLUMN = 38


class CompareRow(HorizontalScroll, can_focus=False):
    """The columns side by side, as many as fit; none is shown in part.

    Args:
        columns: All columns.
    """

    DEFAULT_CSS = """
    CompareRow { height: 1fr; scrollbar-size-horizontal: 1; }
    """

    def __init__(self, columns: Sequence[CompareColumn]) -> None:
        super().__init__(*columns, id="columns")
        self._columns = columns
        self._fitting = 1

    def fit(self, width: int) -> None:
        """Divide a width in cells between the columns that fit."""
        self._fitting = max(1, min(len(self._columns), width // NARROWEST_COLUMN))
        for at, column in enumerate(self._columns):
            is_wider = at % self._fitting < width % self._fitting
            column.styles.width = width // self._fitting + is_wider

    def bring_into_view(self, number: int) -> None:
        """Scroll as little as needed until the column with a number is in sight."""
        starts = [column.virtual_region.x for column in self._columns]
        nearest = min(range(len(starts)), key=lambda at: abs(starts[at] - self.scroll_x))
        first = min(nearest, number, len(starts) - self._fitting)
        first = max(first, number - self._fitting + 1)
        self.scroll_to(x=starts[first], animate=False)

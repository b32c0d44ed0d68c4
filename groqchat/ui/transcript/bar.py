"""A scrollbar that costs next to nothing to paint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip

if TYPE_CHECKING:
    from textual.geometry import Region


_PARTS = 8
"""Steps in which a thumb can move within a cell."""


class Bar(ScrollBar):
    """A vertical scrollbar, put together from the few kinds of cells that it has.

    Textual's own way renders each of its rows as if it were text, which takes longer than all of
    the text beside it.
    """

    _thumb = 0, 0  # where the thumb is shown, in parts of cells

    def fit(self, top: float, height: int, total: int) -> None:
        """Show which rows are in sight; painted only where that changes what is seen.

        Args:
            top: The first row in sight.
            height: Rows in sight.
            total: Rows there are.
        """
        self.set_reactive(ScrollBar.position, top)
        self.set_reactive(ScrollBar.window_virtual_size, total)
        self.set_reactive(ScrollBar.window_size, height)
        length = max(1.0, height * height / max(1, total))
        start = (height - length) * top / max(1, total - height)
        thumb = round(start * _PARTS), round(length * _PARTS)
        if thumb != self._thumb:
            self._thumb = thumb
            self.refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paint, with the look and the clickable parts of any scrollbar."""
        filters, background = self.get_line_filters(), self.background_colors[1]
        strips: dict[int, Strip] = {}
        cells, base = self._cells(), self.rich_style
        for cell in cells:
            if id(cell) not in strips:
                strip = Strip([Segment(cell.text, base + cell.style)])
                for line_filter in filters:
                    strip = strip.apply_filter(line_filter, background)
                strips[id(cell)] = strip
        # It may be shorter already than where it is looked for, until the next layout.
        return [strips[id(cell)] for cell in cells[slice(*crop.line_span)]]

    def _cells(self) -> list[Segment]:
        bar = self.render()
        if not isinstance(bar, ScrollBarRender):
            raise TypeError(bar)
        style = self.app.console.get_style(bar.style)
        colours = {"back_color": style.bgcolor, "bar_color": style.color}
        return bar.render_bar(
            self.size.height,
            bar.virtual_size,
            bar.window_size,
            bar.position,
            bar.thickness,
            **{name: colour for name, colour in colours.items() if colour is not None},  # type: ignore[arg-type]  # both are colours
        ).segments

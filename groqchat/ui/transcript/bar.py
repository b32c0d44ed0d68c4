"""A scrollbar that costs next to nothing to paint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip

if TYPE_CHECKING:
    from textual.geometry import Region


class Bar(ScrollBar):
    """A vertical scrollbar, put together from the few kinds of cells that it has.

    Textual's own way renders each of its rows as if it were text, which takes longer than all of
    the text beside it.
    """

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

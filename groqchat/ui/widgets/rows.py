"""Rows of text of which those that change are painted again, and no others."""

from __future__ import annotations

from itertools import chain
from typing import ClassVar

from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class Rows(Widget):
    """A widget as high as it has rows; a subclass says what they are, and when to look again."""

    ALLOW_SELECT: ClassVar[bool] = False

    def __init__(self, *, id: str | None = None) -> None:
        self._rows: list[Content] = []  # empty: to be made again
        self._height = 0  # as it was laid out
        super().__init__(id=id)

    def made_rows(self) -> list[Content]:
        """The rows to be shown now; those longer than :attr:`row_width` cells are wrapped."""
        raise NotImplementedError

    def _whole_rows(self) -> list[Content]:
        width = self.row_width
        rows = ((row,) if row.cell_length <= width else row.wrap(width) for row in self.made_rows())
        return list(chain.from_iterable(rows))

    @property
    def row_width(self) -> int:
        """The width of a row in cells."""
        return max(8, self.content_size.width)

    def renew(self) -> None:
        """Show what there is to show now; another number of rows moves what is around them."""
        if not self.size:  # not laid out yet, perhaps without a style: rows are made when it is
            self._rows = []
            self.refresh(layout=True)
            return
        before, self._rows = self._rows, self._whole_rows()
        if len(self._rows) != self._height:
            self.refresh(layout=True)
        elif not before:
            self.refresh()
        else:
            self._refresh_changed(before)

    def _refresh_changed(self, before: list[Content]) -> None:
        width = self.content_size.width
        for y, (old, new) in enumerate(zip(before, self._rows, strict=False)):
            # Contents are equal by their text alone; a bar may only change its colour.
            if (old.plain, old.spans) != (new.plain, new.spans):
                self.refresh(Region(0, y, width, 1))

    def on_resize(self) -> None:
        """Rows are as wide as the widget."""
        self.renew()

    def notify_style_update(self) -> None:
        """Another theme, other colours."""
        self._rows = []
        super().notify_style_update()

    def get_content_height(self, *_: object) -> int:
        """The number of rows."""
        self._height = len(self._rows or self._whole_rows())
        return self._height

    def render(self) -> Content:
        """The rows as one text."""
        return Content("\n").join(self.made_rows())

    def render_line(self, y: int) -> Strip:
        """A row, with its present content."""
        if not self._rows:
            self._rows = self._whole_rows()
        row = self._rows[y] if y < len(self._rows) else Content("")
        strip = Strip(row.render_segments(self.visual_style), row.cell_length)
        return strip.adjust_cell_length(self.content_size.width, self.rich_style)

"""Rows of text of which those that change are painted again, and no others."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

if TYPE_CHECKING:
    from textual.style import Style


class Rows(Widget):
    """A widget as high as it has rows; a subclass says what they are, and when to look again.

    Styles and width are kept: rows are made several times in a turn, and Textual finds out both
    anew for each word.
    """

    ALLOW_SELECT: ClassVar[bool] = False

    def __init__(self, *, id: str | None = None) -> None:
        self._rows: list[Content] = []  # empty: to be made again
        self._height = 0  # as it was laid out
        self._styles: dict[str, Style] = {}  # by component classes
        self._width = 0
        super().__init__(id=id)

    def made_rows(self) -> list[Content]:
        """The rows to be shown now; those longer than :attr:`row_width` cells are wrapped."""
        raise NotImplementedError

    def styled(self, component: str, text: str) -> Content:
        """A text in the style of a component class; without one, in that of the widget."""
        if not component:
            return Content(text)
        if component not in self._styles:
            self._styles[component] = self.get_visual_style(component, partial=True)
        return Content.styled(text, self._styles[component])

    def _whole_rows(self) -> list[Content]:
        self._width = 0
        width = self.row_width
        rows = ((row,) if row.cell_length <= width else row.wrap(width) for row in self.made_rows())
        return list(chain.from_iterable(rows))

    @property
    def row_width(self) -> int:
        """The width of a row in cells."""
        if not self._width:
            self._width = max(8, self.content_size.width)
        return self._width

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
        rows = enumerate(zip(before, self._rows, strict=False))
        # Contents are equal by their text alone; a bar may only change its colour.
        changed = [y for y, (old, new) in rows if (old.plain, old.spans) != (new.plain, new.spans)]
        if changed:  # at once, since each region costs more than some rows between them
            first, last = changed[0], changed[-1]
            self.refresh(Region(0, first, self.content_size.width, last + 1 - first))

    def on_resize(self) -> None:
        """Rows are as wide as the widget."""
        self.renew()

    def notify_style_update(self) -> None:
        """Another theme, other colours."""
        self._rows = []
        self._styles.clear()
        super().notify_style_update()

    def get_content_height(self, *_: object) -> int:
        """The number of rows."""
        self._height = len(self._rows or self._whole_rows())
        return self._height

    def render(self) -> Content:
        """The rows as one text."""
        self._width = 0
        return Content("\n").join(self.made_rows())

    def render_line(self, y: int) -> Strip:
        """A row, with its present content."""
        if not self._rows:
            self._rows = self._whole_rows()
        row = self._rows[y] if y < len(self._rows) else Content("")
        style = self.visual_style
        strip = Strip(row.render_segments(style), row.cell_length)
        return strip.adjust_cell_length(self.content_size.width, style.rich_style)

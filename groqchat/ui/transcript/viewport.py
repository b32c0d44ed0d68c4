"""A viewport on a virtual list of entries: scrolls, follows the end, paints what is visible."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar

from textual.geometry import Region, Size
from textual.widget import Widget

from groqchat.ui.markdown.lexers import LEXERS
from groqchat.ui.terminal.textual_internals import EarlySize
from groqchat.ui.transcript.bar import Bar
from groqchat.ui.transcript.painter import GUTTER, MARGIN, Marks, Painter
from groqchat.ui.transcript.search import Search
from groqchat.ui.transcript.selection import extract, laid_out, line_number
from groqchat.ui.transcript.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.scrollbar import ScrollBar
    from textual.selection import Selection
    from textual.strip import Strip
    from textual.theme import Theme

    from groqchat.ui.transcript.entry_layout import Row
    from groqchat.ui.transcript.virtual_list import Shown

_TURNS = 4
"""How often laying out the end may show that the end is elsewhere."""


class Viewport(EarlySize):
    """Shows a virtual list of entries."""

    FOCUS_ON_CLICK: ClassVar[bool] = False
    ALLOW_SELECT: ClassVar[bool] = True
    DEFAULT_CSS: ClassVar[str] = """
    Viewport {
        background: $background;
        color: $foreground;
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.virtual_list = VirtualList()
        self.search = Search("")
        self.is_following = True
        """Whether the view goes along when text is added at the end."""
        self.is_news_below = False
        self._is_refitting = False
        self._is_due = False  # whether it was told something while it was out of sight
        self._goal: str | None = None  # the entry to be shown then
        self._painter: Painter | None = None
        self._lexer_is_there: Callable[[], None] = lambda: None
        self._painted: dict[int, Row] = {}  # by rows of the viewport
        self._painted_top = 0  # which row of the virtual list was painted at the top

    def make_scrollbar(self) -> ScrollBar:
        """The scroll bar that costs next to nothing to paint."""
        return Bar(name="vertical", thickness=1)

    # Where things are

    @property
    def window(self) -> Size:
        """The cells there are to paint on."""
        return self.scrollable_content_region.size

    @property
    def current_id(self) -> str | None:
        """The entry that is to be highlighted."""
        return None

    def row_at(self, y: int) -> Shown | None:
        """The row of the list at a row of the viewport; None below the last entry."""
        shown = next(self._rows(y, y + 1))
        return shown if shown.number < len(self.virtual_list.entries) else None

    def _rows(self, top: int, bottom: int) -> Iterator[Shown]:
        """The rows of the list between two rows of the viewport."""
        first = self.scroll_offset.y
        return self.virtual_list.rows(first + top, first + bottom)

    # Keeping layout, scrollbar and position true to each other

    def refit(self) -> None:
        """Lay out what is near the viewport, without moving what is read; out of sight, later."""
        height = self.window.height
        self._is_due = not height
        if self._is_due:
            return
        top = self.scroll_offset.y
        for _ in range(_TURNS):
            if self.is_following:
                top = max(0, self.virtual_list.height - height)
            before = self.virtual_list.height
            top += self.virtual_list.settle(top - height, top + 2 * height, top)
            if self.virtual_list.height == before:
                break
        if self.is_following:
            top = max(0, self.virtual_list.height - height)
            self.is_news_below = False
        self._place(top)
        self.refitted()

    def refitted(self) -> None:
        """Hook for subclasses: the layout near the viewport has changed."""

    @contextmanager
    def keeping_place(self) -> Iterator[None]:
        """Change the virtual list; the row at the top stays there, or the end in sight."""
        spot = None if self.is_following else self.virtual_list.locate(self.scroll_offset.y)
        yield
        if spot is not None:
            self._place(self.virtual_list.row_of(spot))
        self.refit()
        self._refresh_changed()

    def show_row(self, index: int, row: int = 0) -> None:
        """Scroll just so far that a row of an entry can be seen."""
        at = self.virtual_list.top(index) + row
        top, height = self.scroll_offset.y, self.window.height
        if at < top:
            self.scroll_to(y=max(0, at), animate=False)
        elif at >= top + height:
            self.scroll_to(y=at - max(1, height * 2 // 3), animate=False)

    def show_entry(self, index: int) -> None:
        """Scroll so that an entry can be seen, its beginning at least; out of sight, later."""
        height = self.window.height
        if not height:
            self._goal = self.virtual_list.entries.ids[index]
            return
        self.virtual_list.settle(
            top := self.virtual_list.top(index), top + height, self.scroll_offset.y
        )
        bottom, shown = top + self.virtual_list.layout(index).height, self.scroll_offset.y
        if top < shown or bottom - top > height:
            self.scroll_to(y=top, animate=False)
        elif bottom > shown + height:
            self.scroll_to(y=bottom - height, animate=False)

    def follow(self) -> None:
        """Go to the end and stay there."""
        self.is_following, self._goal = True, None
        self.refit()
        self.refresh()

    def note_news(self) -> None:
        """Text was added at the end."""
        if not self.is_following and not self.is_news_below:
            self.is_news_below = True
            self.refresh(Region(0, self.window.height - 1, self.window.width, 1))

    def _place(self, top: int) -> None:
        """Go to a row; tell the scrollbar how many there are."""
        self._is_refitting = True
        size = Size(self.window.width, self.virtual_list.height)
        # Not by assignment: that would lay out the whole screen again, for nothing.
        self.set_reactive(Widget.virtual_size, size)
        if self.scroll_y != top:
            self.scroll_to(y=top, animate=False, force=True)
        if isinstance(bar := self.vertical_scrollbar, Bar):
            bar.fit(self.scroll_y, self.window.height, self.virtual_list.height)
        self._is_refitting = False

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Lay out what comes into view; the end is followed from when it is reached."""
        if round(old_value) == round(new_value):
            return
        self.refresh(self.size.region)
        if not self._is_refitting:
            self.is_following = self.scroll_offset.y >= self.max_scroll_y
            self.refit()

    def sized(self, *, is_other: bool) -> None:
        """Wrap again for another size; paint what was told while there was no room to."""
        was_due = self._is_due
        if is_other or was_due:
            width = max(1, self.window.width - GUTTER - MARGIN)
            spot = None if self.is_following else self.virtual_list.locate(self.scroll_offset.y)
            if width != self.virtual_list.width:
                self.virtual_list.resize(width)
            if spot is not None:
                self._place(self.virtual_list.row_of(spot))
            self.refit()
        if not was_due or self._is_due:
            return
        self.refresh()
        goal, self._goal = self._goal, None
        if goal is not None and goal in self.virtual_list:
            self.show_entry(self.virtual_list.index(goal))

    # Painting

    def on_mount(self) -> None:
        """Take the colours of the theme, also of the next one, and those of code as they come."""

        def repaint(_theme: Theme) -> None:
            self._painter = None
            self.refresh()

        def lay_again() -> None:
            with self.keeping_place():
                self.virtual_list.lay_again()

        def lexer_is_there() -> None:
            self.call_later(lay_again)

        self.app.theme_changed_signal.subscribe(self, repaint)
        self._lexer_is_there = lexer_is_there
        LEXERS.listen(lexer_is_there)

    def on_unmount(self) -> None:
        """Stop listening for lexers."""
        LEXERS.ignore(self._lexer_is_there)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paint visible rows, straight from the painter's memory.

        Textual's own way caches rows by their place on the screen, where each scrolled line is
        another; it also draws borders, of which there must be none.
        """
        width, (top, bottom) = self.window.width, crop.line_span
        self._painted_top = self.scroll_offset.y
        shown = list(self._rows(top, bottom))
        self._painted.update(zip(crop.line_range, [each.row for each in shown], strict=True))
        strips = self._strips(shown, bottom)
        if crop.column_span != (0, width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def render_line(self, y: int) -> Strip:
        """A row of the viewport with what a mouse selection needs to know of it."""
        (shown,) = self._rows(y, y + 1)
        (strip,) = self._strips([shown], y + 1)
        return strip.apply_offsets(-GUTTER, line_number(shown.number, shown.at))

    @property
    def _brush(self) -> Painter:
        """The painter, made when it is first asked for."""
        if self._painter is None:
            self._painter = Painter(
                self.app.theme_variables, self.get_line_filters(), self.background_colors[1]
            )
        return self._painter

    def _strips(self, shown: list[Shown], bottom: int) -> list[Strip]:
        """The strips of what is shown above a row of the viewport."""
        ids, (width, height) = self.virtual_list.entries.ids, self.window
        marks = Marks(ids, self.current_id, self.search, self.text_selection)
        strips = self._brush.strips(shown, marks, width)
        if self.is_news_below and bottom == height:
            strips[-1] = self._brush.with_chip(strips[-1], width)
        return strips

    def _refresh_changed(self) -> None:
        """Paint again the rows that show another line than when they were painted last."""
        if self.scroll_offset.y != self._painted_top:
            return  # all of them are painted again already
        width, height = self.window
        rows = enumerate(self._rows(0, height))
        changed = [y for y, shown in rows if self._painted.get(y) != shown.row]
        if changed:
            first, last = changed[0], changed[-1]
            self.refresh(Region(0, first, width, last + 1 - first))

    # Selection by mouse

    @property
    def allow_select(self) -> bool:
        """Whether text can be selected; Textual says no for whatever scrolls."""
        return True

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected text as it stands in the source, and what ends it."""
        with self.keeping_place():
            self.screen.selections[self] = selection = laid_out(self.virtual_list, selection)
            text = extract(self.virtual_list, selection)
        return text, "\n"

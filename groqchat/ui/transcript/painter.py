"""Rows of a transcript as strips: gutter, text, margin; and the chip above the last row."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.segment import Segment
from textual.cache import LRUCache
from textual.strip import Strip

from groqchat.ui.markdown.lines import Line, mark
from groqchat.ui.markdown.paint import paint
from groqchat.ui.markdown.palette import Palette
from groqchat.ui.transcript.entry_layout import NOTHING
from groqchat.ui.transcript.selection import line_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.color import Color
    from textual.filter import LineFilter
    from textual.geometry import Offset, Size
    from textual.selection import Selection

    from groqchat.ui.transcript.entry_layout import Row
    from groqchat.ui.transcript.search import Search
    from groqchat.ui.transcript.virtual_list import Shown

GUTTER = 2
"""Cells to the left of the text."""

MARGIN = 1
"""Cells to the right of it."""

CHIP = " ↓ new text below "

_STRIPS = 512


class Marks(NamedTuple):
    """Marks in the rows of a transcript.

    ``ids`` are those of all entries, ``current_id`` that with the cursor, if it is to be seen.
    """

    ids: Sequence[str]
    current_id: str | None
    search: Search
    selection: Selection | None


class Painter:
    """Paints rows in the colours of a theme; remembers the strips it painted last.

    A new line costs one strip: making one takes longer than anything that is done to its text.

    Args:
        colours: The variables of a Textual theme.
        filters: What else becomes of all that is shown.
        background: The colour behind it.
    """

    def __init__(
        self, colours: Mapping[str, str], filters: Sequence[LineFilter], background: Color
    ) -> None:
        self._filters = filters
        self._background = background
        self._palettes = {
            "text": Palette(colours),
            "user": Palette(colours, "foreground on surface"),
            "muted": Palette(colours, "foreground/60", is_muted=True),
        }
        # By identity, for lines are never changed; the line in the value keeps its id taken.
        self._strips: LRUCache[tuple[int, str, int, bool], tuple[Line, Strip]] = LRUCache(_STRIPS)

    def strips(self, shown: Sequence[Shown], marks: Marks, width: int) -> list[Strip]:
        """The strips of rows, each so many cells wide."""
        strips = []
        for number, at, row in shown:
            line, is_empty = row.line, row.line is NOTHING
            is_current = not is_empty and marks.ids[number] == marks.current_id
            if marks.search.terms and not is_empty:
                is_hit = marks.search.is_at(marks.ids[number], at)
                line = marks.search.marked(line, is_current=is_hit)
            if marks.selection is not None:
                line = self.selected(line, marks.selection.get_span(line_number(number, at)))
            if line is row.line:
                strips.append(self.strip(row, width, is_current=is_current))
            else:
                strips.append(self.fresh_strip(line, row.look, width, is_current=is_current))
        return strips

    def strip(self, row: Row, width: int, *, is_current: bool) -> Strip:
        """A row so many cells wide, gutter and margin included."""
        key = (id(row.line), row.look, width, is_current)
        if (known := self._strips.get(key)) is not None:
            return known[1]
        strip = self.fresh_strip(row.line, row.look, width, is_current=is_current)
        self._strips[key] = (row.line, strip)
        return strip

    def fresh_strip(self, line: Line, look: str, width: int, *, is_current: bool) -> Strip:
        """The strip of a line that was made for this painting and is not remembered."""
        palette = self._palettes[look]
        inner = max(0, width - GUTTER - MARGIN)
        bar = "▌ " if is_current else "▎ " if look == "user" else "  "
        style = palette["cursor" if is_current else "role.user" if look == "user" else ""]
        text = paint(line, inner, palette)
        segments = [Segment(bar, style), *text, Segment(" " * MARGIN, palette[""])]
        return self._filtered(segments, GUTTER + inner + MARGIN).crop(0, width)

    def _filtered(self, segments: list[Segment], width: int) -> Strip:
        for line_filter in self._filters:
            segments = line_filter.apply(segments, self._background)
        return Strip(segments, width)

    @staticmethod
    def selected(line: Line, span: tuple[int, int] | None) -> Line:
        """The line with what a selection covers of it marked; the same line if that is nothing."""
        if span is None:
            return line
        start, end = max(0, span[0]), len(line.text) if span[1] == -1 else span[1]
        return mark(line, start, end, "selected") if start < end else line

    def with_chip(self, strip: Strip, width: int) -> Strip:
        """The strip with the word that there is more below."""
        words = CHIP[:width]
        chip = self._filtered([Segment(words, self._palettes["text"]["chip"])], len(words))
        left = max(0, (width - len(words)) // 2)
        right = left + len(words)
        return Strip.join([strip.crop(0, left), chip, strip.crop(right, width)])


def is_chip(at: Offset, window: Size) -> bool:
    """Whether a cell of the viewport belongs to the chip, if the chip is shown."""
    left = (window.width - len(CHIP)) // 2
    return at.y == window.height - 1 and left <= at.x < left + len(CHIP)

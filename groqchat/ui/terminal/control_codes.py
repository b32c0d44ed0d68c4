"""The last gate before the terminal: no control character leaves inside a text."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from rich.segment import Segment
from rich.style import Style
from textual.filter import LineFilter

from groqchat.domain.terminals import Multiplexer, multiplexer, opens_links

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.color import Color

# C0 and C1 controls, line and paragraph separators, bidirectional marks and overrides,
# interlinear and tag characters. All of them are zero cells wide, so the layout stays.
_CONTROL: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
    "\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)


class ControlCodes(LineFilter):
    """Removes every control code point from what widgets draw.

    Content from models, servers and files is sanitised where it comes in; this one holds even
    where that was forgotten. Textual's own escape sequences are made after it.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Clean one line's segments; the usual line is returned as it is."""
        if _CONTROL.search("".join([segment.text for segment in segments])) is None:
            return segments
        return [
            segment if segment.control else Segment(_CONTROL.sub("", segment.text), segment.style)
            for segment in segments
        ]


class Upright(LineFilter):
    """Underlines what would be italic: GNU screen shows italics in reverse."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """One line's segments; the usual line is returned as it is."""
        if not any(segment.style and segment.style.italic for segment in segments):
            return segments
        return [
            Segment(segment.text, _upright(segment.style), segment.control)
            if segment.style
            else segment
            for segment in segments
        ]


class Unlinked(LineFilter):
    """Takes links (OSC 8) away: a console would print their addresses, GNU screen drops them."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """One line's segments; the usual line is returned as it is."""
        if not any(segment.style and segment.style.link for segment in segments):
            return segments
        return [
            Segment(segment.text, segment.style.update_link(None), segment.control)
            if segment.style and segment.style.link
            else segment
            for segment in segments
        ]


@lru_cache(maxsize=256)
def _upright(style: Style) -> Style:
    return style + Style(italic=False, underline=True) if style.italic else style


def line_filters(environ: Mapping[str, str]) -> list[LineFilter]:
    """The line filters that a terminal needs."""
    filters: list[LineFilter] = [ControlCodes()]
    if multiplexer(environ) is Multiplexer.SCREEN:
        filters.append(Upright())
    if not opens_links(environ):
        filters.append(Unlinked())
    return filters

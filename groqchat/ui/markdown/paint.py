"""Lines to segments: the last step, and the only one that knows colours."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style

from groqchat.domain.text.sanitize import sanitize
from groqchat.ui.markdown.lines import PIXELS

if TYPE_CHECKING:
    from groqchat.ui.markdown.lines import Line, Span
    from groqchat.ui.markdown.palette import Palette


@lru_cache(maxsize=256)
def _linked(style: Style, href: str) -> Style:
    """A style that makes the terminal open an address (OSC 8), if nothing in it could end that."""
    is_plain = href.isascii() and href.isprintable() and sanitize(href) == href
    return style.update_link(href) if is_plain else style


@lru_cache(maxsize=4096)
def _pixels(tokens: str) -> Style:
    """The style of a half block with colours of its own."""
    above, below = (None if each == "-" else f"#{each}" for each in tokens.split()[-2:])
    return Style(color=above, bgcolor=below)


def _style(span: Span, palette: Palette) -> Style:
    if span.style.startswith(PIXELS):
        return palette[""] + _pixels(span.style)
    return _linked(palette[span.style], span.href) if span.href else palette[span.style]


def paint(line: Line, width: int, palette: Palette) -> list[Segment]:
    """A line as segments that take exactly so many cells; wide characters are never halved."""
    segments = [Segment(span.text, _style(span, palette)) for span in line.spans]
    taken = line.width
    if taken > width:
        return Segment.adjust_line_length(segments, width)
    if taken < width:
        segments.append(Segment(" " * (width - taken), palette[line.fill]))
    return segments

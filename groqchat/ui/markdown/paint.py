"""Lines to segments: the last step, and the only one that knows colours."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rich.segment import Segment

from groqchat.domain.text.sanitize import sanitize

if TYPE_CHECKING:
    from rich.style import Style

    from groqchat.ui.markdown.lines import Line
    from groqchat.ui.markdown.palette import Palette


@lru_cache(maxsize=256)
def _linked(style: Style, href: str) -> Style:
    """A style that makes the terminal open an address (OSC 8), if nothing in it could end that."""
    is_plain = href.isascii() and href.isprintable() and sanitize(href) == href
    return style.update_link(href) if is_plain else style


def paint(line: Line, width: int, palette: Palette) -> list[Segment]:
    """A line as segments that take exactly so many cells; wide characters are never halved."""
    segments = [
        Segment(
            span.text, _linked(palette[span.style], span.href) if span.href else palette[span.style]
        )
        for span in line.spans
    ]
    taken = line.width
    if taken > width:
        return Segment.adjust_line_length(segments, width)
    if taken < width:
        segments.append(Segment(" " * (width - taken), palette[line.fill]))
    return segments

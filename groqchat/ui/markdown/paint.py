"""Lines to strips: the last step, and the only one that knows colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.strip import Strip

if TYPE_CHECKING:
    from groqchat.ui.markdown.lines import Line
    from groqchat.ui.markdown.palette import Palette


def paint(line: Line, width: int, palette: Palette) -> Strip:
    """A line as a strip exactly so many cells wide; wide characters are never halved."""
    segments = [Segment(span.text, palette[span.style]) for span in line.spans]
    taken = line.width
    if taken < width:
        segments.append(Segment(" " * (width - taken), palette[line.fill]))
    strip = Strip(segments, max(taken, width))
    return strip if taken <= width else strip.crop(0, width)

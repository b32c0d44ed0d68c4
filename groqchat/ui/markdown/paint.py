"""Lines to segments: the last step, and the only one that knows colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment

if TYPE_CHECKING:
    from groqchat.ui.markdown.lines import Line
    from groqchat.ui.markdown.palette import Palette


def paint(line: Line, width: int, palette: Palette) -> list[Segment]:
    """A line as segments that take exactly so many cells; wide characters are never halved."""
    segments = [Segment(span.text, palette[span.style]) for span in line.spans]
    taken = line.width
    if taken > width:
        return Segment.adjust_line_length(segments, width)
    if taken < width:
        segments.append(Segment(" " * (width - taken), palette[line.fill]))
    return segments

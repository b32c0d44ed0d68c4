"""What a mouse selection covers: Textual's offsets to rows of entries, and their text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.selection import Selection

    from groqchat.ui.markdown.lines import Line
    from groqchat.ui.widgets.transcript.roll import Roll

_ROWS = 1 << 20


def line_number(index: int, row: int) -> int:
    """The y offset told to Textual for a row of an entry: stays when entries above grow."""
    return index * _ROWS + row


def extract(roll: Roll, selection: Selection) -> str:
    """The text under a selection: no decoration, no line breaks but those of the source."""
    pieces: list[str] = []
    for number, line in _covered(roll, selection):
        start, end = selection.get_span(number) or (0, 0)
        pieces.append(line.copied(max(0, start), None if end == -1 else max(0, end)))
        pieces.append(line.join)
    return "".join(pieces[:-1])


def _covered(roll: Roll, selection: Selection) -> Iterator[tuple[int, Line]]:
    """The selected lines with their numbers; of all there is, the entries that have a text."""
    first, last = 0, line_number(len(roll.entries), 0) - 1
    if selection.start is not None:
        first = selection.start.y
    if selection.end is not None:
        last = selection.end.y
    for index in range(first // _ROWS, min(len(roll.entries), last // _ROWS + 1)):
        if roll.entries[index].is_stub:
            continue
        for at, row in enumerate(roll.sheet(index).all_rows):
            if first <= line_number(index, at) <= last:
                yield line_number(index, at), row.line

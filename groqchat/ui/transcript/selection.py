"""Mouse selections: Textual's offsets as rows of entries, and the text of those."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Offset
from textual.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from groqchat.ui.markdown.lines import Line
    from groqchat.ui.transcript.entry_layout import Place
    from groqchat.ui.transcript.virtual_list import VirtualList

_ROWS = 1 << 20


def line_number(index: int, row: int) -> int:
    """The y offset told to Textual for a row of an entry: stays when entries above grow."""
    return index * _ROWS + row


def laid_out(virtual_list: VirtualList, selection: Selection) -> Selection:
    """The selection where all that it begins and ends in is laid out: rows were guessed before."""
    # Both places are taken down before anything moves.
    places = [(at, _place(virtual_list, at)) for at in selection]
    return Selection(*[_offset(virtual_list, at, place) for at, place in places])


def _place(virtual_list: VirtualList, at: Offset | None) -> Place | None:
    """The place at an offset; None for no offset, or where the text is not known."""
    index, row = divmod(at.y, _ROWS) if at else (len(virtual_list.entries), 0)
    if index >= len(virtual_list.entries) or virtual_list.entries[index].is_stub:
        return None
    return virtual_list.layout(index).locate(row)


def _offset(virtual_list: VirtualList, at: Offset | None, place: Place | None) -> Offset | None:
    if at is None or place is None:
        return at
    index = at.y // _ROWS
    virtual_list.all_rows(index)
    return Offset(at.x, line_number(index, virtual_list.layout(index).row_of(place)))


def extract(virtual_list: VirtualList, selection: Selection) -> str:
    """The text under a selection that is laid out.

    No decoration is in it, and no line breaks but those of the source.
    """
    pieces: list[str] = []
    for number, line in _covered(virtual_list, selection):
        start, end = selection.get_span(number) or (0, 0)
        last = None if end == -1 else max(0, end)
        pieces.append(line.copied(max(0, start), last, is_first=not pieces))
        pieces.append(line.join)
    return "".join(pieces[:-1])


def _covered(virtual_list: VirtualList, selection: Selection) -> Iterator[tuple[int, Line]]:
    """The selected lines with their numbers; of all there is, the entries that have a text."""
    first, last = 0, line_number(len(virtual_list.entries), 0) - 1
    if selection.start is not None:
        first = selection.start.y
    if selection.end is not None:
        last = selection.end.y
    for index in range(first // _ROWS, min(len(virtual_list.entries), last // _ROWS + 1)):
        if virtual_list.entries[index].is_stub:
            continue
        for at, row in enumerate(virtual_list.all_rows(index)):
            if first <= line_number(index, at) <= last:
                yield line_number(index, at), row.line

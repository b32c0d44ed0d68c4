"""Line breaking: between words, never inside a character."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len, split_graphemes

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS = re.compile(
    r"[ \t]+"
    # East Asian text breaks between any two characters; marks and closing punctuation stay.
    r"|[\u1100-\u11ff\u2e80-\u303f\u3040-\ua4cf\uac00-\ud7af\uf900-\ufaff\uff00-\uff60]"
    r"[\u0300-\u036f\u3099\u309a\ufe00-\ufe0f、。，．：；！？）」』】〉》]*"
    r"|[^ \t\u1100-\u11ff\u2e80-\u303f\u3040-\ua4cf\uac00-\ud7af\uf900-\ufaff\uff00-\uff60]+"
)


class Row(NamedTuple):
    """A row as character offsets; `next` is where the following row begins.

    What lies between `end` and `next` was swallowed by the break (blanks at a text's end too).
    """

    start: int
    end: int
    next: int


def wrap(text: str, width: int) -> list[Row]:
    """Break text at newlines and, where a line is too wide, between words.

    Greedy and from the left, so all rows but the last stay when text is appended.

    Args:
        text: No tabs or controls but newlines.
        width: Cells; at least 1.

    Returns:
        At least one row.
    """
    return [row for start, end in _hard_lines(text) for row in _wrap_line(text, start, end, width)]


def chop(text: str, width: int) -> list[Row]:
    """Break one line of text at exactly the width (code, where each space counts)."""
    if not text:
        return [Row(0, 0, 0)]
    if text.isascii():
        return [
            Row(at, min(at + width, len(text)), min(at + width, len(text)))
            for at in range(0, len(text), width)
        ]
    return [Row(start, end, end) for start, end in _fill(text, 0, len(text), width)]


def _hard_lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while (end := text.find("\n", start)) != -1:
        yield start, end
        start = end + 1
    yield start, len(text)


def _wrap_line(text: str, start: int, end: int, width: int) -> list[Row]:
    line = text[start:end].rstrip(" ")
    after = end + 1 if end < len(text) else end
    if (len(line) <= width and line.isascii()) or cell_len(line) <= width:
        return [Row(start, start + len(line), after)]
    rows = _ascii_rows(line, width) if line.isascii() else _word_rows(line, width)
    last = rows.pop()
    placed = [Row(start + row.start, start + row.end, start + row.next) for row in rows]
    return [*placed, Row(start + last.start, start + last.end, after)]


def _ascii_rows(line: str, width: int) -> list[Row]:
    rows: list[Row] = []
    at = 0
    while len(line) - at > width:
        space = line.rfind(" ", at, at + width + 1)
        if space <= at or not line[at:space].strip():
            rows.append(Row(at, at + width, at + width))
            at += width
            continue
        following = space + 1
        while line[following] == " ":
            following += 1
        rows.append(Row(at, at + len(line[at:space].rstrip()), following))
        at = following
    rows.append(Row(at, len(line), len(line)))
    return rows


def _word_rows(line: str, width: int) -> list[Row]:
    rows: list[Row] = []
    start = end = used = 0  # of the row being filled; end leaves trailing blanks out
    for match in WORDS.finditer(line):
        word, (at, stop) = match[0], match.span()
        cells = cell_len(word)
        if word[0] in " \t":
            used += cells
            continue
        if used + cells > width and end > start:
            rows.append(Row(start, end, at))
            start, used = at, 0
        if used + cells > width:
            *full, (at, stop) = _fill(line, start, stop, width)
            rows.extend(Row(a, b, b) for a, b in full)
            start, used = at, cell_len(line[at:stop])
        else:
            used += cells
        end = stop
    rows.append(Row(start, len(line), len(line)))
    return rows


def _fill(text: str, start: int, end: int, width: int) -> list[tuple[int, int]]:
    """Cut a stretch into pieces of at most `width` cells, whole graphemes each."""
    pieces: list[tuple[int, int]] = []
    begin, used = start, 0
    graphemes, _cells = split_graphemes(text[start:end])
    for at, _stop, cells in graphemes:
        if used + cells > width and start + at > begin:
            pieces.append((begin, start + at))
            begin, used = start + at, 0
        used += cells
    pieces.append((begin, end))
    return pieces

"""The mark where code goes on that is longer than a row."""

from __future__ import annotations

from rich.cells import cell_len, split_graphemes

from groqchat.ui.markdown.lines import CHROME, Span, cut, plain
from groqchat.ui.markdown.wrap import WORDS

MARK = Span("↪", f"{CHROME} code.broken")
# In fewer cells the marks would take more than they tell.
_NARROWEST = 8


def marked(spans: list[Span], width: int) -> list[Span]:
    """Spans with a mark before all but the first row of code that has no blank to break at.

    Args:
        spans: Running text, in which inline code may be; marks that are there already stay.
        width: The width of a row in cells.
    """
    if width < _NARROWEST or not any(map(_is_code, spans)):
        return spans
    text, in_code = plain(spans), [flag for span in spans for flag in _flags(span)]
    places = [
        place
        for word in WORDS.finditer(text)
        if 2 * len(word[0]) > width and cell_len(word[0]) > width
        for place in _breaks(word[0], word.start(), in_code, width)
    ]
    ends = [*places, len(text)]
    pieces = [cut(spans, 0, ends[0])]
    pieces += [[MARK, *cut(spans, start, end)] for start, end in zip(places, ends[1:], strict=True)]
    return [span for piece in pieces for span in piece]


def _breaks(word: str, start: int, in_code: list[bool], width: int) -> list[int]:
    """The places of marks in a word that begins a row and is longer than the row."""
    places = []
    used = 0
    graphemes, _cells = split_graphemes(word)
    for at, _stop, cells in graphemes:
        if used + cells > width:
            used = 0
            place = start + at
            if word[at] != MARK.text and in_code[place - 1] and in_code[place]:
                places.append(place)
                used = 1
        used += cells
    return places


def _flags(span: Span) -> list[bool]:
    return [_is_code(span)] * len(span.text)


def _is_code(span: Span) -> bool:
    return "code" in span.style.split() or span == MARK

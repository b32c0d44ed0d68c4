"""Lines of styled text, not yet coloured: what layout makes and painting reads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len

if TYPE_CHECKING:
    from collections.abc import Sequence

CHROME = "chrome"
"""First token of the style of everything that is drawn around text and never copied."""
PIXELS = f"{CHROME} pixels "
"""First tokens of the style of half blocks, which have colours of their own."""


def pixels_style(above: tuple[int, int, int] | None, below: tuple[int, int, int] | None) -> str:
    """The style of a half block that shows two pixels; None is the ground."""
    return PIXELS + " ".join(
        "{:02x}{:02x}{:02x}".format(*each) if each else "-" for each in (above, below)
    )


class Span(NamedTuple):
    """A piece of a line in one style.

    `style` holds space-separated tokens that the palette resolves (``"heading.1 strong"``);
    `href` is the address a click opens, or empty; `tex` is what a copy gives of a formula, or
    empty, and `is_rest` is said of all pieces of a formula but its beginning.
    """

    text: str
    style: str = ""
    href: str = ""
    tex: str = ""
    is_rest: bool = False

    @property
    def is_chrome(self) -> bool:
        """Whether this is decoration: gutters, borders, padding."""
        return self.style.startswith(CHROME)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a laid-out text, at most as wide as asked for.

    Attributes:
        spans: What is painted, from the left.
        fill: Style of the rest of the row.
        lead: What the decoration at the left stands for in a copy (a list marker).
        join: What lies between this row and the next in the source: a newline, or what was
            swallowed where the row was wrapped.
    """

    spans: tuple[Span, ...] = ()
    fill: str = ""
    lead: str = ""
    join: str = "\n"

    @property
    def text(self) -> str:
        """The text of all spans."""
        return "".join([span.text for span in self.spans])

    @property
    def width(self) -> int:
        """Cells taken, without the fill."""
        return sum([cell_len(span.text) for span in self.spans])

    def href_at(self, cell: int) -> str:
        """The address under a cell, or nothing."""
        left = 0
        for span in self.spans:
            right = left + cell_len(span.text)
            if left <= cell < right:
                return span.href
            left = right
        return ""

    def copied(self, start: int = 0, end: int | None = None, *, is_first: bool = True) -> str:
        """The text between two character offsets, without decoration.

        Columns (text with decoration between) are told apart by a tab. Of a formula all is copied,
        as TeX; what is left of it in the next line only where that `is_first` in the copy.
        """
        end = len(self.text) if end is None else end
        pieces: list[str] = []
        offset = 0
        parted = False
        for span in self.spans:
            piece = span.text[max(0, start - offset) : max(0, end - offset)]
            offset += len(span.text)
            if span.is_chrome:
                parted = parted or bool(pieces)
                continue
            if piece and span.tex:
                piece = span.tex if is_first or not span.is_rest else ""
            if piece:
                pieces.append(f"\t{piece}" if parted else piece)
                parted = is_first = False
        return (self.lead if start == 0 else "") + "".join(pieces)


def plain(spans: Sequence[Span]) -> str:
    """The bare text of spans."""
    return "".join([span.text for span in spans])


def cut(spans: Sequence[Span], start: int, end: int) -> list[Span]:
    """The part of spans between two character offsets."""
    kept: list[Span] = []
    offset = 0
    for span in spans:
        if offset >= end:
            break
        begin = max(0, start - offset)
        text = span.text[begin : end - offset]
        offset += len(span.text)
        if text and len(text) == len(span.text):
            kept.append(span)
        elif text:
            kept.append(
                span._replace(text=text, is_rest=bool(span.tex) and (span.is_rest or begin > 0))
            )
    return kept


def mark(line: Line, start: int, end: int, token: str) -> Line:
    """The line with one more style on what is not decoration between two character offsets."""
    marked = [
        span if span.is_chrome else span._replace(style=f"{span.style} {token}".lstrip())
        for span in cut(line.spans, start, end)
    ]
    before, after = cut(line.spans, 0, start), cut(line.spans, end, len(line.text))
    return replace(line, spans=(*before, *marked, *after))

"""Small pictures as lines of half blocks, two pixels in a cell; they stand side by side."""

from __future__ import annotations

from itertools import groupby, zip_longest
from typing import TYPE_CHECKING, NamedTuple

from groqchat.ui.markdown.lines import CHROME, Line, Span, pixels_style

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from groqchat.services.images.pixels import Pixel

    Pixels = Sequence[Sequence[Pixel]]

HALF = "▀"
_GAP = 2


class Run(NamedTuple):
    """Equal cells beside each other: the pixel above and the one below, where there are such."""

    width: int
    above: Pixel | None
    below: Pixel | None


def runs_of(pixels: Pixels) -> list[list[Run]]:
    """The rows of cells of a picture."""
    halves = iter(pixels)
    return [_runs(above, below) for above, below in zip_longest(halves, halves, fillvalue=())]


def _runs(above: Sequence[Pixel], below: Sequence[Pixel]) -> list[Run]:
    cells = zip_longest(above, below, fillvalue=None)
    return [Run(len(list(run)), *cell) for cell, run in groupby(cells)]


class PictureLines:
    """The lines of some pictures at one width.

    Args:
        pictures: The rows of pixels of each.
        width: Cells that a line may take; what is wider is cut.
    """

    def __init__(self, pictures: Sequence[Pixels], width: int) -> None:
        self.lines: list[Line] = []
        self._places: list[tuple[range, range]] = []  # rows and cells of each
        for row in _rows(pictures, width):
            self._add(row)

    def picture_at(self, row: int, cell: int) -> int | None:
        """The number of the picture under a cell, from 0."""
        found = (n for n, (rows, cells) in enumerate(self._places) if row in rows and cell in cells)
        return next(found, None)

    def _add(self, pictures: Sequence[Pixels]) -> None:
        drawn = [runs_of(pixels) for pixels in pictures]
        top, left = len(self.lines), 0
        for pixels, rows in zip(pictures, drawn, strict=True):
            right = left + _width(pixels)
            self._places.append((range(top, top + len(rows)), range(left, right)))
            left = right + _GAP
        for number in range(max(map(len, drawn))):
            spans: list[Span] = []
            for pixels, rows in zip(pictures, drawn, strict=True):
                spans += [Span(" " * _GAP, CHROME)] if spans else []
                if number < len(rows):
                    spans += (_span(run) for run in rows[number])
                else:
                    spans.append(Span(" " * _width(pixels), CHROME))
            self.lines.append(Line(tuple(spans), join=""))


def _rows(pictures: Sequence[Pixels], width: int) -> Iterator[list[Pixels]]:
    """The pictures that stand side by side, row by row."""
    row: list[Pixels] = []
    for pixels in filter(None, pictures):
        if row and sum(_width(each) + _GAP for each in row) + _width(pixels) > width:
            yield row
            row = []
        row.append(pixels)
    if row:
        yield row


def _width(pixels: Pixels) -> int:
    return len(pixels[0])


def _span(run: Run) -> Span:
    return Span(HALF * run.width, pixels_style(run.above, run.below))

"""Lay out a table: columns where they fit, a list of heads and values where they do not."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from rich.cells import cell_len

from groqchat.ui.markdown import inline
from groqchat.ui.markdown.blocks import Block, Table
from groqchat.ui.markdown.broken_code import marked
from groqchat.ui.markdown.flow import Flow
from groqchat.ui.markdown.lines import CHROME, Span, cut, plain
from groqchat.ui.markdown.table import fitted, shares
from groqchat.ui.markdown.wrap import wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from groqchat.ui.markdown.margins import Margin

_BORDER = f"{CHROME} border"
_LEAST = 4
"""Columns narrower than this on average are not readable."""


class TableFlow(Flow):
    """A table; each cell is read once, and rows move only when a column grows."""

    def __init__(self, margin: Margin) -> None:
        super().__init__(margin)
        self._source: list[str] = []  # all rows but the last
        self._cells: list[list[list[Span]]] = []  # of them
        self._wanted: list[int] = []  # widths of their columns
        self._words: list[int] = []  # and of the longest word in each
        self._widths: list[int] = []  # as laid out in `stable`
        self._laid = 0  # rows in `stable`

    def grow(self, block: Block) -> None:
        """See `Flow.grow`."""
        if not isinstance(block, Table):
            raise TypeError(block)
        columns, complete = len(block.aligns), block.lines[:-1]
        if complete[: len(self._source)] != self._source:
            self._cells, self.stable, self._laid = [], [], 0
            self._wanted = self._words = []
        self._wanted = self._wanted or [1] * columns
        self._words = self._words or [1] * columns
        for line in complete[len(self._cells) :]:
            self._cells.append(self._read(line, columns, is_head=not self._cells))
            self._wanted, self._words = self._wider(self._cells[-1])
        self._source = complete
        last = self._read(block.lines[-1], columns, is_head=not self._cells)
        self._lay(last, block.aligns)

    def _read(self, line: str, columns: int, *, is_head: bool) -> list[list[Span]]:
        style = "table.head" if is_head else ""
        return [inline.spans(cell, style) for cell in fitted(line, columns)]

    def _wider(self, row: list[list[Span]]) -> tuple[list[int], list[int]]:
        """The widths of the columns and of their longest words, with one more row."""
        texts = [plain(cell) for cell in row]
        widths = [min(cell_len(text), self.margin.width) for text in texts]
        words = [max(map(cell_len, text.split()), default=0) for text in texts]
        return list(map(max, self._wanted, widths)), list(map(max, self._words, words))

    def _lay(self, last: list[list[Span]], aligns: tuple[str, ...]) -> None:
        room = self.margin.width - 3 * (len(aligns) - 1)
        widths = shares(*self._wider(last), room) if room >= _LEAST * len(aligns) else []
        if widths != self._widths:
            self.stable, self._laid, self._widths = [], 0, widths
        heads = self._cells[0] if self._cells else last
        for number, row in enumerate(self._cells[self._laid :], self._laid):
            self.add(self.stable, self._rows(number, row, heads, aligns))
        self._laid = len(self._cells)
        self.volatile = []
        self.add(self.volatile, self._rows(self._laid, last, heads, aligns))

    def _rows(
        self,
        number: int,
        row: list[list[Span]],
        heads: list[list[Span]],
        aligns: tuple[str, ...],
    ) -> Iterator[list[Span]]:
        if not self._widths:
            yield from self._record(number, row, heads)
            return
        wrapped = [_wrapped(cell, width) for cell, width in zip(row, self._widths, strict=True)]
        for slices in zip_longest(*wrapped, fillvalue=[]):
            yield self._joined(slices, aligns)
        if number == 0:
            yield [Span("─┼─".join(["─" * width for width in self._widths]), _BORDER)]

    def _joined(self, slices: tuple[list[Span], ...], aligns: tuple[str, ...]) -> list[Span]:
        row: list[Span] = []
        for column, (spans, width, align) in enumerate(
            zip(slices, self._widths, aligns, strict=True)
        ):
            if column:
                row.append(Span(" │ ", _BORDER))
            row.extend(_aligned(spans, width, align))
        return row

    def _record(
        self, number: int, row: list[list[Span]], heads: list[list[Span]]
    ) -> Iterator[list[Span]]:
        """A row as a paragraph a cell, each after its head."""
        if number > 1:
            yield [Span("─" * self.margin.width, _BORDER)]
        for head, cell in zip(heads, row, strict=True):
            named = row is not heads and plain(head)
            spans = [*head, Span(": ", "table.head"), *cell] if named else cell
            if spans:
                yield from _wrapped(spans, self.margin.width)
        if number == 0:
            yield [Span("━" * self.margin.width, _BORDER)]


def _wrapped(cell: list[Span], width: int) -> list[list[Span]]:
    cell = marked(cell, width)
    text = plain(cell)
    return [cut(cell, row.start, row.end) for row in wrap(text, width)]


def _aligned(spans: list[Span], width: int, align: str) -> list[Span]:
    left = width - cell_len(plain(spans))
    before = {"<": 0, ">": left, "^": left // 2}[align]
    row = [Span(" " * before, CHROME)] if before > 0 else []
    row.extend(spans)
    if left > before:
        row.append(Span(" " * (left - before), CHROME))
    return row

"""Lay out one block as lines; while it grows, only what can still change is laid out again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import set_cell_size

from groqchat.domain.text.sanitize import sanitize
from groqchat.ui.markdown import blocks, highlight, inline, maths
from groqchat.ui.markdown.broken_code import MARK, marked
from groqchat.ui.markdown.lines import CHROME, Line, Span, cut, plain
from groqchat.ui.markdown.wrap import Row, chop, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from groqchat.ui.markdown.margins import Margin


class Flow:
    """The lines of one block at one width.

    Attributes:
        stable: The lines that will stay, come what may.
        volatile: The lines below them.
    """

    def __init__(self, margin: Margin) -> None:
        self.margin = margin
        self.stable: list[Line] = []
        self.volatile: list[Line] = []

    @property
    def lines(self) -> list[Line]:
        """The lines, at least one."""
        return self.stable + self.volatile

    def grow(self, block: blocks.Block) -> None:
        """Take the block as it is now: as it was before, with text appended to its source.

        A change of any other kind is right too, but costs more.
        """
        raise NotImplementedError

    def add(self, lines: list[Line], rows: Iterable[Sequence[Span]], fill: str = "") -> None:
        """Put rows below `lines`, which is `stable` or `volatile`."""
        for row in rows:
            is_first = not (self.stable or lines)
            join = "" if row and all(span.is_chrome for span in row) else "\n"
            lines.append(self.margin.line(row, is_first=is_first, fill=fill, join=join))


class TextFlow(Flow):
    """Wrapped text: paragraphs and headings, read in pieces when they are long."""

    def __init__(self, margin: Margin, style: str = "", *, is_markup: bool = True) -> None:
        super().__init__(margin)
        self._style = style
        self._is_markup = is_markup
        self._read = ""  # the source behind `stable` and `_rest`
        self._rest: list[Span] = []  # what is left of it for the row that is not full yet

    def grow(self, block: blocks.Block) -> None:
        """See `Flow.grow`."""
        source = block.source
        if box := blocks.task(block):
            source = source[len(box) + 1 :]
        if not source.startswith(self._read):
            self._read, self._rest, self.stable = "", [], []
        start = len(self._read)
        for end in inline.pieces(source, start):
            self._rest += self._spans(source[start:end])
            self._settle()
            start = end
        self._read = source[:start]
        text = marked(self._rest + self._spans(source[start:]), self.margin.width)
        self.volatile = []
        self._lay(self.volatile, text, wrap(plain(text), self.margin.width))

    def _spans(self, text: str) -> list[Span]:
        if self._is_markup:
            return inline.spans(text, self._style)
        return [Span(text.expandtabs(4), self._style)] if text else []

    def _settle(self) -> None:
        """Keep all rows but the last, which may still take more words."""
        self._rest = marked(self._rest, self.margin.width)
        text = plain(self._rest)
        *rows, last = wrap(text, self.margin.width)
        self._lay(self.stable, self._rest, rows, is_open=True)
        self._rest = cut(self._rest, last.start, len(text))

    def _lay(
        self, lines: list[Line], text: list[Span], rows: list[Row], *, is_open: bool = False
    ) -> None:
        for number, row in enumerate(rows, 1):
            is_last = number == len(rows) and not is_open
            join = "\n" if is_last else _join(text, row)
            spans = cut(text, row.start, row.end)
            is_first = not (self.stable or lines)
            lines.append(self.margin.line(spans, is_first=is_first, join=join))


class FormulaFlow(TextFlow):
    """A formula on lines of its own: as it is written until it ends, then in Unicode."""

    def grow(self, block: blocks.Block) -> None:
        """See `Flow.grow`."""
        tex = block.source
        if not maths.is_closed(tex):
            super().grow(block)
            return
        self._read, self._rest, self.stable, self.volatile = "", [], [], []
        shown = [Span(sanitize(maths.readable(tex)), self._style, tex=tex)]
        self._lay(self.volatile, shown, wrap(plain(shown), self.margin.width))


class CodeFlow(Flow):
    """A code block: a label, then the code in sections."""

    def __init__(self, margin: Margin) -> None:
        super().__init__(margin)
        self._head: list[Span] = []
        self._read: list[str] = []  # the code behind `stable`

    def grow(self, block: blocks.Block) -> None:
        """See `Flow.grow`."""
        if not isinstance(block, blocks.Code):
            raise TypeError(block)
        name = highlight.language(block.info)
        head, code = self._label(block.info, block.ordinal), block.lines
        if head != self._head or code[: len(self._read)] != self._read:
            self._head, self._read, self.stable = head, [], []
        if not self.stable:
            self.add(self.stable, [head], "code.label")
        start = len(self._read)
        for end in highlight.sections(code, start):
            self._colour(self.stable, code[start:end], name)
            start = end
        self._read = code[:start]
        self.volatile = []
        self._colour(self.volatile, code[start:], name)

    def _label(self, info: str, ordinal: int) -> list[Span]:
        """The language of the code, and at the right the number that copies it, if it has one."""
        number = f" {ordinal} " if ordinal else ""
        room = self.margin.width - len(number)
        text = " " + (info.replace("\t", " ") or "text")
        shown = set_cell_size(text, room) + number if room > 0 else number[: self.margin.width]
        return [Span(shown, f"{CHROME} code.label")]

    def _colour(self, lines: list[Line], code: Sequence[str], name: str) -> None:
        pad = Span(" ", f"{CHROME} code.text")
        for spans in map(_untabbed, highlight.colour(code, name)):
            rows = chop(plain(spans), max(1, self.margin.width - 2))
            for row in rows:
                join = "\n" if row is rows[-1] else ""
                shown = [MARK if row.start else pad, *cut(spans, row.start, row.end)]
                lines.append(self.margin.line(shown, is_first=False, fill="code.text", join=join))


class RuleFlow(Flow):
    """A thematic break."""

    def grow(self, block: blocks.Block) -> None:
        """See `Flow.grow`."""
        self.volatile = []
        self.add(self.volatile, [[Span("─" * self.margin.width, f"{CHROME} rule")]])


def _join(text: list[Span], row: Row) -> str:
    """What a break swallowed, unless it lies within a formula, which is copied whole."""
    return plain([span for span in cut(text, row.end, row.next) if not span.is_rest])


def _untabbed(spans: Sequence[Span]) -> Sequence[Span]:
    """The spans with tabs as the spaces they stand for."""
    if not any("\t" in span.text for span in spans):
        return spans
    done = ""
    kept: list[Span] = []
    for span in spans:
        text = (done + span.text).expandtabs(4)[len(done) :]
        done += text
        kept.append(span._replace(text=text))
    return kept

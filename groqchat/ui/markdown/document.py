"""A text that may still grow, and its lines at one width, laid out as far as they are looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.text.sanitize import sanitize, unfinished
from groqchat.ui.markdown import layout
from groqchat.ui.markdown.heights import Heights
from groqchat.ui.markdown.lines import Line
from groqchat.ui.markdown.margins import gap
from groqchat.ui.markdown.parser import MarkdownParser
from groqchat.ui.markdown.plain import PlainParser

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from groqchat.ui.markdown.blocks import Block
    from groqchat.ui.markdown.flow import Flow
    from groqchat.ui.markdown.plain import Parser

_EMPTY = Line()


class Document:
    """Markdown (or plain text) as lines.

    Blocks that are closed are laid out when first looked at and then kept for good; until then
    their height is a guess. The blocks that are open, nearly always one, are laid out at every
    `append`, and of them only what can still change. All that `append` does is linear in the
    text it is given, however little it is given at a time.

    Args:
        width: Cells a line may take.
        is_markup: Whether the text is Markdown.
        numbers_code: Whether code blocks show the numbers by which they are copied.
    """

    def __init__(self, width: int, *, is_markup: bool = True, numbers_code: bool = True) -> None:
        self.width = max(1, width)
        markdown = MarkdownParser(numbers_code=numbers_code)
        self._parser: Parser = markdown if is_markup else PlainParser()
        self._partial = ""  # the last line of the source, which has no newline yet
        self._raw = ""  # behind it the beginning of an escape sequence, as it came
        self._closed = 0  # how many of the blocks will not change
        self._blocks: list[Block] = []
        self._lines: list[list[Line] | None] = []  # of each block; None where not looked at
        self._heights = Heights()
        self._flows: dict[Hashable, Flow] = {}  # of the open blocks

    @property
    def height(self) -> int:
        """The number of lines, as far as known."""
        return self._heights.total

    @property
    def blocks(self) -> list[Block]:
        """The blocks of the text so far."""
        return self._blocks

    def append(self, text: str) -> None:
        """Take more of the source."""
        text = self._raw + text
        end = unfinished(text)
        text, self._raw = text[:end], text[end:]
        *complete, self._partial = (self._partial + sanitize(text)).split("\n")
        for line in complete:
            self._parser.feed(line)
        self._drop_open()
        self._take_closed()
        self._take_open()

    def resize(self, width: int) -> None:
        """Lay out at another width; nothing is read again."""
        if max(1, width) != self.width:
            self.width = max(1, width)
            self.lay_again()

    def lay_again(self) -> None:
        """Lay out all anew when it is looked at."""
        self._flows = {}
        self._lines = [None] * len(self._blocks)
        self._heights = Heights(layout.guess(block, self.width) for block in self._blocks)

    def settle(self, top: int, bottom: int, anchor: int = 0) -> int:
        """Lay out all that shows between two rows, so that `line` can be asked for them.

        Args:
            top: The first row.
            bottom: The row below the last.
            anchor: A row that is being looked at.

        Returns:
            By how many rows the text at `anchor` has moved down.
        """
        moved = 0
        index = self._heights.find(top)
        row = self._heights.top(index)
        while index < len(self._blocks) and row < bottom:
            grown = self._lay(index)
            row += self._heights[index]
            if row - grown <= anchor:
                anchor, moved = anchor + grown, moved + grown
            index += 1
        return moved

    def locate(self, row: int) -> tuple[int, int]:
        """The block a row belongs to, and its row there; for `row_of` after a resize."""
        index = self._heights.find(row)
        return index, row - self._heights.top(index) if index >= 0 else 0

    def row_of(self, block: int, row: int) -> int:
        """The row of a place that `locate` told."""
        if not 0 <= block < len(self._blocks):
            return 0
        self._lay(block)
        return self._heights.top(block) + min(row, self._heights[block] - 1)

    def between(self, top: int, bottom: int) -> Iterator[Line]:
        """The lines between two rows; empty ones where `settle` was not asked for."""
        index = self._heights.find(top)
        row = self._heights.top(index) if index >= 0 else top
        while row < bottom and 0 <= index < len(self._blocks):
            end = row + self._heights[index]
            lines = self._lines[index] or [_EMPTY] * (end - row)
            yield from lines[max(0, top - row) : bottom - row]
            row, index = end, index + 1

    def lines(self) -> list[Line]:
        """All lines."""
        for index in range(len(self._blocks)):
            self._lay(index)
        return [line for lines in self._lines for line in lines or ()]

    def _lay(self, index: int) -> int:
        """Lay out a block unless that is done; returns by how much its height was wrong."""
        if self._lines[index] is not None:
            return 0
        above = self._blocks[index - 1] if index else None
        lines = layout.lines(above, self._blocks[index], self.width)
        grown = len(lines) - self._heights[index]
        self._lines[index] = lines
        self._heights[index] = len(lines)
        return grown

    def _drop_open(self) -> None:
        while len(self._blocks) > self._closed:
            self._blocks.pop()
            self._lines.pop()
            self._heights.pop()

    def _take_closed(self) -> None:
        for block in self._parser.closed:
            is_known = block.key in self._flows
            self._push(block, self._flow_lines(block) if is_known else None)
        self._parser.closed = []
        self._closed = len(self._blocks)

    def _take_open(self) -> None:
        fork = self._parser.fork()
        if last := self._partial + sanitize(self._raw):
            for line in last.split("\n"):
                fork.feed(line)
        flows: dict[Hashable, Flow] = {}
        for block in fork.finish():
            self._push(block, self._flow_lines(block))
            flows[block.key] = self._flows[block.key]
        self._flows = flows

    def _push(self, block: Block, lines: list[Line] | None) -> None:
        self._blocks.append(block)
        self._lines.append(lines)
        self._heights.append(layout.guess(block, self.width) if lines is None else len(lines))

    def _flow_lines(self, block: Block) -> list[Line]:
        """Lay out a block that goes below all others, with what is kept from the last time."""
        above = self._blocks[-1] if self._blocks else None
        fresh = layout.flow(above, block, self.width)
        flow = self._flows.get(block.key)
        if flow is None or flow.margin != fresh.margin:
            flow = self._flows[block.key] = fresh
        flow.grow(block)
        return gap(above, block, self.width) + flow.lines

"""Read Markdown into blocks, one line at a time, by the algorithm in CommonMark's appendix."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from groqchat.ui.markdown import marks
from groqchat.ui.markdown.blocks import (
    Block,
    Code,
    Formula,
    Group,
    Heading,
    Item,
    Paragraph,
    Path,
    Quote,
    Rule,
    Table,
)
from groqchat.ui.markdown.cursor import CODE_INDENT, Cursor
from groqchat.ui.markdown.table import aligns, cells, is_delimiter

if TYPE_CHECKING:
    import re

_DEEPEST = 20
"""Containers within containers; what is nested deeper is text."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """An open container.

    `column` is how far an item's content is indented, `count` how many items a list has.
    """

    box: Quote | Group | Item
    column: int = 0
    filled: bool = False
    count: int = 0


class MarkdownParser:
    """CommonMark with tables and formulas, without HTML blocks and link definitions.

    Holds the containers that are open, outermost first, and the one leaf that is open in the
    innermost of them.
    """

    def __init__(self, *, numbers_code: bool = True) -> None:
        self.closed: list[Block] = []
        self._numbers_code = numbers_code
        self._frames: list[_Frame] = []
        self._leaf: Block | None = None
        self._fence: marks.Fence | None = None  # of the open code block, if that is fenced
        self._serial = 0
        self._codes = 0

    def fork(self) -> MarkdownParser:
        """See `plain.Parser.fork`."""
        twin = MarkdownParser(numbers_code=self._numbers_code)
        twin._frames = self._frames.copy()
        twin._fence = self._fence
        twin._serial, twin._codes = self._serial, self._codes
        if self._leaf is not None:
            twin._leaf = replace(self._leaf, lines=self._leaf.lines.copy())
        return twin

    def finish(self) -> list[Block]:
        """See `plain.Parser.finish`."""
        self._close(0)
        return self.closed

    def feed(self, line: str) -> None:
        """See `plain.Parser.feed`."""
        cursor = Cursor(line)
        matched = self._match(cursor)
        if matched == len(self._frames) and self._extend(cursor):
            return
        while marks.may_begin(cursor):
            if self._begin_leaf(cursor, matched):
                return
            if not self._begin_container(cursor, matched):
                break
            matched = len(self._frames)
        self._add_text(cursor, matched)

    # The line's place among what is open

    def _match(self, cursor: Cursor) -> int:
        """Count the open containers the line goes on with; step behind their marks."""
        for depth, frame in enumerate(self._frames):
            match frame.box:
                case Quote():
                    if cursor.indent >= CODE_INDENT or not cursor.rest.startswith(">"):
                        return depth
                    cursor.skip(1)
                    cursor.indented(1)
                case Item():
                    if not frame.filled if cursor.is_blank else cursor.indent < frame.column:
                        return depth
                    cursor.indented(frame.column)
        return len(self._frames)

    def _extend(self, cursor: Cursor) -> bool:
        """Let the open leaf take the line, where no other block can begin on it."""
        match self._leaf:
            case Code() as code if self._fence is not None:
                if self._fence.ends_at(cursor):
                    self._close_leaf()
                else:
                    cursor.indented(self._fence.indent)
                    code.lines.append(cursor.remaining)
                return True
            case Code() as code if cursor.is_blank or cursor.indent >= CODE_INDENT:
                cursor.indented(CODE_INDENT)
                code.lines.append(cursor.remaining)
                return True
            case Formula() as formula if not cursor.is_blank:
                formula.lines.append(cursor.remaining)
                if cursor.rest.rstrip().endswith(marks.FORMULA[formula.lines[0].strip()]):
                    self._close_leaf()
                return True
            case Code() | Formula():
                self._close_leaf()
            case Paragraph() | Table() if cursor.is_blank:
                self._close_leaf()
        return False

    # What begins on the line

    def _paragraph(self, matched: int) -> Paragraph | None:
        """The open paragraph, if the line stands in it and not in an outer container."""
        here = matched == len(self._frames)
        return self._leaf if here and isinstance(self._leaf, Paragraph) else None

    def _begin_leaf(self, cursor: Cursor, matched: int) -> bool:
        rest = cursor.rest
        if match := marks.ATX.match(rest):
            self._open(Heading(*self._next(matched), [marks.title(rest)], len(match[1])))
            self._close_leaf()
        elif match := marks.FENCE.match(rest):
            indent, info = cursor.indent, rest[match.end() :].strip()
            place = self._next(matched)
            self._codes += self._numbers_code
            self._open(Code(*place, [], self._codes, info))
            self._fence = marks.Fence(match[0], indent)
        elif rest.rstrip() in marks.FORMULA:
            self._open(Formula(*self._next(matched), [cursor.remaining]))
        elif self._is_below_heads(rest, matched):
            self._open_table(rest)
        elif self._is_underline(rest, matched):
            self._underline(1 if rest[0] == "=" else 2)
        elif marks.RULE.match(rest):
            self._open(Rule(*self._next(matched), [rest]))
            self._close_leaf()
        else:
            return False
        return True

    def _is_underline(self, rest: str, matched: int) -> bool:
        return self._paragraph(matched) is not None and marks.SETEXT.match(rest) is not None

    def _underline(self, level: int) -> None:
        """Make the open paragraph a heading."""
        if (leaf := self._leaf) is not None:
            self._leaf = Heading(leaf.path, leaf.serial, [leaf.source.strip()], level)
            self._close_leaf()

    def _is_below_heads(self, rest: str, matched: int) -> bool:
        paragraph = self._paragraph(matched)
        return (
            paragraph is not None
            and "|" in (heads := paragraph.lines[-1])
            and is_delimiter(rest)
            and len(cells(heads)) == len(aligns(rest))
        )

    def _open_table(self, delimiter: str) -> None:
        """Make the last line of the open paragraph the heads of a table."""
        if (leaf := self._leaf) is not None:
            heads = leaf.lines.pop()
            if not leaf.lines:
                self._leaf = None
            self._open(Table(*self._next(len(self._frames)), [heads], aligns(delimiter)))

    def _begin_container(self, cursor: Cursor, matched: int) -> bool:
        if matched >= _DEEPEST:
            return False
        if cursor.rest[0] == ">":
            self._make_room(matched)
            cursor.skip(1)
            cursor.indented(1)
            self._push(_Frame(Quote()))
            return True
        return self._begin_item(cursor, matched)

    def _begin_item(self, cursor: Cursor, matched: int) -> bool:
        match = marks.MARKER.match(cursor.rest)
        if match is None:
            return False
        interrupts = self._paragraph(matched) is not None
        if interrupts and (match[2] not in {None, "1"} or not cursor.rest[match.end() :].strip()):
            return False
        self._enter_group(match, matched)
        outer = cursor.indent
        cursor.skip(match.end())
        inner = cursor.indent if not cursor.is_blank and 1 <= cursor.indent <= CODE_INDENT else 1
        cursor.indented(inner)
        self._push_item(outer + match.end() + inner)
        return True

    def _enter_group(self, marker: re.Match[str], matched: int) -> None:
        """Make the list the marker belongs to the innermost container: the open one or a new."""
        kind = marker[1] or marker[3]
        self._close(matched)
        match self._frames:
            case [*_, _Frame(Group(kind=same))] if same == kind:
                return
        self._make_room(matched)
        self._push(_Frame(Group(kind, int(marker[2] or 0))))

    def _push_item(self, column: int) -> None:
        match self._frames:
            case [*_, _Frame(Group() as group, count=count) as frame]:
                self._frames[-1] = replace(frame, count=count + 1)
                self._push(_Frame(Item(group, group.start + count), column))

    def _add_text(self, cursor: Cursor, matched: int) -> None:
        """Take a line on which nothing begins but perhaps a paragraph or indented code."""
        leaf = self._leaf
        if cursor.is_blank:
            self._close(matched)
        elif isinstance(leaf, Paragraph):  # also one further in: a lazy continuation
            leaf.lines.append(cursor.rest)
        elif cursor.indent >= CODE_INDENT:
            place = self._next(matched)
            self._codes += self._numbers_code
            cursor.indented(CODE_INDENT)
            self._open(Code(*place, [cursor.remaining], self._codes))
        elif isinstance(leaf, Table) and matched == len(self._frames):
            leaf.lines.append(cursor.rest)
        else:
            self._open(Paragraph(*self._next(matched), [cursor.rest]))

    # What is open

    def _next(self, matched: int) -> tuple[Path, int]:
        """Close what the line does not go on with; path and serial for a new leaf there."""
        self._make_room(matched)
        self._serial += 1
        path = tuple(frame.box for frame in self._frames if not isinstance(frame.box, Group))
        return path, self._serial

    def _open(self, leaf: Block) -> None:
        self._fill()
        self._leaf = leaf
        self._fence = None

    def _push(self, frame: _Frame) -> None:
        self._fill()
        self._frames.append(frame)

    def _fill(self) -> None:
        """Note that the innermost container holds something."""
        if self._frames and not self._frames[-1].filled:
            self._frames[-1] = replace(self._frames[-1], filled=True)

    def _make_room(self, matched: int) -> None:
        """Close what a new block ends: a list holds nothing but items."""
        self._close(matched)
        if self._frames and isinstance(self._frames[-1].box, Group):
            self._frames.pop()

    def _close(self, depth: int) -> None:
        """Close the leaf and all containers further in than `depth`."""
        self._close_leaf()
        while len(self._frames) > depth:
            if not self._frames[-1].filled:  # an empty item or quote still shows its mark
                self.closed.append(Paragraph(*self._next(len(self._frames))))
            self._frames.pop()

    def _close_leaf(self) -> None:
        if (leaf := self._leaf) is None:
            return
        if isinstance(leaf, Code) and self._fence is None:
            while leaf.lines and not leaf.lines[-1].strip():
                leaf.lines.pop()
        self._leaf = None
        self._fence = None
        self.closed.append(leaf)

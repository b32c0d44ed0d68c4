"""A place in a line of Markdown, counted in characters and in columns (a tab fills up to four)."""

from __future__ import annotations

TAB = 4
CODE_INDENT = 4
"""From this indentation on nothing but code or a paragraph's continuation begins."""


class Cursor:
    """Walks one line from left to right; tabs may be taken a column at a time."""

    __slots__ = ("_owed", "column", "indent", "line", "next", "offset")

    def __init__(self, line: str) -> None:
        self.line = line
        self.offset = 0
        self.column = 0
        self._owed = 0  # columns left of a tab that was taken in part
        self.look()

    def look(self) -> None:
        """Find the next character that is no blank: its offset `next`, its distance `indent`."""
        at, column = self.offset, self.column
        if self._owed:
            at, column = at + 1, column + self._owed
        while at < len(self.line) and (character := self.line[at]) in " \t":
            column += TAB - column % TAB if character == "\t" else 1
            at += 1
        self.next, self.indent = at, column - self.column

    @property
    def is_blank(self) -> bool:
        """Whether only blanks are left."""
        return self.next >= len(self.line)

    @property
    def rest(self) -> str:
        """The rest of the line, from the next character that is no blank."""
        return self.line[self.next :]

    @property
    def remaining(self) -> str:
        """The rest of the line with blanks; a tab taken in part counts as the spaces left of it."""
        if self._owed:
            return " " * self._owed + self.line[self.offset + 1 :]
        return self.line[self.offset :]

    def skip(self, characters: int) -> None:
        """Go on from `next` by some characters that are no tabs."""
        self.column += self.indent + characters
        self.offset = self.next + characters
        self._owed = 0
        self.look()

    def indented(self, columns: int) -> None:
        """Take up to so many columns of blanks."""
        while columns > 0 and self.offset < len(self.line) and self.line[self.offset] in " \t":
            wide = 1
            if self.line[self.offset] == "\t":
                wide = self._owed or TAB - self.column % TAB
            taken = min(columns, wide)
            columns -= taken
            self.column += taken
            self._owed = wide - taken
            self.offset += not self._owed
        self.look()

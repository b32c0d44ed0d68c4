"""The protocol of parsers, and the simplest one: plain text without markup."""

from __future__ import annotations

from typing import Protocol

from groqchat.ui.markdown.blocks import Block, Plain


class Parser(Protocol):
    """Whatever makes blocks of lines."""

    closed: list[Block]
    """Blocks that no further line can change, in order."""

    def feed(self, line: str) -> None:
        """Read one more line, given without its newline."""

    def fork(self) -> Parser:
        """A parser in the same state with nothing closed yet, to try a line that may grow."""

    def finish(self) -> list[Block]:
        """Close everything; returns `closed`."""


class PlainParser:
    """Makes a block of every line, whatever it says."""

    def __init__(self, serial: int = 0) -> None:
        self.closed: list[Block] = []
        self._serial = serial

    def feed(self, line: str) -> None:
        """See `Parser.feed`."""
        self.closed.append(Plain((), self._serial, [line]))
        self._serial += 1

    def fork(self) -> PlainParser:
        """See `Parser.fork`."""
        return PlainParser(self._serial)

    def finish(self) -> list[Block]:
        """See `Parser.finish`."""
        return self.closed

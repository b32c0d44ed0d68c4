"""Lines on stdout: whole, without a control byte, each ended by LF."""

from __future__ import annotations

import threading
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import TextIOBase
from typing import TYPE_CHECKING, TextIO, cast

from groqchat.domain.text.redact import without_keys
from groqchat.domain.text.sanitize import sanitize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PROMPT = "> "
_TAB = 4
_OWN_NAME = "groqchat: "


def clean(line: str) -> str:
    r"""A line without anything that a terminal obeys or that ends a line; tabs become blanks.

    >>> clean("a\tb\x1b[31mc\r")
    'a   bc'
    """
    return sanitize(line).replace("\n", " ").expandtabs(_TAB).rstrip()


class Lines:
    """What the plain chat writes.

    A failed write is kept in ``problem``, and nothing more is written; ``failed`` is called once.

    Args:
        stream: Where lines go.
        is_terminal: Whether somebody types beside them, at a prompt.
    """

    def __init__(self, stream: TextIO, *, is_terminal: bool) -> None:
        self._stream = stream
        self._is_terminal = is_terminal
        self._lock = threading.RLock()
        self._is_asking = False
        self._part = ""
        self.problem: OSError | None = None
        self.failed: Callable[[], None] = lambda: None
        # Called when lines have pushed the prompt up.
        self.interrupted: Callable[[], None] = lambda: None

    def say(self, text: str) -> None:
        """Write what the program says: a sentence, or several lines; keys are left out."""
        self._write_lines(without_keys(text).split("\n"))

    def stream(self, text: str) -> None:
        """Write text of a model as far as it makes whole lines; the rest waits for its end."""
        *whole, self._part = (self._part + text).split("\n")
        if whole:
            self._write_lines(whole)

    def end(self) -> None:
        """Write the last line of a streamed text, if it was not ended."""
        part, self._part = self._part, ""
        if part.strip():
            self._write_lines([part])

    def ask(self) -> None:
        """Write the prompt, at which a line is typed."""
        with self._lock:
            if self._is_terminal and not self._is_asking:
                self._is_asking = True
                self._write(PROMPT)

    def typed(self, text: str) -> None:
        """Note that a line was typed: a terminal has shown it and ended it; a pipe is told so."""
        with self._lock:
            self._is_asking = False
            if not self._is_terminal:
                self._write_lines([PROMPT + without_keys(text)])

    def break_line(self) -> None:
        """End a line in which the terminal has shown ``^C``."""
        if self._is_terminal:
            with self._lock:
                self._is_asking = False
                self._write("\n")

    def end_prompt(self) -> None:
        """End the line at which nothing more will be typed."""
        with self._lock:
            if self._is_asking:
                self._is_asking = False
                self._write("\n")

    def _write_lines(self, lines: list[str]) -> None:
        with self._lock:
            was_asking = self._is_asking
            self.end_prompt()
            self._write("".join(f"{clean(line)}\n" for line in lines))
        if was_asking:
            self.interrupted()

    def _write(self, text: str) -> None:
        if self.problem is not None:
            return
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError as error:
            self.problem = error
            self.failed()

    @contextmanager
    def taking_over(self) -> Iterator[None]:
        """Have what commands print become lines here, without colours, while this lasts."""
        printed = cast("TextIO", _Printed(self))
        with redirect_stdout(printed), redirect_stderr(printed):
            yield


class _Printed(TextIOBase):
    """Takes what is printed, and writes each line once it is whole."""

    def __init__(self, lines: Lines) -> None:
        super().__init__()
        self._lines = lines
        self._part = ""

    def write(self, text: str) -> int:
        """Take a piece of text."""
        *whole, self._part = (self._part + text).split("\n")
        if whole:
            self._lines.say("\n".join(line.removeprefix(_OWN_NAME) for line in whole))
        return len(text)

    @property
    def is_heard(self) -> bool:
        """Whether a row of a table is read by itself, and so needs the names of its columns."""
        return True

    def isatty(self) -> bool:
        """Whether colours and bars may be drawn."""
        return False

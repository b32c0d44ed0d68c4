"""What is typed or piped in: line by line, and pasted lines together."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass

# The kernel hands on a line of a terminal up to this many bytes, its end included (`N_TTY_BUF_SIZE`
# of Linux), and drops the rest without a word.
LONGEST_LINE = 4_096
# Lines that come within this time of each other were pasted, in seconds.
PASTE_S = 0.03
_AT_ONCE = 65_536


@dataclass(frozen=True, slots=True)
class Typed:
    """Lines that came at once; ``is_cut``: the terminal may have dropped the end of the last."""

    lines: tuple[str, ...]
    is_cut: bool = False


class Reader:
    """Reads stdin without making anything else wait.

    A terminal is read by the event loop, so that an editor can have it meanwhile; whatever else
    stdin is, by a thread.

    Args:
        fd: The file descriptor.
        is_terminal: Whether it is a terminal.
    """

    def __init__(self, fd: int, *, is_terminal: bool) -> None:
        self._fd = fd
        self._loop = asyncio.get_running_loop()
        self._is_watched = is_terminal and sys.platform != "win32"
        self._typed: asyncio.Queue[Typed | None] = asyncio.Queue()
        self._rest = b""
        self._burst: list[str] = []
        self._flush: asyncio.TimerHandle | None = None
        self._has_ended = self._has_begun = False
        self._woken = asyncio.Event()

    def start(self) -> None:
        """Read from now on."""
        self._woken.clear()
        if self._is_watched and not self._has_ended:
            self._loop.add_reader(self._fd, self._read_terminal)
        elif not (self._is_watched or self._has_begun):
            self._has_begun = True
            threading.Thread(target=self._read_all, daemon=True, name="stdin").start()

    def pause(self) -> None:
        """Leave the terminal to another program until ``start``."""
        if self._is_watched:
            self._loop.remove_reader(self._fd)

    async def next(self) -> Typed | None:
        """The next lines; None at the end of the input, or when the wait for them was ended."""
        if self._has_ended and self._typed.empty():
            return None
        typed = asyncio.ensure_future(self._typed.get())
        woken = asyncio.ensure_future(self._woken.wait())
        await asyncio.wait([typed, woken], return_when=asyncio.FIRST_COMPLETED)
        woken.cancel()
        if typed.done():
            return typed.result()
        typed.cancel()
        return None

    def wake(self) -> None:
        """End the wait for a line; what is typed later is read after the next start."""
        self._woken.set()

    # -- a terminal ---------------------------------------------------------------------------

    def _read_terminal(self) -> None:
        try:
            data = os.read(self._fd, _AT_ONCE)
        except InterruptedError:
            return
        except OSError:  # the terminal has gone
            data = b""
        if not data:
            self.pause()
            self._hand_on(is_cut=False)
            self._end()
            return
        *lines, self._rest = (self._rest + data).split(b"\n")
        self._burst += map(_text, lines)
        is_cut = len(data) >= LONGEST_LINE - 1
        if self._flush is not None:
            self._flush.cancel()
        if lines:
            self._flush = self._loop.call_later(PASTE_S, lambda: self._hand_on(is_cut=is_cut))

    def _hand_on(self, *, is_cut: bool) -> None:
        lines, self._burst = tuple(self._burst), []
        if lines:
            self._typed.put_nowait(Typed(lines, is_cut))

    # -- a pipe or a file ---------------------------------------------------------------------

    def _read_all(self) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            while data := self._read_piece():
                *lines, self._rest = (self._rest + data).split(b"\n")
                for line in lines:
                    self._put(_text(line))
            if self._rest:
                self._put(_text(self._rest))
            self._loop.call_soon_threadsafe(self._end)

    def _read_piece(self) -> bytes:
        try:
            return os.read(self._fd, _AT_ONCE)
        except OSError:
            return b""

    def _put(self, line: str) -> None:
        self._loop.call_soon_threadsafe(self._typed.put_nowait, Typed((line,)))

    def _end(self) -> None:
        if not self._has_ended:
            self._has_ended = True
            self._typed.put_nowait(None)


def _text(line: bytes) -> str:
    return line.decode(errors="replace").rstrip("\r")

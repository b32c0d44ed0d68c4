"""A program at a terminal, every byte it draws kept with the time at which it came."""

from __future__ import annotations

import bisect
import contextlib
import fcntl
import os
import struct
import subprocess
import termios
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import TracebackType
    from typing import Self

COLUMNS, ROWS = 120, 40


class Seat:
    """Runs a command in a pseudo-terminal; a thread reads, so that the program never waits.

    A screen is not emulated, for that would take the processor from the subject: what is looked
    for are words that are painted in one piece and stand nowhere else.

    Attributes:
        pid: The process.
        started: When it was started (monotonic seconds, as all times here).
    """

    def __init__(
        self,
        command: Sequence[str],
        env: Mapping[str, str],
        folder: Path,
        size: tuple[int, int] = (COLUMNS, ROWS),
    ) -> None:
        self._terminal, side = os.openpty()
        self.resize(size)
        _mute(side)
        self._data = bytearray()
        self._ends: list[int] = []
        self._times: list[float] = []
        self._news = threading.Condition()
        self._is_over = False
        self.started = time.monotonic()
        self._process = subprocess.Popen(
            command, stdin=side, stdout=side, stderr=side, env=dict(env), cwd=folder,
            start_new_session=True, preexec_fn=_own_terminal,  # noqa: PLW1509 - one system call
        )  # fmt: skip
        os.close(side)
        self.pid = self._process.pid
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()
        os.close(self._terminal)

    @property
    def here(self) -> int:
        """A place in what was drawn: now."""
        return len(self._data)

    def press(self, keys: str) -> float:
        """Type; returns when."""
        at = time.monotonic()
        os.write(self._terminal, keys.encode())
        return at

    def resize(self, size: tuple[int, int]) -> float:
        """Give the terminal so many columns and rows; returns when."""
        columns, rows = size
        at = time.monotonic()
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        return at

    def when(self, word: str, since: int = 0) -> float | None:
        """When a word came after a place; None if it has not."""
        with self._news:
            return self._when(word.encode(), since)

    def wait(self, word: str, since: int = 0, *, timeout: float = 20.0) -> float:
        """Wait for a word; returns when it came.

        Raises:
            TimeoutError: It did not; the last that was drawn stands in the message.
        """
        end = time.monotonic() + timeout
        with self._news:
            while (came := self._when(word.encode(), since)) is None:
                if self._is_over or not self._news.wait(end - time.monotonic()):
                    tail = bytes(self._data[-2000:]).decode(errors="replace")
                    raise TimeoutError(f"{word!r} was not drawn in {timeout} s; last came {tail!r}")
        return came

    def _when(self, word: bytes, since: int) -> float | None:
        at = self._data.find(word, since)
        if at < 0:
            return None
        return self._times[bisect.bisect_left(self._ends, at + len(word))]

    def _read(self) -> None:
        while True:
            data = b""
            # The terminal is gone with the program: Linux says so with an error.
            with contextlib.suppress(OSError):
                data = os.read(self._terminal, 65_536)
            with self._news:
                self._is_over = not data
                self._data += data
                self._times.append(time.monotonic())
                self._ends.append(len(self._data))
                self._news.notify_all()
            if not data:
                return


def _own_terminal() -> None:
    """In the child: whoever closes the other side hangs up, so that no subject is left behind."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _mute(side: int) -> None:
    """No echo by the kernel: what is seen was drawn by the program."""
    mode = termios.tcgetattr(side)
    mode[3] &= ~termios.ECHO
    termios.tcsetattr(side, termios.TCSANOW, mode)

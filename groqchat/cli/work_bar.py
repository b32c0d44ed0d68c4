"""Bars on stderr for work of known size: drawn on a terminal only, and redrawn in place."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from groqchat.cli.output import draws_bars
from groqchat.domain.text.humanize import count
from groqchat.domain.text.sanitize import sanitize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FRAME_S = 0.1
"""The shortest time between two drawings, in seconds."""
_FULL, _REST = "━", "╌"
_NARROWEST, _WIDEST = 8, 40


class RedrawnLines:
    """Some lines on stderr that are drawn over in place; the cursor stays below them."""

    def __init__(self) -> None:
        self._drawn = 0

    @property
    def width(self) -> int:
        """The cells of a line; the last column stays free, where some terminals break the line."""
        with suppress(OSError):
            return os.get_terminal_size(sys.stderr.fileno()).columns - 1
        return 79

    def draw(self, *lines: str) -> None:
        """Draw the lines in the place of those before."""
        width = self.width
        self._put("".join(f"\r{sanitize(line)[:width]}\x1b[K\n" for line in lines))
        self._drawn = len(lines)

    def clear(self) -> None:
        """Take the lines away, before something else is printed."""
        if self._drawn:
            self._put("\r\x1b[J")
            self._drawn = 0

    def _put(self, text: str) -> None:
        up = f"\x1b[{self._drawn}A" if self._drawn else ""
        with suppress(OSError):  # a stderr that fails stops no work
            sys.stderr.write(up + text)
            sys.stderr.flush()


def bar(done: float, total: float, room: int) -> str:
    """A bar of so much of a whole, in a room of so many cells, of which it may need fewer."""
    size = min(_WIDEST, max(_NARROWEST, room))
    full = int(size * min(1.0, max(0.0, done / total))) if total else 0
    return f"{_FULL * full}{_REST * (size - full)}"


@contextmanager
def work_bar(
    name: str, unit: str, now: Callable[[], float] = time.monotonic
) -> Iterator[Callable[[int, int], None]]:
    """A bar that is drawn while the block runs, and gone afterwards.

    Args:
        name: The work, as it stands before the bar.
        unit: What is counted, in the plural.
        now: Gives a monotonic time in seconds.

    Yields:
        A function to call with the number that is done and the number of all.
    """
    if not draws_bars():
        yield lambda done, total: None
        return
    lines = RedrawnLines()
    due = now() + FRAME_S

    def show(done: int, total: int) -> None:
        nonlocal due
        if now() < due:
            return
        due = now() + FRAME_S
        figures = f"{count(done)} of {count(total)} {unit}"
        room = lines.width - len(name) - len(figures) - 4
        lines.draw(f"{name}  {bar(done, total, room)}  {figures}")

    try:
        yield show
    finally:
        lines.clear()

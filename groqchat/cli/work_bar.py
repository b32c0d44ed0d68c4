"""A bar on stderr for work of known size; only on a terminal, and gone when the work is done."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from groqchat.cli.output import draws_bars
from groqchat.domain.text.humanize import count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_FRAME_S = 0.1
_FULL, _REST = "━", "╌"
_NARROWEST, _WIDEST = 8, 40


@contextmanager
def work_bar(
    name: str, unit: str, now: Callable[[], float] = time.monotonic
) -> Iterator[Callable[[int, int], None]]:
    """A bar that is drawn while the block runs.

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
    drawn = False
    due = now() + _FRAME_S

    def show(done: int, total: int) -> None:
        nonlocal drawn, due
        if now() < due:
            return
        drawn, due = True, now() + _FRAME_S
        _draw(_line(name, done, total, unit))

    try:
        yield show
    finally:
        if drawn:
            _draw("")


def _draw(line: str) -> None:
    with suppress(OSError):  # a stderr that fails stops no work
        columns = os.get_terminal_size(sys.stderr.fileno()).columns
        sys.stderr.write(f"\r{line[: columns - 1]}\x1b[K")
        sys.stderr.flush()


def _line(name: str, done: int, total: int, unit: str) -> str:
    figures = f"{count(done)} of {count(total)} {unit}"
    columns = os.get_terminal_size(sys.stderr.fileno()).columns
    size = min(_WIDEST, max(_NARROWEST, columns - len(name) - len(figures) - 5))
    full = size * done // max(1, total)
    return f"{name}  {_FULL * full}{_REST * (size - full)}  {figures}"

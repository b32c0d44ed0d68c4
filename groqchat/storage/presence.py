"""Locks between processes that die with their holder: who is here, and whose turn it is.

Where there are no such locks (Windows, some network disks) a process believes to be alone.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


PRIVATE = 0o600
# As long as a large database takes to be looked through, in seconds.
PATIENCE_S = 30.0


class Presence:
    """A shared lock on a folder for as long as this process uses it."""

    def __init__(self, folder: Path) -> None:
        self._handle = None if sys.platform == "win32" else os.open(folder, os.O_RDONLY)

    def is_alone(self) -> bool:
        """Whether nobody else holds the lock right now; this process holds it afterwards."""
        if sys.platform == "win32" or self._handle is None:
            return True
        alone = True
        with suppress(OSError):
            try:
                fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                alone = False
            fcntl.flock(self._handle, fcntl.LOCK_SH)
        return alone

    def leave(self) -> None:
        """Give the lock up."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


@contextmanager
def turn(path: Path) -> Iterator[None]:
    """Keep other processes from doing the same with a file at the same time.

    The lock is a file beside it, since the file itself may be moved away meanwhile. Whoever waits
    for too long, for a process that was stopped perhaps, goes on all the same.
    """
    with _holding(path, PATIENCE_S):
        yield


@contextmanager
def claim(path: Path) -> Iterator[bool]:
    """Have a file for oneself, or learn that another process has it: yields whether it is ours.

    The lock is a file beside it, as in `turn`; it need not be there itself.
    """
    with _holding(path, 0.0) as is_ours:
        yield is_ours


@contextmanager
def _holding(path: Path, patience_s: float) -> Iterator[bool]:
    """Hold the lock beside a file; yields False where somebody else has held it for too long."""
    if sys.platform == "win32":
        yield True
        return
    lock = path.with_name(f"{path.name}.lock")
    handle = _held(lock, time.monotonic() + patience_s)
    try:
        yield handle is not None
    finally:
        if handle is not None:
            with suppress(OSError):
                lock.unlink()
            os.close(handle)


def _held(lock: Path, until: float) -> int | None:
    """A lock file that this process holds: whoever held it before took the file away with it.

    None after a time (monotonic, in seconds) until which somebody else has held it.
    """
    while True:
        handle = os.open(lock, os.O_CREAT | os.O_RDWR, PRIVATE)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with suppress(FileNotFoundError):
                if lock.stat().st_ino == os.fstat(handle).st_ino:
                    return handle
        except BlockingIOError:
            if time.monotonic() > until:
                os.close(handle)
                return None
            time.sleep(0.01)
        except OSError:
            return handle  # there are no such locks here
        os.close(handle)

"""Locks between processes that die with their holder: who is here, and whose turn it is.

Where there are no such locks (Windows, some network disks) a process believes to be alone.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


PRIVATE = 0o600


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

    The lock is a file beside it, since the file itself may be moved away meanwhile.
    """
    lock = path.with_name(f"{path.name}.lock")
    handle = _held(lock)
    try:
        yield
    finally:
        with suppress(OSError):  # where it cannot go as long as it is open
            lock.unlink()
        os.close(handle)


def _held(lock: Path) -> int:
    """A lock file that this process holds: whoever held it before took the file away with it."""
    while True:
        handle = os.open(lock, os.O_CREAT | os.O_RDWR, PRIVATE)
        if sys.platform == "win32":
            return handle
        fcntl.flock(handle, fcntl.LOCK_EX)
        with suppress(FileNotFoundError):
            if lock.stat().st_ino == os.fstat(handle).st_ino:
                return handle
        os.close(handle)

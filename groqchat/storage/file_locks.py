"""Exclusive locks between processes, which end with the process that holds them.

A lock is a file beside the one that it guards. On a disk without file locks (some network disks)
every process gets the lock.
"""

from __future__ import annotations

import os
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from groqchat.storage.settings.paths import PRIVATE

try:
    import fcntl
except ImportError:  # Windows
    HAS_FLOCK = False
else:
    HAS_FLOCK = True

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE_S = 30.0
"""Seconds to wait for a lock: as long as the check of a large database takes."""
_POLL_S = 0.01


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock of a file, after waiting for other processes.

    After ``PATIENCE_S`` the block runs without the lock, since its holder may be a stopped process.

    Raises:
        OSError: The lock file cannot be created.
    """
    with _holding(path, PATIENCE_S):
        yield


@contextmanager
def try_exclusive(path: Path) -> Iterator[bool]:
    """Hold the lock of a file if it is free; yields whether it was. The file need not exist.

    Raises:
        OSError: The lock file cannot be created.
    """
    with _holding(path, 0.0) as is_held:
        yield is_held


def try_lock(handle: int) -> bool:
    """Lock an open file without waiting; returns False where another process holds the lock.

    Closing the file or the end of the process releases the lock.

    Raises:
        OSError: The disk has no locks.
    """
    if not HAS_FLOCK:
        from filelock import lock_descriptor

        return lock_descriptor(handle, blocking=False)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def open_lock(lock: Path, until: float) -> int | None:
    """Create a lock file and lock it.

    Args:
        lock: The lock file. Its last holder removes it, so a lock on a removed file does not count.
        until: The monotonic time in seconds at which to give up.

    Returns:
        The handle of the file; None where another process holds the lock.

    Raises:
        OSError: The file cannot be created.
    """
    while True:
        handle = os.open(lock, os.O_CREAT | os.O_RDWR, PRIVATE)
        try:
            if not try_lock(handle):
                if time.monotonic() > until:
                    os.close(handle)
                    return None
                time.sleep(_POLL_S)
            else:
                with suppress(FileNotFoundError):
                    if lock.stat().st_ino == os.fstat(handle).st_ino:
                        return handle
        except OSError:
            return handle  # the disk has no locks
        os.close(handle)


def close_lock(lock: Path, handle: int) -> None:
    """Remove a lock file and release its lock.

    The file is removed first, so that no process locks it in between. Windows removes no open file:
    there it is removed afterwards, which fails while another process has it open.
    """
    is_removed = False
    with suppress(OSError):
        lock.unlink()
        is_removed = True
    os.close(handle)
    if not HAS_FLOCK and not is_removed:
        with suppress(OSError):
            lock.unlink()


@contextmanager
def _holding(path: Path, patience_s: float) -> Iterator[bool]:
    lock = path.with_name(f"{path.name}.lock")
    handle = open_lock(lock, time.monotonic() + patience_s)
    try:
        yield handle is not None
    finally:
        if handle is not None:
            close_lock(lock, handle)

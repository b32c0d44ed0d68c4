"""Tells whether other processes use a folder."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from groqchat.storage.file_locks import HAS_FLOCK, PATIENCE_S, close_lock, open_lock
from groqchat.storage.ids import new_id

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Protocol

    class ProcessLock(Protocol):
        """A sign that this process uses a folder, which ends with the process."""

        def is_alone(self) -> bool:
            """Whether no other process uses the folder at this moment."""

        def release(self) -> None:
            """Stop to use the folder; a second call does nothing."""


def process_lock(folder: Path) -> ProcessLock:
    """Mark a folder as used by this process.

    Raises:
        OSError: The folder cannot be opened.
    """
    return SharedLock(folder) if HAS_FLOCK else LockFile(folder)


class SharedLock:
    """A shared lock on the folder itself, for systems that have shared locks."""

    def __init__(self, folder: Path) -> None:
        self._handle: int | None = os.open(folder, os.O_RDONLY)

    def is_alone(self) -> bool:
        """Whether the lock can be made exclusive for a moment; also where the disk has no locks."""
        import fcntl

        if self._handle is None:
            return True
        is_alone = True
        with suppress(OSError):
            try:
                fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                is_alone = False
            fcntl.flock(self._handle, fcntl.LOCK_SH)
        return is_alone

    def release(self) -> None:
        """Give the lock up."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


class LockFile:
    """A locked file in the folder for each process, for systems with exclusive locks only.

    A file that another process can lock was left by a process that has died, and is removed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._own = folder / f".in-use-{new_id()}.lock"
        # Another process may be looking whether the new file is locked.
        self._handle = open_lock(self._own, time.monotonic() + PATIENCE_S)

    def is_alone(self) -> bool:
        """Whether no other file of this kind is locked."""
        others = (file for file in self._folder.glob(".in-use-*.lock") if file != self._own)
        return not any(map(_is_in_use, others))

    def release(self) -> None:
        """Remove the file of this process."""
        if self._handle is not None:
            close_lock(self._own, self._handle)
            self._handle = None


def _is_in_use(lock: Path) -> bool:
    handle = open_lock(lock, 0.0)
    if handle is not None:
        close_lock(lock, handle)
    return handle is None

"""Signs that a process runs: locked files, whose locks end with the process."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from groqchat.storage.file_locks import close_lock, open_lock
from groqchat.storage.ids import new_id

if TYPE_CHECKING:
    from pathlib import Path

DRAFT, REQUEST = "draft", "request"
"""What signs are for: a part of the names of their files."""


class LifeSign:
    """The sign of this process, by which others see whether it still runs.

    Args:
        folder: Where the locks are; None where no other process looks.
        kind: What the sign is for.

    Attributes:
        name: The name of this process, which no other has.
    """

    def __init__(self, folder: Path | None, kind: str) -> None:
        self.name = new_id()
        self._folder = folder
        self._kind = kind
        self._handle: int | None = None

    def show(self) -> None:
        """Hold the lock of this process, where there can be one."""
        if self._handle is None and (lock := self._lock(self.name)) is not None:
            with suppress(OSError):
                self._handle = open_lock(lock, 0.0)

    def has_ended(self, name: str) -> bool:
        """Whether the process of a name has ended or given up its sign; this one has not."""
        return name != self.name and has_ended(self._folder, self._kind, name)

    def release(self) -> None:
        """Give the lock up; a second call does nothing."""
        lock, handle, self._handle = self._lock(self.name), self._handle, None
        if lock is not None and handle is not None:
            close_lock(lock, handle)

    def _lock(self, name: str) -> Path | None:
        return self._folder and _lock_of(self._folder, self._kind, name)


def has_ended(folder: Path | None, kind: str, name: str) -> bool:
    """Whether the process of a name has ended or given up its sign of a kind in a folder."""
    lock = folder and _lock_of(folder, kind, name)
    if lock is None or not lock.exists():
        return True
    with suppress(OSError):
        if (handle := open_lock(lock, 0.0)) is None:
            return False
        close_lock(lock, handle)
    return True


def remove_old_signs(folder: Path) -> None:
    """Remove the signs of processes that were killed."""
    for kind in (DRAFT, REQUEST):
        for lock in folder.glob(f".{kind}-*.lock"):
            has_ended(folder, kind, lock.stem.partition("-")[2])


def _lock_of(folder: Path, kind: str, name: str) -> Path:
    return folder / f".{kind}-{name}.lock"

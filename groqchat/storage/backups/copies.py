"""Helpers for copies of the database: their contents, checks, names and errors."""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

from groqchat.domain.errors.table import failure
from groqchat.storage.database.transactions import FAILURES, explained, is_damage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIDE_FILES = ("-wal", "-shm", "-journal")
"""The endings of the files that SQLite keeps beside a database."""


class Contents(NamedTuple):
    """The number of sessions and of messages in a database, and its size in bytes."""

    sessions: int
    messages: int
    bytes: int


class UnusableFileError(ValueError):
    """A file that was named and cannot serve; the message goes on a sentence that names it."""


def contents(db: sqlite3.Connection) -> Contents:
    """The contents of a database."""
    query = "SELECT (SELECT count(*) FROM sessions), (SELECT count(*) FROM messages)"
    sessions, messages = db.execute(query).fetchone()
    pages, size = (
        db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size")
    )
    return Contents(sessions, messages, pages * size)


def is_whole(db: sqlite3.Connection) -> bool:
    """Whether every page and index of a database is sound."""
    with suppress(*FAILURES):
        return bool(db.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok")
    return False


def beside(path: Path, suffix: str) -> Path:
    """The file whose name has this ending more."""
    return path.with_name(path.name + suffix)


@contextmanager
def told(path: Path, *, is_damage_ours: bool = True) -> Iterator[None]:
    """Turn errors of SQLite and of the disk into ours.

    Args:
        path: The file that is written, for the message.
        is_damage_ours: Whether damage is told of too; else its error stays as it is.

    Raises:
        StorageError: The block has raised such an error.
        KeyboardInterrupt: SQLite was interrupted, which only Ctrl+C does.
    """
    try:
        yield
    except FAILURES as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
            raise KeyboardInterrupt from None
        if is_damage(error) and not is_damage_ours:
            raise
        raise explained(error, str(path)) from error
    except OSError as error:
        raise failure("disk", detail=f"{path}: {error.strerror or error}") from error


def flush(path: Path) -> None:
    """Wait until the disk has written a file or a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def flush_folder(folder: Path) -> None:
    """Wait until the disk has written the names in a folder, where systems can do that."""
    with suppress(OSError):
        flush(folder)

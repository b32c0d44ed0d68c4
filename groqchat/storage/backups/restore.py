"""Puts a copy of the database in its place; the present one is kept under another name."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import ExitStack, closing, suppress
from typing import TYPE_CHECKING, NamedTuple

from groqchat.domain.errors.table import failure
from groqchat.storage.backups.copies import (
    SIDE_FILES,
    Contents,
    UnusableFileError,
    beside,
    contents,
    flush,
    flush_folder,
    is_whole,
    told,
)
from groqchat.storage.database.migrations import MIGRATIONS, version
from groqchat.storage.database.transactions import FAILURES
from groqchat.storage.file_locks import exclusive, try_exclusive
from groqchat.storage.process_lock import process_lock
from groqchat.storage.settings.paths import PRIVATE, make_private_folder

if TYPE_CHECKING:
    from pathlib import Path

_TABLES = frozenset({"sessions", "messages", "ledger"})
_NO_DATABASE = "is no database of groqchat"


class Restored(NamedTuple):
    """What is in the database now, and where the one before is; None if there was none."""

    contents: Contents
    moved_aside: Path | None


def restore(source: Path, database: Path, stamp: str) -> Restored:
    """Put a copy in the place of the database, in one step at which nothing can be lost.

    Args:
        source: The copy, which is not changed.
        database: The database; it is moved aside.
        stamp: A suffix for the name of the database before.

    Raises:
        UnusableFileError: The copy is no database of groqchat, is damaged, or is newer than this
            version.
        StorageError: Another groqchat is running, or the disk cannot be written. Nothing was
            changed.
    """
    _refuse_source(source, database)
    make_private_folder(database.parent)
    place = database.resolve()
    fresh = place.with_name(f".{place.name}.restored")
    with told(database), ExitStack() as stack:
        if not stack.enter_context(try_exclusive(fresh)):
            raise failure("database_in_use", detail=database.parent)
        _remove(fresh)
        stack.callback(_remove, fresh)
        _copy(source, fresh)
        found = _checked(fresh)
        flush(fresh)
        # Who starts meanwhile waits for this lock, and opens what is there then.
        stack.enter_context(exclusive(database))
        lock = process_lock(database.parent)
        stack.callback(lock.release)
        if not lock.is_alone():
            raise failure("database_in_use", detail=database.parent)
        moved = _exchange(fresh, place, stamp)
        flush_folder(place.parent)
    return Restored(found, moved)


def _refuse_source(source: Path, database: Path) -> None:
    try:
        with source.open("rb") as file:
            start = file.read(16)
    except OSError as error:
        raise UnusableFileError(f"cannot be read: {error.strerror}") from None
    if start != b"SQLite format 3\0":
        raise UnusableFileError(_NO_DATABASE)
    if database.exists() and source.samefile(database):
        raise UnusableFileError("is the database itself")


def _copy(source: Path, fresh: Path) -> None:
    """Copy a database with what its last user had not written back yet."""
    os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE))
    shutil.copyfile(source, fresh)
    for suffix in ("-wal", "-journal"):
        with suppress(FileNotFoundError):
            shutil.copyfile(beside(source, suffix), beside(fresh, suffix))


def _checked(fresh: Path) -> Contents:
    """The contents of a copy, which becomes one file that needs no other."""
    try:
        with closing(sqlite3.connect(fresh, isolation_level=None)) as db:
            tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master")}
            if not tables >= _TABLES or not version(db):
                raise UnusableFileError(_NO_DATABASE)
            if version(db) > len(MIGRATIONS):
                raise UnusableFileError(
                    f"was written by a newer groqchat (version {version(db)} of the database; this "
                    f"one knows up to {len(MIGRATIONS)}); update groqchat first"
                )
            if not is_whole(db):
                raise UnusableFileError("is damaged")
            db.execute("PRAGMA journal_mode = DELETE")
            return contents(db)
    except sqlite3.OperationalError:
        raise
    except FAILURES as error:
        raise UnusableFileError(f"is damaged ({error})") from None


def _exchange(fresh: Path, database: Path, stamp: str) -> Path | None:
    """Move the database aside and the copy in its place; returns the name of the one before."""
    if not database.exists():
        fresh.replace(database)
        return None
    _write_back(database)
    aside = beside(database, f".before-restore-{stamp}")
    number = 2
    while aside.exists():
        aside = beside(database, f".before-restore-{stamp}-{number}")
        number += 1
    # Only a damaged database still has them.
    for suffix in SIDE_FILES:
        with suppress(FileNotFoundError):
            beside(database, suffix).rename(beside(aside, suffix))
    try:
        os.link(database, aside)
    except OSError:  # a disk without hard links
        database.rename(aside)
    fresh.replace(database)
    return aside


def _write_back(database: Path) -> None:
    """Write the log of the last writes into the database, so that it is one file."""
    with suppress(*FAILURES), closing(sqlite3.connect(database, isolation_level=None)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _remove(fresh: Path) -> None:
    for suffix in ("", *SIDE_FILES):
        beside(fresh, suffix).unlink(missing_ok=True)

"""Writes a copy of the database, whole or not at all."""

from __future__ import annotations

import os
import sqlite3
from contextlib import ExitStack, closing, suppress
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.storage.backups.copies import (
    UnusableFileError,
    contents,
    flush,
    flush_folder,
    is_whole,
    told,
)
from groqchat.storage.database.database_file import DatabaseFile
from groqchat.storage.database.transactions import DamagedError
from groqchat.storage.file_locks import try_exclusive
from groqchat.storage.settings.paths import PRIVATE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from groqchat.storage.backups.copies import Contents

# Instructions of SQLite's machine between two looks at the keyboard: some milliseconds.
_STEPS = 50_000


def back_up(
    database: Path,
    target: Path,
    *,
    force: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    notify: Callable[[str], None] = lambda _: None,
) -> Contents:
    """Write a copy of the database, while other processes may use it.

    Args:
        database: The database.
        target: The new file; it appears when it is complete and checked.
        force: Whether an existing file is replaced.
        progress: Called with the bytes that are written, and those of the database.
        notify: Called with a sentence for the user where the database had to be repaired.

    Raises:
        UnusableFileError: There is no database yet, or the target cannot be the copy's name.
        StorageError: The copy cannot be written.
        KeyboardInterrupt: Ctrl+C was pressed; nothing is left of the copy.
    """
    _refuse_target(database, target, force=force)
    target = target.resolve()
    partial = target.with_name(f".{target.name}.partial")
    with told(target), ExitStack() as stack:
        if not stack.enter_context(try_exclusive(partial)):
            raise UnusableFileError("is just being written by another backup")
        partial.unlink(missing_ok=True)
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE))
        stack.callback(partial.unlink, missing_ok=True)
        _write(_readable(database, notify), target, partial, progress)
        with closing(sqlite3.connect(partial)) as copy:
            if not is_whole(copy):
                raise DamagedError("the copy")
            found = contents(copy)
        flush(partial)
        _name(partial, target, force=force)
        flush_folder(target.parent)
    return found


def _refuse_target(database: Path, target: Path, *, force: bool) -> None:
    if not database.exists():
        raise UnusableFileError("would be empty: there is no database yet")
    if target.is_dir():
        raise UnusableFileError("is a folder: name a file in it")
    if target.exists():
        if target.samefile(database):
            raise UnusableFileError("is the database itself")
        if not target.is_file():
            raise UnusableFileError("is no file")
        if not force:
            raise UnusableFileError("is there already; --force replaces it")
    if not target.parent.is_dir():
        raise UnusableFileError("cannot be written: its folder does not exist")


def _readable(database: Path, notify: Callable[[str], None]) -> DatabaseFile:
    """The database, opened; one on a read-only disk is copied into memory first."""
    file = DatabaseFile(database, notify)
    try:
        file.read(lambda _: None)
    except StorageError as error:
        file.close()
        if error.cause.name != "disk":
            raise
        file = DatabaseFile(database, notify, as_copy=True)
    return file


def _write(
    file: DatabaseFile, target: Path, partial: Path, progress: Callable[[int, int], None]
) -> None:
    """Write the copy."""

    def copy(db: sqlite3.Connection) -> None:
        size = contents(db).bytes

        def tell() -> int:
            with suppress(OSError):
                progress(min(partial.stat().st_size, size), size)
            return 0

        db.set_progress_handler(tell, _STEPS)
        try:
            with told(target, is_damage_ours=False):
                db.execute("VACUUM INTO ?", (str(partial),))
        finally:
            db.set_progress_handler(None, 0)

    try:
        file.read(copy)
    finally:
        file.close()


def _name(partial: Path, target: Path, *, force: bool) -> None:
    """Give the copy its name; a file that has appeared there meanwhile stays."""
    if force:
        partial.replace(target)
        return
    try:
        os.link(partial, target)
    except FileExistsError:
        raise UnusableFileError("is there already; --force replaces it") from None
    except OSError:  # a disk without hard links
        if target.exists():
            raise UnusableFileError("is there already; --force replaces it") from None
        partial.rename(target)

"""Reads a database where nothing can be written: no lock, no side file, no change of the file."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path


def wal_of(path: Path) -> Path:
    """The file in which SQLite collects what it has not yet put into the database."""
    return path.with_name(path.name + "-wal")


def copy_into(db: sqlite3.Connection, path: Path) -> None:
    """Fill an empty database with what a file holds; a file that is not there holds nothing.

    What SQLite has not yet put into the file it can only read where it may write beside it, so
    both are copied to the folder for temporary files first.

    Raises:
        OSError: The file cannot be read, or not be copied.
        sqlite3.Error: It is damaged.
    """
    if not path.exists():
        return
    if not wal_of(path).exists():
        _read_into(db, f"{path.as_uri()}?immutable=1")
        return
    with tempfile.TemporaryDirectory(prefix="groqchat-") as folder:
        copy = Path(folder) / path.name
        shutil.copyfile(path, copy)
        shutil.copyfile(wal_of(path), wal_of(copy))
        _read_into(db, copy.as_uri())


def _read_into(db: sqlite3.Connection, address: str) -> None:
    with closing(sqlite3.connect(address, uri=True)) as file:
        file.backup(db)

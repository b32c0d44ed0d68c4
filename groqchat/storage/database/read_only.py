"""Reads a database on a read-only disk, without locks and side files."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path


def wal_of(path: Path) -> Path:
    """The write-ahead log of a database file."""
    return path.with_name(path.name + "-wal")


def copy_into(db: sqlite3.Connection, path: Path) -> None:
    """Copy a database file into an empty database; a missing file leaves it empty.

    SQLite reads a write-ahead log only where it may write beside it, so both files are copied to a
    temporary folder first.

    Raises:
        OSError: The file cannot be read or copied.
        sqlite3.Error: The file is damaged.
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

"""Opens a database file: private, in WAL mode where possible, migrated and checked."""

from __future__ import annotations

import os
import sqlite3
import time
from typing import TYPE_CHECKING, Literal

from groqchat.domain.errors.table import failure
from groqchat.storage.database.migrations import MIGRATIONS, Step, migrate, version
from groqchat.storage.database.read_only import copy_into
from groqchat.storage.database.search_index import prepare_index
from groqchat.storage.database.transactions import DamagedError, is_locked
from groqchat.storage.database.usage.rollups import catch_up, decimal_total
from groqchat.storage.settings.paths import PRIVATE, make_private_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

# The second also compares every index with its table.
Check = Literal["quick_check", "integrity_check"]

# Fifty processes that write at once on a slow disk may keep one of them waiting so long.
BUSY_S = 30.0


def open_file(
    path: Path | None,
    *,
    check: Check | None = None,
    reindex: bool = False,
    steps: Sequence[Step] = MIGRATIONS,
    original: Path | None = None,
    upgrading: Callable[[int, int], None] = lambda _done, _all: None,
) -> sqlite3.Connection:
    """Open a database; create or migrate it where needed.

    Args:
        path: The file; None is a database in memory.
        check: The check of the whole file to run first, if any.
        reindex: Whether to rebuild the search index.
        steps: The migrations.
        original: A file to copy into the database in memory first.
        upgrading: Called while an upgrade adds up the ledger, with the entries that are done and
            those of all.

    Raises:
        StorageError: The folder cannot be created, or a newer groqchat has written the file.
        DamagedError: The check found damage.
        sqlite3.Error: SQLite cannot open the file or finds it damaged.
    """
    if path is not None:
        _make_private_file(path)
    db = sqlite3.connect(path or ":memory:", timeout=BUSY_S, isolation_level=None)
    try:
        if original is not None:
            copy_into(db, original)
        _configure(db)
        if check is not None:
            _check(db, check)
        if path is not None and 0 < version(db) < len(steps):
            _copy_aside(db, path)
        migrate(db, steps)
        if len(steps) >= len(MIGRATIONS):
            catch_up(db, upgrading)
        prepare_index(db, anew=reindex)
    except BaseException:
        db.close()
        raise
    return db


def checkpoint(db: sqlite3.Connection, mode: str = "PASSIVE") -> None:
    """Write the WAL into the database file, as far as no other process reads it."""
    db.execute("PRAGMA busy_timeout = 0")
    try:
        db.execute(f"PRAGMA wal_checkpoint({mode})")
    finally:
        db.execute(f"PRAGMA busy_timeout = {BUSY_S * 1000:.0f}")


def _make_private_file(path: Path) -> None:
    """Create the file with private permissions, which SQLite copies to its side files."""
    make_private_folder(path.parent)
    try:
        if path.exists():
            path.chmod(PRIVATE)
        else:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, PRIVATE))
    except OSError as error:
        raise failure("disk", detail=f"{path}: {error.strerror or error}") from error


def _configure(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA foreign_keys = ON")
    db.create_function("decimal_total", 1, decimal_total, deterministic=True)
    db.execute("SELECT count(*) FROM sqlite_master").fetchone()  # the first read shows damage
    _enter_wal(db)
    db.execute("PRAGMA secure_delete = ON")  # not every SQLite begins so
    # Several versions of SQLite can lose data when two processes checkpoint at the same moment;
    # see DatabaseFile for when we do.
    db.execute("PRAGMA wal_autocheckpoint = 0")


def _enter_wal(db: sqlite3.Connection) -> None:
    """Switch to WAL; disks without it (NFS, SMB) keep the rollback journal."""
    patience = time.monotonic() + BUSY_S
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            # The switch does not wait for other processes that open the file just now.
            if is_locked(error) and time.monotonic() < patience:
                time.sleep(0.02)
                continue
            if not is_locked(error):
                return
            raise
        return


def _check(db: sqlite3.Connection, check: Check) -> None:
    found = db.execute(f"PRAGMA {check}(1)").fetchone()[0]
    if found != "ok":
        raise DamagedError(found)


def _copy_aside(db: sqlite3.Connection, path: Path) -> None:
    """Keep a copy of the file from before a migration."""
    copy = path.with_name(f"{path.name}.version-{version(db)}")
    copy.unlink(missing_ok=True)
    db.execute("VACUUM INTO ?", (str(copy),))
    copy.chmod(PRIVATE)

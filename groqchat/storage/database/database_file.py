"""A database file: opened when needed, repaired when damaged, with checkpoints when alone."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from groqchat.domain.errors.table import failure
from groqchat.storage.database.abandoned import mark_abandoned
from groqchat.storage.database.connection import checkpoint, open_file
from groqchat.storage.database.kept_piece_rows import forget_old_pieces
from groqchat.storage.database.read_only import wal_of
from groqchat.storage.database.recovery import recover
from groqchat.storage.database.transactions import (
    FAILURES,
    explained,
    is_damage,
    read_leniently,
    transaction,
)
from groqchat.storage.file_locks import exclusive
from groqchat.storage.life_sign import REQUEST, has_ended, remove_old_signs
from groqchat.storage.process_lock import process_lock
from groqchat.storage.settings.paths import make_private_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from groqchat.storage.database.connection import Check
    from groqchat.storage.process_lock import ProcessLock

T = TypeVar("T")

# Writes between two checkpoints, and how many there may be while other processes are in the way.
WRITES_PER_CHECKPOINT = 200
MOST_WRITES = 20_000
# The cache of a large change: negative numbers are KiB to SQLite.
BULK_CACHE_KIB = -64 * 1024


class DatabaseFile:
    """A database for one thread. Several processes may use the file.

    Checkpoints are taken only while no other process uses the file, since some versions of SQLite
    can lose data when two processes take one at the same time.

    Args:
        path: The file; None keeps everything in memory.
        notify: Called with a sentence for the user about repairs.
        as_copy: Whether to copy the file into memory once and never write it.
        upgrading: Called while an upgrade adds up the ledger, with the entries that are done and
            those of all.
    """

    def __init__(
        self,
        path: Path | None,
        notify: Callable[[str], None],
        *,
        as_copy: bool = False,
        upgrading: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> None:
        self._path = None if as_copy else path
        self._original = path if as_copy else None
        self._notify = notify
        self._upgrading = upgrading
        self._db: sqlite3.Connection | None = None
        self._lock: ProcessLock | None = None
        self._writes = 0
        self._flushing: threading.Thread | None = None

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run a query; raises StorageError when the database cannot be used."""
        return self._attempt(work)

    def write(
        self, work: Callable[[sqlite3.Connection], T], *, durable: bool, is_bulk: bool = False
    ) -> T:
        """Run changes in one transaction; raises StorageError, and then nothing was changed."""

        def in_transaction(db: sqlite3.Connection) -> T:
            with _large_cache(db) if is_bulk else nullcontext(), transaction(db, durable=durable):
                return work(db)

        result = self._attempt(in_transaction)
        self._count_writes(WRITES_PER_CHECKPOINT if is_bulk else 1)
        return result

    def flush(self) -> None:
        """Make the disk write what was committed; an error is left to the next write.

        SQLite itself flushes only with a transaction. Nobody waits for the disk, not even what
        follows on this thread: the reservation of the request whose prompt was written.
        """
        if self._db is None or self._path is None:
            return
        with suppress(OSError):
            # SQLite holds no lock on this file that its closing would end.
            handle = os.open(wal_of(self._path), os.O_RDWR)
            self._flushing = threading.Thread(target=_flush, args=(handle,), daemon=True)
            self._flushing.start()

    def close(self) -> None:
        """Close the database; without side files, unless other processes use the file."""
        if self._flushing is not None:
            self._flushing.join()
        with suppress(sqlite3.Error):
            if self._db is not None and self._lock is not None and self._lock.is_alone():
                self._db.execute("PRAGMA analysis_limit = 400")
                self._db.execute("PRAGMA optimize")
        self.empty_wal()
        self._leave()

    def empty_wal(self) -> None:
        """Empty the WAL, which keeps old pages, unless other processes use the file."""
        if self._db is not None and self._lock is not None and self._lock.is_alone():
            with suppress(sqlite3.Error):
                checkpoint(self._db, "TRUNCATE")

    def _attempt(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run the work; after damage repair the file and run it again."""
        try:
            try:
                return work(self._opened())
            except FAILURES as error:
                if not is_damage(error) or self._path is None:
                    raise
                self._leave()
                return work(self._opened(suspect=True))
        except sqlite3.ProgrammingError:
            raise
        except FAILURES as error:
            raise explained(error, str(self._path or "the database in memory")) from error
        except OSError as error:
            place = self._path or error.filename
            raise failure("disk", detail=f"{place}: {error.strerror or error}") from error

    def _opened(self, *, suspect: bool = False) -> sqlite3.Connection:
        if self._db is None:
            if self._path is not None:
                self._db = self._open(self._path, suspect=suspect)
            else:
                self._db = open_file(None, original=self._original, upgrading=self._upgrading)
        return self._db

    def _open(self, path: Path, *, suspect: bool) -> sqlite3.Connection:
        make_private_folder(path.parent)
        self._lock = self._lock or process_lock(path.parent)
        alone = self._lock.is_alone()
        try:
            # Not while another process moves a damaged file and its side files away.
            with exclusive(path):
                check = _check(path, alone, suspect)
                db = open_file(path, check=check, reindex=suspect, upgrading=self._upgrading)
        except FAILURES as error:
            if not is_damage(error):
                raise
            notice = recover(path, time.strftime("%Y%m%d-%H%M%S"))
            with exclusive(path):
                db = open_file(path)
            if notice is not None:
                self._notify(notice)
        if suspect:
            read_leniently(db)
        ended = partial(has_ended, path.parent, REQUEST)
        mark_abandoned(db, all_of_them=alone, has_ended=ended)
        if alone:
            remove_old_signs(path.parent)
        forget_old_pieces(db)
        return db

    def _count_writes(self, number: int) -> None:
        before = self._writes // WRITES_PER_CHECKPOINT
        self._writes += number
        is_due = self._writes // WRITES_PER_CHECKPOINT > before
        if self._db is None or self._lock is None or not is_due:
            return
        if self._writes >= MOST_WRITES or self._lock.is_alone():
            with suppress(sqlite3.Error):  # the data is safe without a checkpoint
                checkpoint(self._db)
            self._writes = 0

    def _leave(self) -> None:
        if self._db is not None:
            self._db.close()
        if self._lock is not None:
            self._lock.release()
        self._db = self._lock = None


def _flush(handle: int) -> None:
    with suppress(OSError):
        os.fsync(handle)
    os.close(handle)


@contextmanager
def _large_cache(db: sqlite3.Connection) -> Iterator[None]:
    """Keep the pages of a large change in memory, where SQLite writes each of them only once."""
    (usual,) = db.execute("PRAGMA cache_size").fetchone()
    db.execute(f"PRAGMA cache_size = {BULK_CACHE_KIB:d}")
    try:
        yield
    finally:
        db.execute(f"PRAGMA cache_size = {usual:d}")


def _check(path: Path, alone: bool, suspect: bool) -> Check | None:
    """The check for a file: a full one after damage, a quick one after an unclean end."""
    if suspect:
        return "integrity_check"
    return "quick_check" if alone and wal_of(path).exists() else None

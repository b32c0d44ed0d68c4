"""Transactions that are whole or nothing, and what SQLite's refusals mean."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from groqchat.domain.errors.table import failure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from groqchat.domain.errors.tree import GroqchatError

_PRIMARY = 0xFF  # the lowest byte of an extended code is the kind of error
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_DISK = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
}
# The last is what many processes get that all begin to read at the same moment.
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}


class DamagedError(Exception):
    """SQLite reads the file, but it is not in one piece."""


FAILURES = (sqlite3.Error, DamagedError, UnicodeDecodeError)
"""What may come out of SQLite; a damaged file can even make its error messages unreadable."""


@contextmanager
def transaction(db: sqlite3.Connection, *, durable: bool = False) -> Iterator[None]:
    """Do all of the block or nothing.

    It takes the write lock at once: a transaction that begins by reading and then wants to write
    is refused without waiting when another process has written in between.

    Args:
        db: The connection.
        durable: Whether it must survive a power cut the moment it is done.
    """
    db.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")


def read_leniently(db: sqlite3.Connection) -> None:
    """Take texts that are damaged for what is left of them, rather than refuse them."""
    db.text_factory = lambda raw: raw.decode("utf-8", "replace")


def is_damage(error: Exception) -> bool:
    """Whether an error says that the file itself is broken."""
    if isinstance(error, DamagedError | UnicodeDecodeError):
        return True
    # The second is raised by Python, for a text that is none, and has no code.
    return _code(error) & _PRIMARY in _DAMAGE or "Could not decode to UTF-8" in str(error)


def is_locked(error: Exception) -> bool:
    """Whether an error says that another process is in the way."""
    return _code(error) & _PRIMARY in _LOCKED


def explained(error: Exception, place: str) -> GroqchatError:
    """The storage error that tells what an SQLite error means.

    Args:
        error: What SQLite raised.
        place: The database's path, for the reader.
    """
    if is_locked(error):
        return failure("database", detail=f"another program keeps {place} locked")
    if is_damage(error):
        return failure("database", detail=f"{place} is damaged ({error})")
    if _code(error) & _PRIMARY in _DISK:
        return failure("disk", detail=f"{place}: {error}")
    return failure("database", detail=str(error))


def _code(error: Exception) -> int:
    return getattr(error, "sqlite_errorcode", None) or 0

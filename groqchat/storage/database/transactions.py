"""Transactions, and the meaning of SQLite's errors."""

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
# The last one occurs when many processes begin to read at once.
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}


class DamagedError(Exception):
    """A check has found damage in the database."""


FAILURES = (sqlite3.Error, DamagedError, UnicodeDecodeError)
"""The errors of SQLite; a damaged file can even make its messages undecodable."""


@contextmanager
def transaction(db: sqlite3.Connection, *, durable: bool = False) -> Iterator[None]:
    """Run the block in a transaction, which is rolled back if it raises.

    The write lock is taken at the beginning: a transaction that reads first and then writes is
    refused without waiting if another process has written in between.

    Args:
        db: The connection.
        durable: Whether the transaction must survive a power cut once it is done.
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
    """Read damaged texts with replacement characters instead of raising."""
    db.text_factory = lambda raw: raw.decode("utf-8", "replace")


def is_damage(error: Exception) -> bool:
    """Whether an error means that the file is damaged."""
    if isinstance(error, DamagedError | UnicodeDecodeError):
        return True
    # Python raises the second for undecodable text, without a code.
    return _code(error) & _PRIMARY in _DAMAGE or "Could not decode to UTF-8" in str(error)


def is_locked(error: Exception) -> bool:
    """Whether an error means that another process holds a lock."""
    return _code(error) & _PRIMARY in _LOCKED


def explained(error: Exception, place: str) -> GroqchatError:
    """The storage error for an error of SQLite.

    Args:
        error: The error of SQLite.
        place: The path of the database, for the message.
    """
    if is_locked(error):
        return failure("database", detail=f"another program keeps {place} locked")
    if _code(error) == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
        gone = "what it belongs to was deleted meanwhile; open the session again"
        return failure("database", detail=gone)
    if is_damage(error):
        return failure("database", detail=f"{place} is damaged ({error})")
    if _code(error) & _PRIMARY in _DISK:
        return failure("disk", detail=f"{place}: {error}")
    return failure("database", detail=str(error))


def _code(error: Exception) -> int:
    return getattr(error, "sqlite_errorcode", None) or 0

"""Reads what can be read of a table in a damaged file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.storage.database.transactions import FAILURES

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Sequence


def readable_rows(
    db: sqlite3.Connection,
    table: str,
    columns: Sequence[str],
    skipping: Callable[[], None] = lambda: None,
) -> Iterator[tuple[object, ...]]:
    """The readable rows in order; unreadable ones are skipped in steps of growing size.

    Args:
        db: The connection.
        table: A table with row ids.
        columns: Its columns, or other expressions.
        skipping: Called at each row that cannot be read.
    """
    query = f"SELECT rowid, {', '.join(columns)} FROM {table} WHERE rowid >= ? ORDER BY rowid"
    start, step, end = 0, 1, _last_rowid(db, table)
    while start <= end:
        try:
            for row in db.execute(query, (start,)):
                yield row[1:]
                start, step = row[0] + 1, 1
        except FAILURES:
            skipping()
            start += step
            step *= 2
        else:
            return


def _last_rowid(db: sqlite3.Connection, table: str) -> int:
    """The last row id, or the largest possible one where it is unreadable."""
    try:
        return db.execute(f"SELECT max(rowid) FROM {table}").fetchone()[0] or 0
    except FAILURES:
        return 2**31

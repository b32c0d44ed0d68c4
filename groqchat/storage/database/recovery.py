"""Finds damage in a database; moves it aside and copies its readable rows into a new one."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from groqchat.storage.database.connection import open_file
from groqchat.storage.database.transactions import FAILURES, is_damage, read_leniently, transaction
from groqchat.storage.file_locks import exclusive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

TABLES = (
    "sessions", "session_tags", "messages", "ledger", "drafts", "profiles", "model_lists", "votes",
    "prompt_sets", "set_failures", "set_verdicts", "notes", "judgements", "comparisons", "flights",
    "batch_jobs", "batch_parts", "batch_lines", "prompt_queue", "deletions", "deleted_messages",
    "unlinked_flights",
    "tool_approvals",
)  # fmt: skip
_SIDE_FILES = ("", "-wal", "-shm")

# Repairs of references to rows that could not be read.
_LOST_SESSIONS = """
    INSERT INTO sessions (id, title, created, updated)
    SELECT session_id, 'Recovered conversation', min(created), max(created)
    FROM (
        SELECT session_id, created FROM messages
        UNION ALL SELECT session_id, created FROM prompt_queue
    ) WHERE session_id NOT IN (SELECT id FROM sessions) GROUP BY session_id
"""
_LOST_PARENTS = """
    UPDATE messages SET parent_id = NULL
    WHERE parent_id IS NOT NULL AND parent_id NOT IN (SELECT id FROM messages)
"""
_LOST_LEAVES = """
    UPDATE sessions SET leaf_id = (
        SELECT id FROM messages WHERE session_id = sessions.id ORDER BY number DESC LIMIT 1
    ) WHERE leaf_id IS NULL OR leaf_id NOT IN (SELECT id FROM messages)
"""


def complaint_about(path: Path) -> str:
    """What SQLite says about a damaged file; empty where it is whole, or not there.

    Every page is read, but no index is compared with its table (``PRAGMA quick_check``). A file
    that cannot be opened for another reason is told by whoever opens it next.

    Args:
        path: The file, which is only read.
    """
    if not path.is_file():
        return ""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            first = str(db.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.Error as error:
        return str(error) if is_damage(error) else ""
    return "" if first == "ok" else " ".join(first.split())


def recover(path: Path, stamp: str) -> str | None:
    """Replace a damaged database by a new one with its readable rows.

    Args:
        path: The database.
        stamp: A suffix for the name of the damaged file.

    Returns:
        Sentences for the user about the damaged file and the recovered rows; None when another
        process has done it meanwhile.

    Raises:
        OSError: The file cannot be moved.
        sqlite3.Error: The new database cannot be written.
    """
    with exclusive(path):
        if _is_whole(path):
            return None
        damaged = _move_aside(path, stamp)
        with closing(open_file(path)) as new:
            counts = _salvage(damaged, new)
    return (
        f"The database was damaged and has been moved to {damaged}. "
        f"Recovered from it: {counts['messages']:,} messages in {counts['sessions']:,} sessions "
        f"and {counts['ledger']:,} ledger entries."
    )


def _is_whole(path: Path) -> bool:
    try:
        open_file(path, check="integrity_check").close()
    except FAILURES as error:
        if not is_damage(error):
            raise
        return False
    return True


def _salvage(damaged: Path, new: sqlite3.Connection) -> dict[str, int]:
    """Copy the readable rows of every table; returns the number of rows by table."""
    with closing(_open_damaged(damaged)) as old:
        new.execute("PRAGMA foreign_keys = OFF")
        with transaction(new, durable=True):
            counts = {table: _copy(old, new, table) for table in TABLES}
            for repair in (_LOST_SESSIONS, _LOST_PARENTS, _LOST_LEAVES):
                new.execute(repair)
    return counts


def _move_aside(path: Path, stamp: str) -> Path:
    damaged = path.with_name(f"{path.name}.damaged-{stamp}")
    for suffix in _SIDE_FILES:
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).replace(damaged.with_name(damaged.name + suffix))
    return damaged


def _open_damaged(path: Path) -> sqlite3.Connection:
    old = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)
    read_leniently(old)
    return old


def _copy(old: sqlite3.Connection, new: sqlite3.Connection, table: str) -> int:
    """Copy the readable rows of a table in the columns that both databases have."""
    known = _columns(new, table)
    shared = [column for column in _columns(old, table) if column in known]
    if not shared:
        return 0
    names, marks = ", ".join(shared), ", ".join("?" * len(shared))
    insert = f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})"
    copied = 0
    for row in readable_rows(old, table, shared):
        copied += new.execute(insert, row).rowcount
    return copied


def _columns(db: sqlite3.Connection, table: str) -> list[str]:
    try:
        return [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
    except FAILURES:
        return []


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

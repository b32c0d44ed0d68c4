"""The store of comparisons: the state of their columns, by session."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from groqchat.storage.database.rows import storable

if TYPE_CHECKING:
    import sqlite3

    from groqchat.domain.compare.compare import ComparisonRecord
    from groqchat.storage.database.database import Database

_COLUMNS = "session_id, turn, seats, is_open, tag, is_blind, is_hidden"
_SAVE = f"""
    INSERT INTO comparisons ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (session_id) DO UPDATE SET
        turn = excluded.turn, seats = excluded.seats, is_open = excluded.is_open,
        tag = excluded.tag, is_blind = excluded.is_blind, is_hidden = excluded.is_hidden
"""
_FIND = f"SELECT {_COLUMNS} FROM comparisons WHERE session_id = ?"


class Comparisons:
    """The comparisons on this machine; each goes with its session.

    Every call may raise ``StorageError``.

    Args:
        database: Where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, record: ComparisonRecord) -> None:
        """Store the state of a comparison, whose session is stored already."""
        await self._database.write(lambda db: put_record(db, record))

    async def find(self, session_id: str) -> ComparisonRecord | None:
        """The comparison in a session, if it is one."""
        return await self._database.read(lambda db: record_of(db, session_id))


def record_of(db: sqlite3.Connection, session_id: str) -> ComparisonRecord | None:
    """The comparison in a session, if it is one."""
    row = db.execute(_FIND, (session_id,)).fetchone()
    if row is None:
        return None
    from groqchat.domain.compare.columns import column_from
    from groqchat.domain.compare.compare import ComparisonRecord

    found, turn, seats, is_open, tag, is_blind, is_hidden = row
    return ComparisonRecord(
        found,
        turn,
        tuple(column_from(column) for column in json.loads(seats)),
        bool(is_open),
        tag,
        bool(is_blind),
        bool(is_hidden),
    )


def put_record(db: sqlite3.Connection, record: ComparisonRecord) -> None:
    """Store the state of a comparison in place of its last one."""
    from groqchat.domain.compare.columns import column_document

    values = (
        record.session_id,
        record.turn,
        json.dumps([column_document(column) for column in record.columns]),
        record.is_open,
        storable(record.tag),
        record.is_blind,
        record.is_hidden,
    )
    db.execute(_SAVE, values)

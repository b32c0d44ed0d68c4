"""Rows of the ledger, written on a plain connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.storage.database.rows import LEDGER_COLUMNS, entry_row

if TYPE_CHECKING:
    import sqlite3

    from groqchat.domain.ledger.entry import LedgerEntry

_INSERT = (
    f"INSERT INTO ledger ({LEDGER_COLUMNS}) "
    f"VALUES ({', '.join('?' * len(LEDGER_COLUMNS.split(',')))})"
)


def insert_entry(db: sqlite3.Connection, entry: LedgerEntry) -> None:
    """Add an entry within a transaction of the caller."""
    db.execute(_INSERT, entry_row(entry))

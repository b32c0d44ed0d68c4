"""Ledger entries: as rows of the ledger, and as the JSON of a provisional entry.

A provisional entry is what an unfinished answer is booked as if its process dies.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from groqchat.storage.database.rows import LEDGER_COLUMNS, entry_from, entry_row
from groqchat.storage.database.usage.rollups import add_new_entries

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from groqchat.domain.ledger.entry import LedgerEntry

_INSERT = (
    f"INSERT INTO ledger ({LEDGER_COLUMNS}) "
    f"VALUES ({', '.join('?' * len(LEDGER_COLUMNS.split(',')))})"
)
_NAMES = LEDGER_COLUMNS.split(", ")


def insert_entry(db: sqlite3.Connection, entry: LedgerEntry) -> None:
    """Add an entry to the ledger and to its sums, within a transaction of the caller.

    Everything that writes the ledger does so here: a turn that ended with an answer
    (:meth:`.sessions.Sessions.finish`) or without one, and requests of audio
    (:meth:`.ledger.Ledger.record`); lines of batches (:mod:`.batch.batches`); answers whose
    process died (:mod:`.abandoned`).
    """
    insert_entries(db, (entry,))


def insert_entries(db: sqlite3.Connection, entries: Iterable[LedgerEntry]) -> None:
    """Add entries as :func:`insert_entry` does; many are added up far faster at once."""
    db.executemany(_INSERT, map(entry_row, entries))
    add_new_entries(db)


def provisional_json(entry: LedgerEntry, begun: int) -> str:
    """The JSON of a provisional entry; ``begun`` is the index at which the answer's text begins."""
    return json.dumps({"begun": begun, **dict(zip(_NAMES, entry_row(entry), strict=True))})


def provisional_from(text: str) -> tuple[LedgerEntry, int]:
    """The provisional entry of a JSON text, and the index at which the answer's text begins.

    Raises:
        ValueError, KeyError, TypeError, ArithmeticError: Another version wrote the text.
    """
    # Older ones wrote none of these.
    provisional = {"retry_at": None, "characters": 0, "uid": ""} | json.loads(text)
    return entry_from(tuple(provisional[name] for name in _NAMES)), provisional["begun"]

"""Which sessions are comparisons, and how their columns stand."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from groqchat.domain.chat import Options
from groqchat.domain.compare import Record, Seat

if TYPE_CHECKING:
    from groqchat.storage.database import Database

_SAVE = """
    INSERT INTO comparisons (session_id, turn, seats, is_open) VALUES (?, ?, ?, ?)
    ON CONFLICT (session_id) DO UPDATE SET
        turn = excluded.turn, seats = excluded.seats, is_open = excluded.is_open
"""
_FIND = "SELECT session_id, turn, seats, is_open FROM comparisons WHERE session_id = ?"


class Comparisons:
    """The comparisons on this machine; each goes with its session.

    Every call may raise ``StorageError``.

    Args:
        database: Where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, record: Record) -> None:
        """Keep how a comparison stands; its session is stored already."""
        seats = json.dumps([_written(seat) for seat in record.seats])
        values = (record.session_id, record.turn, seats, record.is_open)
        await self._database.write(lambda db: db.execute(_SAVE, values))

    async def find(self, session_id: str) -> Record | None:
        """The comparison in a session, if it is one."""
        row = await self._database.read(lambda db: db.execute(_FIND, (session_id,)).fetchone())
        if row is None:
            return None
        found, turn, seats, is_open = row
        return Record(found, turn, tuple(_read(seat) for seat in json.loads(seats)), bool(is_open))


def _written(seat: Seat) -> dict[str, object]:
    """As JSON has it, which knows no sets."""
    return {**asdict(seat), "options": {**asdict(seat.options), "dropped": [*seat.options.dropped]}}


def _read(seat: dict[str, Any]) -> Seat:
    options = seat["options"]
    return Seat(
        Options(**{**options, "dropped": frozenset(options["dropped"])}),
        seat["prompt_id"],
        seat["failures"],
    )

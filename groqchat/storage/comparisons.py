"""Which sessions are comparisons, and how their columns stand."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from groqchat.domain.causes import CAUSES, failure
from groqchat.domain.chat import Options
from groqchat.domain.compare import Record, Seat
from groqchat.domain.quota import Bucket
from groqchat.storage.rows import storable

if TYPE_CHECKING:
    import sqlite3

    from groqchat.domain.errors import GroqchatError
    from groqchat.storage.database import Database

_COLUMNS = "session_id, turn, seats, is_open, tag, is_blind, is_hidden"
_SAVE = f"""
    INSERT INTO comparisons ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (session_id) DO UPDATE SET
        turn = excluded.turn, seats = excluded.seats, is_open = excluded.is_open,
        tag = excluded.tag, is_blind = excluded.is_blind, is_hidden = excluded.is_hidden
"""
_FIND = f"SELECT {_COLUMNS} FROM comparisons WHERE session_id = ?"
# What stays true of an error: not how long to wait, nor what its headers said.
_LASTING = (
    "status", "code", "model", "bucket", "limit", "used", "requested", "parameter", "replacement",
    "detail", "vendor", "allowed", "advice",
)  # fmt: skip


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
        await self._database.write(lambda db: put_record(db, record))

    async def find(self, session_id: str) -> Record | None:
        """The comparison in a session, if it is one."""
        row = await self._database.read(lambda db: db.execute(_FIND, (session_id,)).fetchone())
        if row is None:
            return None
        found, turn, seats, is_open, tag, is_blind, is_hidden = row
        return Record(
            found,
            turn,
            tuple(_read(seat) for seat in json.loads(seats)),
            bool(is_open),
            tag,
            bool(is_blind),
            bool(is_hidden),
        )


def put_record(db: sqlite3.Connection, record: Record) -> None:
    """Write how a comparison stands, in place of how it stood."""
    values = (
        record.session_id,
        record.turn,
        json.dumps([_written(seat) for seat in record.seats]),
        record.is_open,
        storable(record.tag),
        record.is_blind,
        record.is_hidden,
    )
    db.execute(_SAVE, values)


def _written(seat: Seat) -> dict[str, object]:
    """As JSON has it, which knows no sets."""
    options = {**asdict(seat.options), "dropped": [*seat.options.dropped]}
    error = seat.error and {
        "cause": seat.error.cause.name,
        "facts": {name: getattr(seat.error.facts, name) for name in _LASTING},
    }
    return {
        "options": options,
        "prompt_id": seat.prompt_id,
        "failures": seat.failures,
        "error": error,
    }


def _read(seat: dict[str, Any]) -> Seat:
    options = seat["options"]
    return Seat(
        Options(**{**options, "dropped": frozenset(options["dropped"])}),
        seat["prompt_id"],
        seat["failures"],
        _error(seat.get("error")),
    )


def _error(written: dict[str, Any] | None) -> GroqchatError | None:
    """An error as it was told; one that this version does not know any more is none."""
    if written is None or written["cause"] not in CAUSES:
        return None
    facts = {name: told for name, told in written["facts"].items() if name in _LASTING}
    if facts.get("bucket"):
        facts["bucket"] = Bucket(facts["bucket"])
    return failure(written["cause"], **facts)

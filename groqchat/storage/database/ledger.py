"""The ledger: a record of each request with its usage and its cost at that time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from groqchat.domain.ledger.entry import BATCH, Recorded
from groqchat.domain.money.usage import Timing
from groqchat.storage.database.entries import insert_entry
from groqchat.storage.database.holds import (
    WHOSE_LIMITS,
    end_hold,
    put_hold,
    running_elsewhere,
    version,
)
from groqchat.storage.database.kept_piece_rows import put_piece
from groqchat.storage.database.rows import LEDGER_COLUMNS, entry_from
from groqchat.storage.database.usage import rollups
from groqchat.storage.life_sign import REQUEST, LifeSign

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from groqchat.domain.audio.kept import KeptPiece
    from groqchat.domain.ledger.entry import LedgerEntry
    from groqchat.domain.ledger.holds import Cap, CapUsage, Hold, Overtaken
    from groqchat.domain.ledger.sums import Grouping, Share, Sums
    from groqchat.storage.database.database import Database

_WHOSE = (
    f"WHERE {WHOSE_LIMITS} AND time >= ? AND service_tier IS NOT '{BATCH}' "
    "AND {number} >= ? ORDER BY {number}"
)
# The sign keeps SQLite from reading the whole ledger in the order of its numbers.
_SINCE = f"SELECT number, {LEDGER_COLUMNS} FROM ledger {_WHOSE.format(number='+number')}"
# From a number on there are few, which are found by it and not by what else they have to be.
_NEWS = f"SELECT number, {LEDGER_COLUMNS} FROM ledger NOT INDEXED {_WHOSE.format(number='number')}"
# Speeds come from the newest answers of each model, among the newest of all models. Short answers
# are left out: they arrive in one piece, which has no speed.
TIMED_ANSWERS, LOOKED_AT, SHORTEST_TIMED = 20, 2_000, 20
_TIMED = """
    SELECT model, completion_tokens, timing FROM (
        SELECT recent.model, completion_tokens, timing, recent.number,
            row_number() OVER (PARTITION BY recent.model ORDER BY recent.number DESC) AS age
        FROM (
            SELECT number, model, completion_tokens, message_id FROM ledger
            WHERE outcome = 'ok' AND provider IS NULL ORDER BY number DESC LIMIT ?
        ) AS recent
        JOIN messages ON messages.id = recent.message_id
        WHERE timing IS NOT NULL AND completion_tokens >= ?
    ) WHERE age <= ? ORDER BY number DESC
"""


class Ledger:
    """The :class:`~groqchat.services.ports.Ledger` of this machine, shared by all processes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sign = LifeSign(database.folder, REQUEST)

    async def record(
        self, entry: LedgerEntry, *, held_for: str = "", piece: KeptPiece | None = None
    ) -> None:
        """Add an entry without a saved answer, and remove the hold of its request.

        A ``piece`` is kept in the same transaction: what is paid is there.
        """

        def record(db: sqlite3.Connection) -> None:
            if held_for and not end_hold(db, held_for):  # booked as if this process were dead
                rollups.delete_entries(db, entry.session_id, held_for)
            insert_entry(db, entry)
            if piece is not None:
                put_piece(db, piece)

        await self._database.write(record)

    async def hold(self, hold: Hold, caps: Sequence[Cap]) -> CapUsage | Overtaken | None:
        """Hold what a request may take, or return what is in the way.

        What dead processes held is booked first.
        """

        def put(db: sqlite3.Connection) -> CapUsage | Overtaken | None:
            from groqchat.storage.database.abandoned import end_dead

            self._sign.show()
            end_dead(db, self._sign.has_ended)
            return put_hold(db, hold, caps, self._sign.name)

        return await self._database.write(put)

    def leave(self) -> None:
        """Show no longer that this process has requests under way, at its end."""
        self._sign.release()

    async def release(self, message_id: str) -> None:
        """Remove the hold of a request that was not sent."""
        await self._database.write(lambda db: end_hold(db, message_id))

    async def since(
        self,
        time: float,
        *,
        fingerprint: str,
        model: str,
        profiles: Iterable[str] = (),
        provider: str | None = None,
        number: int = 0,
    ) -> Recorded:
        """The entries of a key or of some profiles for a model since a Unix time."""
        whose = (fingerprint, json.dumps(list(profiles)), model, provider)
        query = _NEWS if number else _SINCE

        def read(db: sqlite3.Connection) -> Recorded:
            found = version(db)  # before all else: what is written meanwhile is news
            running = running_elsewhere(db, self._sign.name, whose)
            return _recorded(db, query, (*whose, time, number))._replace(
                running=running, version=found
            )

        return await self._database.read(read)

    async def version(self) -> int:
        """A number that changes when another process has written the database."""
        return await self._database.read(version)

    async def spent(
        self, *, since: float = 0.0, until: float | None = None, session_id: str | None = None
    ) -> Sums:
        """The sums of a period (Unix times; open end without ``until``), or of one session."""
        from groqchat.storage.database.usage.periods import spent

        return await self._database.read(lambda db: spent(db, since, until, session_id))

    async def by(
        self,
        grouping: Grouping,
        *,
        since: float = 0.0,
        until: float | None = None,
        limit: int = -1,
    ) -> Sequence[Share]:
        """The sums of a period by group; models and profiles by name, others newest first.

        ``limit`` bounds the days or sessions; -1 is no limit.
        """
        from groqchat.storage.database.usage.periods import shares

        return await self._database.read(lambda db: shares(db, grouping, since, until, limit))

    async def mend_sums(self) -> bool:
        """Compare the rollups with the ledger, and add the ledger up anew where they differ.

        Returns:
            Whether they were right.
        """
        if await self._database.read(rollups.are_right):
            return True
        await self._database.write(rollups.forget)
        await self._database.read(rollups.catch_up)
        return False

    async def speeds(self) -> Mapping[str, Sequence[float]]:
        """The tokens per second of recent saved answers, by model."""
        return await self._database.read(_speeds)


def _recorded(db: sqlite3.Connection, query: str, values: tuple[object, ...]) -> Recorded:
    last = db.execute("SELECT coalesce(max(number), 0) FROM ledger").fetchone()[0]
    rows = db.execute(query, values)
    return Recorded([entry_from(row[1:], row[0]) for row in rows], last)


def _speeds(db: sqlite3.Connection) -> Mapping[str, Sequence[float]]:
    speeds: dict[str, list[float]] = {}
    for model, tokens, timing in db.execute(_TIMED, (LOOKED_AT, SHORTEST_TIMED, TIMED_ANSWERS)):
        speed = Timing(**json.loads(timing)).tokens_per_second(tokens)
        if speed is not None:
            speeds.setdefault(model, []).append(speed)
    return speeds

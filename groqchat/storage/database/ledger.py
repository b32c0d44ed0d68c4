"""The ledger: a record of each request with its usage and its cost at that time."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

from groqchat.domain.ledger.entry import BATCH
from groqchat.domain.ledger.sums import Grouping, Share, Sums
from groqchat.domain.money.usage import Timing
from groqchat.storage.database.entries import insert_entry
from groqchat.storage.database.holds import end_hold, put_hold
from groqchat.storage.database.rows import LEDGER_COLUMNS, Row, entry_from

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from groqchat.domain.ledger.entry import LedgerEntry
    from groqchat.domain.ledger.holds import Cap, Hold, Room
    from groqchat.storage.database.database import Database

_SINCE = (
    f"SELECT {LEDGER_COLUMNS} FROM ledger "
    "WHERE (fingerprint = ? OR profile IN (SELECT value FROM json_each(?))) "
    f"AND model = ? AND provider IS ? AND time >= ? AND service_tier IS NOT '{BATCH}' "
    "ORDER BY time, number"
)
_WITHIN = "WHERE time >= ? AND time < coalesce(?, 9e999)"
# A refused request has no usage, and so its price is not missing.
_SUMS = """
    count(*), coalesce(sum(prompt_tokens), 0), coalesce(sum(cached_tokens), 0),
    coalesce(sum(completion_tokens), 0),
    coalesce(decimal_sum(cost), '0'), coalesce(decimal_sum(saved), '0'),
    count(*) FILTER (
        WHERE cost IS NULL AND (prompt_tokens > 0 OR completion_tokens > 0 OR audio_s > 0)
    ),
    count(*) FILTER (WHERE outcome NOT IN ('ok', 'stopped', 'stream_broken', 'no_answer'))
"""
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
_KEYS = {
    Grouping.MODEL: "coalesce(model || ' at ' || provider, model)",
    Grouping.DAY: "date(time, 'unixepoch', 'localtime')",
    Grouping.SESSION: "coalesce(session_id, '')",
    Grouping.PROFILE: "profile",
}

_BY_TIME = frozenset({Grouping.DAY, Grouping.SESSION})


class Ledger:
    """The :class:`~groqchat.services.ports.Ledger` of this machine, shared by all processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(self, entry: LedgerEntry, *, held_for: str = "") -> None:
        """Add an entry without a saved answer, and remove the hold of its request."""

        def record(db: sqlite3.Connection) -> None:
            insert_entry(db, entry)
            end_hold(db, held_for)

        await self._database.write(record)

    async def hold(self, hold: Hold, caps: Sequence[Cap]) -> Room | None:
        """Hold the expected cost of a request, or return the first cap that is too small.

        Holds of dead processes count until ``ABANDONED_S`` after their last sign of life.
        """
        return await self._database.write(lambda db: put_hold(db, hold, caps))

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
    ) -> Sequence[LedgerEntry]:
        """The entries of a key or of some profiles for a model since a Unix time, oldest first."""
        values = (fingerprint, json.dumps(list(profiles)), model, provider, time)
        return await self._database.read(
            lambda db: [entry_from(row) for row in db.execute(_SINCE, values)]
        )

    async def spent(
        self, *, since: float = 0.0, until: float | None = None, session_id: str | None = None
    ) -> Sums:
        """The sums of a period (Unix times; open end without ``until``), or of one session."""
        query = f"SELECT {_SUMS} FROM ledger {_WITHIN}"
        values: tuple[float | str | None, ...] = (since, until)
        if session_id is not None:
            query, values = f"{query} AND session_id = ?", (since, until, session_id)
        return await self._database.read(lambda db: _sums(db.execute(query, values).fetchone()))

    async def by(
        self, grouping: Grouping, *, since: float = 0.0, until: float | None = None
    ) -> Sequence[Share]:
        """The sums of a period by group; models and profiles by name, others newest first."""
        key = _KEYS[grouping]
        vendor = "max(provider)" if grouping is Grouping.MODEL else "NULL"
        order = "ORDER BY " + ("max(time) DESC" if grouping in _BY_TIME else "1")
        query = f"SELECT {key}, {vendor}, {_SUMS} FROM ledger {_WITHIN} GROUP BY 1 {order}"
        span = (since, until)
        return await self._database.read(
            lambda db: [Share(row[0], _sums(row[2:]), row[1]) for row in db.execute(query, span)]
        )

    async def speeds(self) -> Mapping[str, Sequence[float]]:
        """The tokens per second of recent saved answers, by model."""
        return await self._database.read(_speeds)


def _speeds(db: sqlite3.Connection) -> Mapping[str, Sequence[float]]:
    speeds: dict[str, list[float]] = {}
    for model, tokens, timing in db.execute(_TIMED, (LOOKED_AT, SHORTEST_TIMED, TIMED_ANSWERS)):
        speed = Timing(**json.loads(timing)).tokens_per_second(tokens)
        if speed is not None:
            speeds.setdefault(model, []).append(speed)
    return speeds


def _sums(row: Row) -> Sums:
    requests, prompt, cached, completion, cost, saved, unpriced, refused = row
    money = Decimal(cost), Decimal(saved)
    return Sums(requests, prompt, cached, completion, *money, unpriced, refused)

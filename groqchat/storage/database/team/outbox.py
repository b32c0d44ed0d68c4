"""The entries of the ledger that a team does not have yet, and what was read of it last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.ledger.entry import Recorded
from groqchat.storage.database.rows import LEDGER_COLUMNS, entry_from

if TYPE_CHECKING:
    import sqlite3

    from groqchat.domain.team.place import PlaceState
    from groqchat.services.team.ports import Kept
    from groqchat.storage.database.database import Database

# So many entries are handed in at once, so that the team's other members need not wait for long.
CHUNK = 200
_BEGIN = """
    INSERT OR IGNORE INTO team_handed
    SELECT ?, coalesce(max(number), 0) FROM ledger
"""
_LAST = "SELECT number FROM team_handed WHERE team = ?"
_PENDING = f"SELECT number, {LEDGER_COLUMNS} FROM ledger WHERE number > ? ORDER BY number LIMIT ?"
_HANDED = "UPDATE team_handed SET number = max(number, ?) WHERE team = ?"
_KEEP = """
    INSERT INTO team_contacts VALUES (?, ?, ?, ?, ?, ?, NULL)
    ON CONFLICT DO UPDATE SET buckets = excluded.buckets, active = excluded.active,
        at = excluded.at WHERE excluded.at >= at
"""
_THERE = "UPDATE team_contacts SET away_since = NULL WHERE team = ? AND away_since < ?"
_LOST = "UPDATE team_contacts SET away_since = ? WHERE team = ? AND away_since IS NULL"
_KEPT = """
    SELECT model, buckets, active, at, away_since FROM team_contacts
    WHERE team = ? AND account = ? ORDER BY model = ? DESC, at DESC LIMIT 1
"""
_USED = f"SELECT number, {LEDGER_COLUMNS} FROM ledger WHERE model = ? AND time > ?"


class TeamOutbox:
    """The :class:`~groqchat.services.team.ports.Outbox` of this machine, for all its processes.

    Args:
        database: The database of the ledger.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, team: str) -> None:
        """Note that a team gets the entries that are recorded from now on, if it is a new one."""
        await self._database.write(lambda db: db.execute(_BEGIN, (team,)))

    async def pending(self, team: str) -> Recorded:
        """The oldest entries for a team, ``CHUNK`` at most, and the number of the last of them."""
        return await self._database.read(lambda db: _pending(db, team))

    async def handed_in(self, team: str, number: int) -> None:
        """Note that a team has all entries up to a number."""
        await self._database.write(lambda db: db.execute(_HANDED, (number, team)))

    async def keep(self, team: str, account: str, model: str, state: PlaceState, at: float) -> None:
        """Keep what was read of a model's limits at a Unix time, when the server was there."""
        from groqchat.domain.limits.bucket_texts import buckets_text  # most people have no team

        row = team, account, model, buckets_text(state.buckets), state.active, at

        def keep(db: sqlite3.Connection) -> None:
            db.execute(_KEEP, row)
            db.execute(_THERE, (team, at))

        await self._database.write(keep)

    async def lost(self, team: str, since: float) -> None:
        """Note since when the server is away; an earlier time stays."""
        await self._database.write(lambda db: db.execute(_LOST, (since, team)))

    async def kept(self, team: str, account: str, model: str) -> Kept | None:
        """What was read last; None: nothing of any model."""
        return await self._database.read(lambda db: _kept(db, team, account, model))


def _kept(db: sqlite3.Connection, team: str, account: str, model: str) -> Kept | None:
    from groqchat.domain.limits.bucket_texts import buckets_from
    from groqchat.domain.team.place import PlaceState
    from groqchat.services.team.ports import Kept

    row = db.execute(_KEPT, (team, account, model)).fetchone()
    if row is None:
        return None
    found, buckets, active, at, away_since = row
    state = PlaceState(buckets_from(buckets) if found == model else (), active=active)
    used = [entry_from(each[1:], each[0]) for each in db.execute(_USED, (model, at))]
    return Kept(state, at, away_since, used)


def _pending(db: sqlite3.Connection, team: str) -> Recorded:
    found = db.execute(_LAST, (team,)).fetchone()
    if found is None:
        return Recorded([], 0)
    rows = db.execute(_PENDING, (found[0], CHUNK)).fetchall()
    return Recorded(
        [entry_from(row[1:], row[0]) for row in rows], rows[-1][0] if rows else found[0]
    )

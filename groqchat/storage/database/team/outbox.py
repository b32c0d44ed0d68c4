"""The entries of the ledger that a team does not have yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.ledger.entry import Recorded
from groqchat.storage.database.rows import LEDGER_COLUMNS, entry_from

if TYPE_CHECKING:
    import sqlite3

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


def _pending(db: sqlite3.Connection, team: str) -> Recorded:
    found = db.execute(_LAST, (team,)).fetchone()
    if found is None:
        return Recorded([], 0)
    rows = db.execute(_PENDING, (found[0], CHUNK)).fetchall()
    return Recorded(
        [entry_from(row[1:], row[0]) for row in rows], rows[-1][0] if rows else found[0]
    )

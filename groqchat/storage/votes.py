"""Judgements on compared answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from groqchat.domain.compare import Verdict, Vote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.storage.database import Database
    from groqchat.storage.rows import Row

_COLUMNS = "session_id, turn, time, models, verdict, winner, is_blind"
_SAVE = f"INSERT OR REPLACE INTO votes ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"


class Votes:
    """The votes on this machine; they outlive the sessions. Every call may raise ``StorageError``.

    Args:
        database: Where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, vote: Vote) -> None:
        """Keep a vote; it replaces an earlier one on the same turn."""
        values = (
            vote.session_id,
            vote.turn,
            vote.time,
            json.dumps(vote.models),
            vote.verdict.value,
            vote.winner,
            vote.is_blind,
        )
        await self._database.write(lambda db: db.execute(_SAVE, values))

    async def all(self) -> Sequence[Vote]:
        """All votes there are, oldest first."""
        query = f"SELECT {_COLUMNS} FROM votes ORDER BY time, session_id, turn"
        return await self._database.read(lambda db: [_vote(row) for row in db.execute(query)])


def _vote(row: Row) -> Vote:
    session_id, turn, time, models, verdict, winner, is_blind = row
    known = tuple(json.loads(models))
    return Vote(session_id, turn, time, known, Verdict(verdict), winner, bool(is_blind))

"""The bin: deleted sessions and messages, which can be brought back for 30 days."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from groqchat.domain.sessions.groups import KEPT_IN_BIN_S
from groqchat.storage.database.archives import delete_for_good
from groqchat.storage.database.bin import deletions
from groqchat.storage.database.finding import listing

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from groqchat.domain.sessions.deletion import Deletion, Refusal, Restored
    from groqchat.domain.turns.chat import Session
    from groqchat.storage.database.database import Database

MOST_AT_ONCE = 5_000
"""The most messages that one emptying removes, unless the oldest session alone has more: other
processes that write wait for it less than a second."""

_AMONG = "id IN (SELECT value FROM json_each(?))"
_PUT = f"UPDATE sessions SET deleted = ? WHERE {_AMONG} AND deleted IS NULL"
_RESTORE = f"UPDATE sessions SET deleted = NULL WHERE {_AMONG}"
_FOUND = "SELECT id FROM sessions WHERE id >= ? AND id < ? AND deleted IS NOT NULL LIMIT 2"
# A time in the future is that of a clock that was ahead, and is not waited for.
_DUE = """
    SELECT id, (SELECT count(*) FROM messages WHERE session_id = sessions.id)
    FROM sessions WHERE deleted <= ? OR deleted > ? ORDER BY deleted
"""


class Bin:
    """The bin of this machine. Every call may raise ``StorageError``.

    Args:
        database: The database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, session_ids: Sequence[str]) -> None:
        """Put sessions into the bin, all or none; those that are there stay as they are."""
        values = (time.time(), json.dumps(list(session_ids)))
        await self._database.write(lambda db: db.execute(_PUT, values), durable=True)

    async def restore(self, session_ids: Sequence[str]) -> None:
        """Take sessions out of the bin as they were, all or none."""
        values = (json.dumps(list(session_ids)),)
        await self._database.write(lambda db: db.execute(_RESTORE, values), durable=True)

    async def sessions(self, *, limit: int = -1) -> Sequence[Session]:
        """The sessions in the bin, the last deleted first; -1 is no limit."""
        return await self._database.read(lambda db: listing.in_bin(db, limit))

    async def found(self, name: str) -> Sequence[str]:
        """The ids in the bin that begin with a text, two at most; a whole id stands alone."""
        among = (name, name + "\U0010ffff")
        rows = await self._database.read(lambda db: db.execute(_FOUND, among).fetchall())
        found = [row[0] for row in rows] if name else []
        return [name] if name in found else found

    async def put_messages(self, message_id: str, *, with_branch: bool) -> Deletion | Refusal:
        """Delete a message, or a message with all that follows it.

        Returns:
            What has changed, or the reason why nothing has.
        """
        return await self._database.write(
            lambda db: deletions.delete(db, message_id, with_branch=with_branch), durable=True
        )

    async def restore_messages(self, session_id: str) -> Restored | None:
        """Bring back what was deleted last of a session; None where there is nothing."""
        return await self._database.write(lambda db: deletions.undo(db, session_id), durable=True)

    async def remove_old(self) -> int:
        """Remove for good what was deleted 30 days ago: messages, and a part of many sessions.

        Returns:
            The number of sessions that were removed.
        """
        now = time.time()
        times = (now - KEPT_IN_BIN_S, now + KEPT_IN_BIN_S)
        due = await self._database.read(lambda db: _bounded(db, times))
        if not due and not await self._database.read(lambda db: deletions.has_old(db, times)):
            return 0

        def remove(db: sqlite3.Connection) -> None:
            # One that was restored meanwhile stays.
            still = {row[0] for row in db.execute(_DUE, times)}
            delete_for_good(db, [each for each in due if each in still])
            deletions.remove_old(db, times)

        await self._database.write(remove, durable=True, is_bulk=True)
        await self._database.empty_wal()
        return len(due)


def _bounded(db: sqlite3.Connection, times: tuple[float, float]) -> list[str]:
    due: list[str] = []
    size = 0
    for session_id, messages in db.execute(_DUE, times):
        size += messages
        if due and size > MOST_AT_ONCE:
            break
        due.append(session_id)
    return due

"""The ends of turns that nobody has seen yet, as a part of the store of sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from groqchat.storage.database.database import Database

_UNSEEN = "SELECT id, unseen_end FROM sessions WHERE unseen_end IS NOT NULL"
_NOTE = "UPDATE sessions SET unseen_end = ? WHERE id = ? AND unseen_end IS NOT ?"


class UnseenEnds:
    """The :class:`~groqchat.services.end_store.EndStore` of this machine."""

    _database: Database

    async def unseen_ends(self) -> Mapping[str, str]:
        """See `EndStore.unseen_ends`."""
        return dict(await self._database.read(lambda db: db.execute(_UNSEEN).fetchall()))

    async def note_end(self, session_id: str, end: str | None) -> None:
        """See `EndStore.note_end`."""
        changed = (end, session_id, end)
        await self._database.write(lambda db: db.execute(_NOTE, changed))

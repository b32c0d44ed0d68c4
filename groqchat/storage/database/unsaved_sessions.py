"""Sessions in memory whose costs are still recorded."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.storage.database.sessions import Sessions

if TYPE_CHECKING:
    from groqchat.domain.ledger.entry import LedgerEntry
    from groqchat.domain.turns.chat import Message
    from groqchat.storage.database.database import Database
    from groqchat.storage.database.ledger import Ledger


class UnsavedSessions(Sessions):
    """Sessions that are kept in memory, for this run only.

    Args:
        database: A database in memory.
        ledger: The ledger on disk, in which requests are recorded.
    """

    def __init__(self, database: Database, ledger: Ledger) -> None:
        super().__init__(database)
        self._ledger = ledger

    async def finish(self, message: Message, entry: LedgerEntry | None) -> None:
        """Write the final answer in memory, and its entry in the ledger on disk."""
        await super().finish(message, None)
        if entry is not None:
            kept = replace(entry, session_id=None, message_id=None)
            await self._ledger.record(kept, held_for=message.id)

"""Sessions in memory whose costs are still recorded, without a word on which session it was."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from groqchat.domain.ledger.holds import CapUsage
from groqchat.domain.ledger.sums import total
from groqchat.storage.database.ledger import Ledger
from groqchat.storage.database.sessions import Sessions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.domain.audio.kept import KeptPiece
    from groqchat.domain.ledger.entry import LedgerEntry
    from groqchat.domain.ledger.holds import Cap, Hold
    from groqchat.domain.ledger.sums import Sums
    from groqchat.domain.turns.chat import Message
    from groqchat.storage.database.database import Database


class UnsavedSessions(Sessions):
    """Sessions that are kept in memory, for this run only.

    Args:
        database: A database in memory.
        ledger: The ledger on disk, in which requests are recorded.
    """

    def __init__(self, database: Database, ledger: UnlinkedLedger) -> None:
        super().__init__(database)
        self._ledger = ledger

    async def finish(
        self, message: Message, entry: LedgerEntry | None, *, is_new: bool = False
    ) -> None:
        """Write the final answer in memory, and its entry in the ledger on disk."""
        await super().finish(message, None, is_new=is_new)
        if entry is not None:
            await self._ledger.record(entry, held_for=message.id)


class UnlinkedLedger(Ledger):
    """A ledger on disk that names no session; what each has used is known for this run only.

    Args:
        database: The database on disk.
    """

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._entries: list[LedgerEntry] = []
        self._holds: dict[str, Hold] = {}

    async def record(
        self, entry: LedgerEntry, *, held_for: str = "", piece: KeptPiece | None = None
    ) -> None:
        """Add an entry without its session and its message; no text is kept."""
        del piece
        self._holds.pop(held_for, None)
        self._entries.append(entry)
        await super().record(replace(entry, session_id=None, message_id=None), held_for=held_for)

    async def hold(self, hold: Hold, caps: Sequence[Cap]) -> CapUsage | None:
        """Hold the expected cost of a request, or return the first cap that is too small."""
        own = [cap for cap in caps if cap.session_id is not None]
        usages = [self._usage_of(cap) for cap in own]
        if full := next((usage for usage in usages if not usage.takes(hold.cost)), None):
            return full
        others = [cap for cap in caps if cap.session_id is None]
        too_small = await super().hold(replace(hold, session_id=""), others)
        if too_small is None:
            self._holds[hold.message_id] = hold
        return too_small

    async def release(self, message_id: str) -> None:
        """Remove the hold of a request that was not sent."""
        self._holds.pop(message_id, None)
        await super().release(message_id)

    async def spent(
        self, *, since: float = 0.0, until: float | None = None, session_id: str | None = None
    ) -> Sums:
        """The sums since a time, of a session from what this run has recorded."""
        if session_id is None:
            return await super().spent(since=since, until=until)
        return self._spent(session_id, since, until)

    def _spent(self, session_id: str, since: float = 0.0, until: float | None = None) -> Sums:
        return total(
            entry
            for entry in self._entries
            if entry.session_id == session_id
            and since <= entry.time
            and (until is None or entry.time < until)
        )

    def _usage_of(self, cap: Cap) -> CapUsage:
        held = (each.cost for each in self._holds.values() if each.session_id == cap.session_id)
        spent = self._spent(cap.session_id or "", cap.since, cap.until).cost
        return CapUsage(cap, spent, sum(held, Decimal(0)))

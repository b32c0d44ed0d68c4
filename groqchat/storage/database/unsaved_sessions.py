"""Sessions in memory whose costs are still recorded, without a word on which session it was."""

from __future__ import annotations

import time
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from groqchat.domain.ledger.holds import CapUsage
from groqchat.domain.ledger.sums import total
from groqchat.storage.database.abandoned import estimated
from groqchat.storage.database.entries import insert_entry, provisional_json
from groqchat.storage.database.holds import end_hold
from groqchat.storage.database.ledger import Ledger
from groqchat.storage.database.sessions import Sessions

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from groqchat.domain.audio.kept import KeptPiece
    from groqchat.domain.ledger.entry import LedgerEntry
    from groqchat.domain.ledger.holds import Cap, Hold, Overtaken
    from groqchat.domain.ledger.sums import Sums
    from groqchat.domain.turns.chat import Message
    from groqchat.storage.database.database import Database

_BEGIN = "INSERT INTO unlinked_flights (id, touched, entry) VALUES (?, ?, ?)"
_FOLLOW = "UPDATE unlinked_flights SET touched = ?, entry = ? WHERE id = ?"
_END = "DELETE FROM unlinked_flights WHERE id = ?"


class UnsavedSessions(Sessions):
    """Sessions that are kept in memory, for this run only.

    Args:
        database: A database in memory.
        ledger: The ledger on disk, in which requests are recorded.
    """

    def __init__(self, database: Database, ledger: UnlinkedLedger) -> None:
        super().__init__(database)
        self._ledger = ledger

    async def begin_answer(self, message: Message, entry: LedgerEntry, begun: int = 0) -> None:
        """Add a streaming answer in memory, and what it is booked as if this process dies."""
        await super().begin_answer(message, entry, begun)
        await self._ledger.begin(message, entry, begun)

    async def checkpoint(self, message: Message) -> None:
        """Write the text so far in memory, and the number of its tokens on disk."""
        await super().checkpoint(message)
        await self._ledger.follow(message)

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
        # What answers under way are booked as, and where their text begins.
        self._flights: dict[str, tuple[LedgerEntry, int]] = {}

    async def begin(self, answer: Message, entry: LedgerEntry, begun: int) -> None:
        """Note what an answer is booked as if this process dies over it; no text is kept."""
        self._flights[answer.id] = (_unlinked(entry), begun)
        values = (answer.id, *self._state_of(answer))
        await self._database.write(lambda db: db.execute(_BEGIN, values))

    async def follow(self, answer: Message) -> None:
        """Note how many tokens an answer has so far."""
        if answer.id in self._flights:
            values = (*self._state_of(answer), answer.id)
            await self._database.write(lambda db: db.execute(_FOLLOW, values))

    def _state_of(self, answer: Message) -> tuple[float, str]:
        _, entry = estimated(answer, *self._flights[answer.id])
        return time.time(), provisional_json(entry, 0)

    async def record(
        self, entry: LedgerEntry, *, held_for: str = "", piece: KeptPiece | None = None
    ) -> None:
        """Add an entry without its session and its message; no text is kept."""
        del piece
        is_held = self._holds.pop(held_for, None) is not None
        self._entries.append(entry)
        is_begun = self._flights.pop(held_for, None) is not None

        def record(db: sqlite3.Connection) -> None:
            # Another process may have booked it as abandoned, while this machine slept.
            was_begun = bool(db.execute(_END, (held_for,)).rowcount)
            was_held = end_hold(db, held_for)
            if was_begun or was_held or not (is_begun or is_held):
                insert_entry(db, _unlinked(entry))

        await self._database.write(record)

    async def hold(self, hold: Hold, caps: Sequence[Cap]) -> CapUsage | Overtaken | None:
        """Hold what a request may take, or return what is in the way; it names no session."""
        own = [cap for cap in caps if cap.session_id is not None]
        usages = [self._usage_of(cap) for cap in own]
        if full := next((usage for usage in usages if not usage.takes(hold.cost)), None):
            return full
        others = [cap for cap in caps if cap.session_id is None]
        claim = hold.claim and replace(hold.claim, entry=_unlinked(hold.claim.entry))
        in_the_way = await super().hold(replace(hold, session_id="", claim=claim), others)
        if in_the_way is None:
            self._holds[hold.message_id] = hold
        return in_the_way

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


def _unlinked(entry: LedgerEntry) -> LedgerEntry:
    """An entry that names neither its session nor its message."""
    return replace(entry, session_id=None, message_id=None)

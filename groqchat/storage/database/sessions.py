"""The store of sessions and their trees of messages."""

from __future__ import annotations

import json
import time
from functools import partial
from typing import TYPE_CHECKING

from groqchat.domain.clocks import AHEAD_S
from groqchat.domain.sessions.shelf import Shelf
from groqchat.domain.turns.chat import Role, State
from groqchat.storage.database import archives, branches, rows
from groqchat.storage.database.archives import delete_for_good
from groqchat.storage.database.endings.unseen_ends import UnseenEnds
from groqchat.storage.database.entries import insert_entry, provisional_json
from groqchat.storage.database.finding import listing
from groqchat.storage.database.holds import end_hold
from groqchat.storage.database.images.store import StoredImages
from groqchat.storage.database.messages import charge, put_copies, put_message
from groqchat.storage.database.usage.rollups import delete_entries

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from groqchat.domain.ledger.entry import LedgerEntry
    from groqchat.domain.sessions.archive import Added, Archive
    from groqchat.domain.sessions.queries import Query
    from groqchat.domain.sessions.summaries import Hit, Outline
    from groqchat.domain.turns.chat import Message, Session
    from groqchat.storage.database.database import Database

_LABELS = frozenset({"is_pinned", "is_archived", "tags"})
_CHANGEABLE = frozenset({"title", "leaf_id", "updated", *rows.ASKED_WITH, *_LABELS})

_SESSIONS = f"""
    SELECT {rows.SESSION_COLUMNS} FROM sessions
    WHERE id >= ? AND id < ? AND deleted IS NULL ORDER BY id LIMIT 2
"""
_BESIDE = """
    SELECT value, (SELECT max(id) FROM sessions WHERE id < value),
        (SELECT min(id) FROM sessions WHERE id > value)
    FROM json_each(?)
"""
_MESSAGES = f"SELECT {rows.MESSAGE_COLUMNS} FROM messages"
_BOOKED = "SELECT 1 FROM messages WHERE id = ? AND usage IS NOT NULL"
_CHECKPOINT = """
    UPDATE messages SET content = ?, reasoning = ?, length = ?, touched = ?, state = ?
    WHERE id = ?
"""

# A message is numbered after its parent.
_PATH = f"""
    {branches.BRANCH}
    SELECT {rows.MESSAGE_COLUMNS} FROM messages
    WHERE number IN (SELECT number FROM branch) ORDER BY number
"""


class Sessions(StoredImages, UnseenEnds):
    """The :class:`~groqchat.services.ports.SessionStore` of this machine."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create_session(self, session: Session) -> None:
        """Add a session without messages; later messages update its sums."""
        await self._database.write(lambda db: archives.create_session(db, session), durable=True)

    async def add_copies(self, copies: Iterable[tuple[Session, Sequence[Message]]]) -> None:
        """Add sessions with copied messages, all or none; the costs stay with the originals."""

        def add(db: sqlite3.Connection) -> None:
            for session, messages in copies:
                archives.create_session(db, session)
                put_copies(db, session.id, messages)
                leaf_id = messages[-1].id if messages else None
                db.execute("UPDATE sessions SET leaf_id = ? WHERE id = ?", (leaf_id, session.id))

        await self._database.write(add, durable=True)

    async def archive(self, session_id: str) -> Archive | None:
        """A session with all that belongs to it; None for an unknown id."""
        return await self._database.read(lambda db: archives.read(db, session_id))

    async def add_archives(self, added: Sequence[Archive]) -> Sequence[Added]:
        """Add sessions with all that belongs to them, in one transaction; existing ones stay."""
        return await self._database.write(
            lambda db: archives.add(db, added), durable=True, is_bulk=True
        )

    async def session(self, session_id: str) -> Session | None:
        """A session with its sums, by its id or a unique prefix of it; else None.

        What is in the bin is not found.
        """
        among = (session_id, session_id + "\U0010ffff")
        found = await self._database.read(lambda db: db.execute(_SESSIONS, among).fetchall())
        sessions = [rows.session_from(row) for row in found]
        is_clear = len(sessions) == 1 or (sessions and sessions[0].id == session_id)
        return sessions[0] if session_id and is_clear else None

    async def sessions(
        self,
        *,
        limit: int = 100,
        offset: int = 0,
        shelf: Shelf = Shelf.LISTED,
        pinned_first: bool = False,
    ) -> Sequence[Session]:
        """The sessions, last used first; sessions dated in the future come last."""
        latest = time.time() + AHEAD_S
        return await self._database.read(
            lambda db: listing.last_used(
                db, shelf, latest, limit=limit, offset=offset, pinned_first=pinned_first
            )
        )

    async def matching(
        self, query: Query, *, limit: int = 100, pinned_first: bool = False
    ) -> Sequence[Session]:
        """The sessions whose title or messages match a query, the last used first."""
        latest = time.time() + AHEAD_S
        return await self._database.read(
            lambda db: listing.matching(db, query, latest, limit=limit, pinned_first=pinned_first)
        )

    async def ids_beside(self, session_ids: Sequence[str]) -> Sequence[tuple[str, str]]:
        """Each id paired with those of all sessions that are next to it in alphabetical order."""
        wanted = (json.dumps(list(session_ids)),)
        found = await self._database.read(lambda db: db.execute(_BESIDE, wanted).fetchall())
        return [(each, other) for each, *others in found for other in others if other is not None]

    async def update_session(self, session_id: str, **changes: object) -> None:
        """Change ``title``, ``leaf_id``, ``updated``, labels or request options of a session."""
        unknown = changes.keys() - _CHANGEABLE
        if unknown:
            raise TypeError(f"a session's {min(unknown)} cannot be changed")
        tags = changes.pop("tags", None)
        values = [rows.stored(value) for value in changes.values()]
        columns = ", ".join(f"{name} = ?" for name in changes)

        def update(db: sqlite3.Connection) -> None:
            if columns:
                db.execute(f"UPDATE sessions SET {columns} WHERE id = ?", (*values, session_id))
            if isinstance(tags, tuple) and _exists(db, session_id):
                archives.put_tags(db, session_id, tags)

        await self._database.write(update)

    async def delete_session(self, session_id: str, *, charged_to: str | None = None) -> None:
        """Delete a session like :meth:`delete_sessions`.

        Args:
            session_id: The session.
            charged_to: The session in which the cost counts from now on; None leaves the ledger
                as it is.
        """

        def delete(db: sqlite3.Connection) -> None:
            if charged_to is not None:
                charge(db, session_id, charged_to)
            delete_for_good(db, [session_id])

        await _delete(self._database, delete)

    async def delete_sessions(self, session_ids: Sequence[str]) -> None:
        """Delete sessions with their drafts, notes and judgements, all or none, from the file too.

        The ledger entries and votes of the sessions stay.
        """
        await _delete(self._database, lambda db: delete_for_good(db, session_ids))

    async def add_message(self, message: Message, session: Session | None = None) -> None:
        """Add a message and make it the leaf of its session.

        A session that is not there is added in the same transaction, so that none is ever empty.
        Unless the message still streams, the disk begins to write it when this returns: to wait
        for that would often take longer than to send a prompt.
        """

        def add(db: sqlite3.Connection) -> None:
            if session is not None and not _exists(db, session.id):
                archives.create_session(db, session)
            insert_message(db, message)

        is_growing = message.state is State.STREAMING
        await (self._database.write if is_growing else self._database.write_and_flush)(add)

    async def begin_answer(self, message: Message, entry: LedgerEntry, begun: int = 0) -> None:
        """Add a streaming answer with the provisional entry to book if this process dies."""
        flight = (message.id, provisional_json(entry, begun))

        def begin(db: sqlite3.Connection) -> None:
            insert_message(db, message)
            db.execute("INSERT OR REPLACE INTO flights (message_id, entry) VALUES (?, ?)", flight)

        await self._database.write(begin)

    async def checkpoint(self, message: Message) -> None:
        """Write the text of a streaming answer so far."""
        values = (
            rows.storable(message.content),
            rows.storable(message.reasoning),
            len(message.content),
            time.time(),
            message.state.value,
            message.id,
        )
        await self._database.write(lambda db: db.execute(_CHECKPOINT, values))

    async def finish(
        self, message: Message, entry: LedgerEntry | None, *, is_new: bool = False
    ) -> None:
        """Write the final answer and its ledger entry in one transaction.

        The entry is added even if the session has been deleted meanwhile.
        """

        def finish(db: sqlite3.Connection) -> None:
            is_booked = db.execute(_BOOKED, (message.id,)).fetchone() is not None
            if not end_hold(db, message.id) or is_booked:  # as abandoned, which it was not
                delete_entries(db, message.session_id, message.id)
            is_kept = _exists(db, message.session_id)
            if is_kept and is_new:
                insert_message(db, message)
            elif is_kept:
                put_message(db, message)
                db.execute(
                    "UPDATE sessions SET leaf_id = ? WHERE id = ? AND leaf_id IS ?",
                    (message.id, message.session_id, message.parent_id),
                )
            db.execute("DELETE FROM flights WHERE message_id = ?", (message.id,))
            if entry is not None:
                insert_entry(db, entry)

        await self._database.write(finish, durable=True)

    async def path(self, leaf_id: str, *, limit: int | None = None) -> Sequence[Message]:
        """The messages from the first one to a leaf, or the last ``limit`` of them."""
        wanted = (leaf_id, -1 if limit is None else limit)
        return await self._database.read(
            lambda db: [rows.message_from(row) for row in db.execute(_PATH, wanted)]
        )

    async def outline(self, leaf_id: str) -> Outline:
        """The branch down to a leaf without texts, for long sessions."""
        return await self._database.read(lambda db: branches.outline(db, leaf_id))

    async def messages(self, ids: Iterable[str]) -> Mapping[str, Message]:
        """Messages by id; unknown ids are left out."""
        wanted = json.dumps(list(ids))
        query = f"{_MESSAGES} WHERE id IN (SELECT value FROM json_each(?))"
        found = await self._database.read(
            lambda db: [rows.message_from(row) for row in db.execute(query, (wanted,))]
        )
        return {message.id: message for message in found}

    async def everything(self, session_id: str) -> Sequence[Message]:
        """All messages of a session in all branches, oldest first."""
        query = f"{_MESSAGES} WHERE session_id = ? ORDER BY number"
        return await self._database.read(
            lambda db: [rows.message_from(row) for row in db.execute(query, (session_id,))]
        )

    async def answers(self, session_id: str) -> Sequence[Message]:
        """All answers of a session, oldest first."""
        messages = await self.everything(session_id)
        return [message for message in messages if message.role is Role.ASSISTANT]

    async def siblings(self, message_id: str) -> Sequence[str]:
        """The ids of all versions of a message, oldest first, itself included."""
        return await self._database.read(lambda db: branches.siblings(db, message_id))

    async def leaf_below(self, message_id: str) -> str:
        """The newest leaf below a message."""
        return await self._database.read(lambda db: branches.leaf_below(db, message_id))

    async def occurrences(self, leaf_id: str, text: str) -> Mapping[str, int]:
        """The number of matches in each message of a branch, by message id."""
        from groqchat.storage.database.finding.search import count_in_branch

        return await self._database.read(lambda db: count_in_branch(db, leaf_id, text))

    async def search(self, query: str, *, limit: int = 50, offset: int = 0) -> Sequence[Hit]:
        """The messages that match a query, best first; terms also match beginnings of words.

        Raises:
            QueryError: The query cannot be understood.
        """
        from groqchat.domain.sessions.queries import read_query
        from groqchat.services.sessions.dates import day_start
        from groqchat.storage.database.finding.search import find

        wanted = read_query(query, partial(day_start, now=time.time()))
        if not wanted:
            return ()
        return await self._database.read(lambda db: find(db, wanted, limit, offset))


async def _delete(database: Database, delete: Callable[[sqlite3.Connection], None]) -> None:
    await database.write(delete, durable=True, is_bulk=True)
    await database.empty_wal()


def insert_message(db: sqlite3.Connection, message: Message) -> None:
    """Add a message and make it the leaf of its session, in a caller's transaction."""
    put_message(db, message)
    db.execute(
        # A date in the future came from a clock that was ahead, and is replaced.
        "UPDATE sessions SET leaf_id = ?, "
        "updated = iif(updated > ?, ?, max(updated, ?)), deleted = iif(?, NULL, deleted) "
        "WHERE id = ?",
        (
            message.id,
            time.time() + AHEAD_S,
            message.created,
            message.created,
            # Another process may have put it into the bin; who writes on wants it back.
            message.role is Role.USER,
            message.session_id,
        ),
    )


def _exists(db: sqlite3.Connection, session_id: str) -> bool:
    query = "SELECT 1 FROM sessions WHERE id = ?"
    return db.execute(query, (session_id,)).fetchone() is not None

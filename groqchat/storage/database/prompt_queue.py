"""The store of queued prompts; a prompt is in its queue or is a message, never both or neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.sessions.prompt_queue import QueuedPrompt
from groqchat.domain.text.redact import holds_key
from groqchat.storage.database.drafts import put_draft
from groqchat.storage.database.rows import storable
from groqchat.storage.database.sessions import insert_message

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from groqchat.domain.turns.chat import Message
    from groqchat.storage.database.database import Database

_ADD = "INSERT INTO prompt_queue (id, session_id, created, text) VALUES (?, ?, ?, ?)"
_ALL = "SELECT id, session_id, text, created FROM prompt_queue WHERE session_id = ? ORDER BY number"
_WAITING = """
    SELECT session_id, count(*) FROM prompt_queue
    WHERE session_id NOT IN (SELECT id FROM sessions WHERE deleted IS NOT NULL)
    GROUP BY session_id ORDER BY min(number)
"""
_REMOVE = "DELETE FROM prompt_queue WHERE id = ?"


class QueuedPrompts:
    """The :class:`~groqchat.services.ports.PromptQueueStore` of this machine."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def queued(self, session_id: str) -> Sequence[QueuedPrompt]:
        """The queued prompts of a session, the next one first."""
        return await self._database.read(lambda db: _queued(db, session_id))

    async def waiting(self) -> Sequence[tuple[str, int]]:
        """The sessions with queued prompts, and how many; that which queued first comes first."""
        return await self._database.read(lambda db: db.execute(_WAITING).fetchall())

    async def queue(self, prompt: QueuedPrompt) -> Sequence[QueuedPrompt]:
        """Queue a prompt, in the place of the session's draft.

        Returns:
            All queued prompts of the session.

        Raises:
            StorageError: It cannot be stored, or the session is not there.
        """
        values = prompt.id, prompt.session_id, prompt.created, storable(prompt.text)

        def queue(db: sqlite3.Connection) -> Sequence[QueuedPrompt]:
            db.execute(_ADD, values)
            put_draft(db, prompt.session_id, "")
            return _queued(db, prompt.session_id)

        return await self._database.write_and_flush(queue)

    async def take_back(self, prompts: Sequence[QueuedPrompt]) -> Sequence[QueuedPrompt]:
        """Take prompts of one session out of its queue; their texts become its draft.

        A text that holds a key becomes none.

        Returns:
            Those that were still there: another process may have sent or taken some.
        """

        def take(db: sqlite3.Connection) -> Sequence[QueuedPrompt]:
            taken = [each for each in prompts if db.execute(_REMOVE, (each.id,)).rowcount]
            text = "\n\n".join(each.text for each in taken)
            if taken:
                put_draft(db, taken[0].session_id, "" if holds_key(text) else text)
            return taken

        return await self._database.write_and_flush(take)

    async def send(self, message: Message) -> bool:
        """Make a queued prompt a message of its session, in one transaction.

        Returns:
            Whether the prompt was still there: another process may have sent it, or taken it back.
        """

        def send(db: sqlite3.Connection) -> bool:
            is_there = db.execute(_REMOVE, (message.id,)).rowcount > 0
            if is_there:
                insert_message(db, message)
            return is_there

        return await self._database.write_and_flush(send)


def _queued(db: sqlite3.Connection, session_id: str) -> Sequence[QueuedPrompt]:
    return [QueuedPrompt(*row) for row in db.execute(_ALL, (session_id,))]

"""The store of drafts, and the history of prompts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from groqchat.storage.database.rows import storable

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from groqchat.storage.database.database import Database

_SAVE = """
    INSERT INTO drafts (session_id, text, updated) VALUES (?, ?, ?)
    ON CONFLICT (session_id) DO UPDATE SET text = excluded.text, updated = excluded.updated
"""
_PROMPTS = """
    SELECT content FROM messages WHERE role = 'user'
        AND session_id NOT IN (SELECT id FROM sessions WHERE deleted IS NOT NULL)
    ORDER BY number DESC
"""


class Drafts:
    """Drafts of sessions, and sent prompts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save_draft(self, session_id: str, text: str) -> None:
        """Save a session's draft; an empty text deletes it."""
        await self._database.write(lambda db: put_draft(db, session_id, text))

    async def draft(self, session_id: str) -> str:
        """The draft of a session, or an empty string."""
        query = "SELECT text FROM drafts WHERE session_id = ?"
        found = await self._database.read(lambda db: db.execute(query, (session_id,)).fetchone())
        return found[0] if found else ""

    async def prompts(self, query: str = "", *, limit: int = 100, offset: int = 0) -> Sequence[str]:
        """The sent prompts that contain a text, newest first, without repetitions."""

        def collect(db: sqlite3.Connection) -> list[str]:
            page: list[str] = []
            for number, prompt in enumerate(_different(db, query.casefold())):
                if number >= offset + limit:
                    break
                if number >= offset:
                    page.append(prompt)
            return page

        return await self._database.read(collect)


def put_draft(db: sqlite3.Connection, session_id: str, text: str) -> None:
    """Save a session's draft in a caller's transaction; an empty text deletes it."""
    if text:
        db.execute(_SAVE, (session_id, storable(text), time.time()))
    else:
        db.execute("DELETE FROM drafts WHERE session_id = ?", (session_id,))


def _different(db: sqlite3.Connection, wanted: str) -> Iterator[str]:
    seen: set[str] = set()
    for (prompt,) in db.execute(_PROMPTS):
        if prompt not in seen and wanted in prompt.casefold():
            seen.add(prompt)
            yield prompt

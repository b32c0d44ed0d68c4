"""The store of drafts, and the history of prompts."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from groqchat.domain.sessions.draft import ChipMark, KeptDraft
from groqchat.domain.sessions.unsaved import UNSAVED
from groqchat.storage.database.rows import storable
from groqchat.storage.life_sign import DRAFT, LifeSign

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from groqchat.storage.database.database import Database

_SAVE = """
    INSERT INTO drafts (session_id, text, updated, chips) VALUES (?, ?, ?, ?)
    ON CONFLICT (session_id)
        DO UPDATE SET text = excluded.text, updated = excluded.updated, chips = excluded.chips
"""
_PROMPTS = """
    SELECT content FROM messages WHERE role = 'user'
        AND session_id NOT IN (SELECT id FROM sessions WHERE deleted IS NOT NULL)
    ORDER BY number DESC
"""


_UNSAVED_DRAFTS = f"""
    SELECT session_id, text, chips FROM drafts
    WHERE session_id = '{UNSAVED}' OR session_id LIKE '{UNSAVED}:%' ORDER BY updated DESC
"""
_RENAME = "UPDATE drafts SET session_id = ? WHERE session_id = ?"


class Drafts:
    """Drafts of sessions, and sent prompts.

    The draft of an unsaved session belongs to this process, which a lock on a file shows to
    others; that of a process that has ended is taken over by the next one that asks first.

    Args:
        database: The database.
        folder: Where the locks are; None for a database that no other process uses.
    """

    def __init__(self, database: Database, folder: Path | None = None) -> None:
        self._database = database
        self._sign = LifeSign(folder, DRAFT)
        self._own = f"{UNSAVED}:{self._sign.name}"
        self._has_looked = False

    async def save_draft(self, session_id: str, text: str, chips: Sequence[ChipMark] = ()) -> None:
        """Save a session's draft with its chips; an empty text deletes it."""

        def save(db: sqlite3.Connection) -> None:
            if session_id == UNSAVED and text:
                self._sign.show()
            put_draft(db, self._own if session_id == UNSAVED else session_id, text, chips)

        await self._database.write(save)
        if session_id == UNSAVED and not text:
            self.release()

    async def draft(self, session_id: str) -> str:
        """The text of a session's draft, or an empty string."""
        return (await self.kept_draft(session_id)).text

    async def kept_draft(self, session_id: str) -> KeptDraft:
        """The draft of a session with its chips; an empty one if there is none."""
        query = "SELECT text, chips FROM drafts WHERE session_id = ?"
        name = self._own if session_id == UNSAVED else session_id
        found = await self._database.read(lambda db: db.execute(query, (name,)).fetchone())
        if found is not None or session_id != UNSAVED or self._has_looked:
            return _draft(*found) if found else KeptDraft()
        draft = await self._left_behind()
        self._has_looked = True
        return draft

    async def _left_behind(self) -> KeptDraft:
        """Take over the newest draft of an unsaved session of a process that has ended."""
        if not await self._database.read(lambda db: db.execute(_UNSAVED_DRAFTS).fetchone()):
            return KeptDraft()

        def take(db: sqlite3.Connection) -> KeptDraft:
            for name, text, chips in db.execute(_UNSAVED_DRAFTS).fetchall():
                if self._sign.has_ended(name.partition(":")[2]):
                    self._sign.show()
                    db.execute(_RENAME, (self._own, name))
                    return _draft(text, chips)
            return KeptDraft()

        return await self._database.write(take)

    def release(self) -> None:
        """Give the lock up: there is no draft any more, or this process ends."""
        self._sign.release()

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


def put_draft(
    db: sqlite3.Connection, session_id: str, text: str, chips: Sequence[ChipMark] = ()
) -> None:
    """Save a session's draft in a caller's transaction; an empty text deletes it."""
    if text:
        marks = json.dumps(chips) if chips else ""
        db.execute(_SAVE, (session_id, storable(text), time.time(), marks))
    else:
        db.execute("DELETE FROM drafts WHERE session_id = ?", (session_id,))


def _draft(text: str, chips: str) -> KeptDraft:
    return KeptDraft(text, tuple(ChipMark(*each) for each in json.loads(chips or "[]")))


def _different(db: sqlite3.Connection, wanted: str) -> Iterator[str]:
    seen: set[str] = set()
    for (prompt,) in db.execute(_PROMPTS):
        if prompt not in seen and wanted in prompt.casefold():
            seen.add(prompt)
            yield prompt

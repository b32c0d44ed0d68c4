"""Which sets of prompts were run, in which session their answers are, and what failed in them."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING

from groqchat.domain.errors import ErrorKind
from groqchat.domain.prompt_set import SetFailure
from groqchat.storage.rows import MESSAGE_COLUMNS, Row, message_from, storable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.domain.chat import Message
    from groqchat.storage.database import Database

_LAST = "SELECT session_id FROM prompt_sets WHERE place = ? ORDER BY created DESC, rowid DESC"
_FAILURES = "session_id, prompt, model, kind, sentence, is_retryable, time"
_ANSWERS = (
    f"SELECT {MESSAGE_COLUMNS} FROM messages "
    "WHERE session_id = ? AND role = 'assistant' ORDER BY number"
)


class PromptSets:
    """The runs on this machine; each goes with its session. Calls may raise ``StorageError``.

    Args:
        database: Where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def last(self, place: str) -> str | None:
        """The session of the newest run of a file; None where there is none."""
        found = await self._database.read(lambda db: db.execute(_LAST, (place,)).fetchone())
        return found[0] if found else None

    async def begin(self, session_id: str, place: str, time: float) -> None:
        """Remember that a file's answers go to a session that is stored already."""
        insert = "INSERT INTO prompt_sets (session_id, place, created) VALUES (?, ?, ?)"
        values = (session_id, storable(place), time)
        await self._database.write(lambda db: db.execute(insert, values), durable=True)

    async def answers(self, session_id: str) -> Sequence[Message]:
        """All answers of a session, oldest first, whole or not."""
        return await self._database.read(
            lambda db: [message_from(row) for row in db.execute(_ANSWERS, (session_id,))]
        )

    async def failures(self, session_id: str) -> Sequence[SetFailure]:
        """What failed last in a session, prompt by prompt."""
        query = f"SELECT {_FAILURES} FROM set_failures WHERE session_id = ? ORDER BY time, rowid"
        return await self._database.read(
            lambda db: [_failure(row) for row in db.execute(query, (session_id,))]
        )

    async def note(self, failure: SetFailure) -> None:
        """Keep a failure; it replaces an earlier one of the same prompt and model."""
        insert = f"INSERT OR REPLACE INTO set_failures ({_FAILURES}) VALUES (?, ?, ?, ?, ?, ?, ?)"
        values = tuple(storable(v) if isinstance(v, str) else v for v in astuple(failure))
        await self._database.write(lambda db: db.execute(insert, values))


def _failure(row: Row) -> SetFailure:
    session_id, key, model, kind, sentence, is_retryable, time = row
    return SetFailure(session_id, key, model, ErrorKind(kind), sentence, bool(is_retryable), time)

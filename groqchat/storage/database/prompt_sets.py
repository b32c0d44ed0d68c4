"""The store of prompt set runs: their options, their sessions and their failures."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from dataclasses import astuple
from typing import TYPE_CHECKING

from groqchat.domain.clocks import AHEAD_S
from groqchat.domain.errors.cause import ErrorKind
from groqchat.storage.database.rows import Row, object_from, object_text, storable
from groqchat.storage.work_locks import only_here

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from groqchat.domain.prompt_sets.prompt_set import SetFailure, SetRecord
    from groqchat.domain.prompt_sets.rubrics import StoredVerdict
    from groqchat.storage.database.database import Database

_RECORD = "session_id, place, created, system, max_tokens, models, parameters"
_LAST = f"""
    SELECT {_RECORD} FROM prompt_sets WHERE place = ?
        AND session_id NOT IN (SELECT id FROM sessions WHERE deleted IS NOT NULL)
    ORDER BY iif(created > ?, 0, created) DESC, rowid DESC
"""
_SAVE = f"""
    INSERT INTO prompt_sets ({_RECORD}) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (session_id) DO UPDATE SET
        system = excluded.system, max_tokens = excluded.max_tokens, models = excluded.models,
        parameters = excluded.parameters
"""
_FAILURES = "session_id, prompt, model, kind, sentence, is_retryable, time"
_VERDICTS = "session_id, answer_id, rubric, judge, passed, reason, time"


class PromptSets:
    """The runs of prompt sets; a run is deleted with its session. Calls may raise ``StorageError``.

    Args:
        database: The database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def last(self, place: str) -> SetRecord | None:
        """The newest run of a file, or None."""
        wanted = (storable(place), time.time() + AHEAD_S)
        found = await self._database.read(lambda db: db.execute(_LAST, wanted).fetchone())
        return _record(found) if found else None

    async def save(self, record: SetRecord) -> None:
        """Save a run whose session is stored; an existing run gets the new options.

        The write is not durable at once, since an answer streams meanwhile; it becomes so with the
        end of that answer.
        """
        *told, models, parameters = astuple(record)
        values = (*map(_storable, told), json.dumps(models), object_text(parameters))
        await self._database.write(lambda db: db.execute(_SAVE, values))

    async def failures(self, session_id: str) -> Sequence[SetFailure]:
        """The last failures in a session, by prompt."""
        query = f"SELECT {_FAILURES} FROM set_failures WHERE session_id = ? ORDER BY rowid"
        return await self._database.read(
            lambda db: [_failure(row) for row in db.execute(query, (session_id,))]
        )

    async def note(self, failure: SetFailure) -> None:
        """Save a failure; it replaces an earlier one of the prompt and model."""
        insert = f"INSERT OR REPLACE INTO set_failures ({_FAILURES}) VALUES (?, ?, ?, ?, ?, ?, ?)"
        values = tuple(map(_storable, astuple(failure)))
        await self._database.write(lambda db: db.execute(insert, values))

    async def verdicts(self, session_id: str) -> Sequence[StoredVerdict]:
        """The verdicts of judges on the answers in a session, the oldest first."""
        query = f"SELECT {_VERDICTS} FROM set_verdicts WHERE session_id = ? ORDER BY time, rowid"
        return await self._database.read(
            lambda db: [_verdict(row) for row in db.execute(query, (session_id,))]
        )

    async def save_verdict(self, verdict: StoredVerdict) -> None:
        """Save a verdict; it replaces an earlier one of the judge by the same rubric."""
        insert = f"INSERT OR REPLACE INTO set_verdicts ({_VERDICTS}) VALUES (?, ?, ?, ?, ?, ?, ?)"
        values = tuple(map(_storable, astuple(verdict)))
        await self._database.write(lambda db: db.execute(insert, values))


@contextmanager
def alone_with(place: str, folder: Path) -> Iterator[None]:
    """Lock a prompt set, so that no other process asks and pays for it at the same time.

    Args:
        place: The file of the set.
        folder: The folder of the database, in which the lock is a hidden file.

    Raises:
        StorageError: Another process runs the set, or the lock cannot be created.
    """
    with only_here(folder, "set", place, "set_in_use"):
        yield


def _storable(value: object) -> object:
    return storable(value) if isinstance(value, str) else value


def _record(row: Row) -> SetRecord:
    from groqchat.domain.prompt_sets.prompt_set import SetRecord

    session_id, place, created, system, max_tokens, models, parameters = row
    named, further = tuple(json.loads(models)), object_from(parameters)
    return SetRecord(session_id, place, created, system, max_tokens, named, further)


def _failure(row: Row) -> SetFailure:
    from groqchat.domain.prompt_sets.prompt_set import SetFailure

    session_id, key, model, kind, sentence, is_retryable, when = row
    return SetFailure(session_id, key, model, ErrorKind(kind), sentence, bool(is_retryable), when)


def _verdict(row: Row) -> StoredVerdict:
    from groqchat.domain.prompt_sets.rubrics import StoredVerdict

    session_id, answer_id, rubric, judge, passed, reason, when = row
    return StoredVerdict(session_id, answer_id, rubric, judge, bool(passed), reason, when)

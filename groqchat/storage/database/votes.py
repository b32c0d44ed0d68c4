"""The store of votes, notes and models' judgements on compared answers."""

from __future__ import annotations

import json
from time import time as now
from typing import TYPE_CHECKING

from groqchat.domain.clocks import AHEAD_S
from groqchat.storage.database.rows import storable

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from groqchat.domain.compare.compare import Note, Vote
    from groqchat.domain.compare.judging import Judgement
    from groqchat.storage.database.database import Database
    from groqchat.storage.database.rows import Row

# Dates in the future come from a clock that was ahead, and count as the oldest.
_WHEN = "iif(time > ?, 0, time)"
_COLUMNS = "session_id, turn, time, models, verdict, winner, is_blind, tag"
_SAVE = f"INTO votes ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_NOTE = "session_id, turn, time, text, tag"
_SAVE_NOTE = f"INTO notes ({_NOTE}) VALUES (?, ?, ?, ?, ?)"
_FORGET_NOTE = "DELETE FROM notes WHERE session_id = ? AND turn = ?"
_JUDGED = "session_id, turn, time, judge, verdict, winner, agreed, opinions"
_SAVE_JUDGED = f"INTO judgements ({_JUDGED}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


class Votes:
    """Votes, notes and judgements; votes outlive sessions. Every call may raise ``StorageError``.

    Args:
        database: The database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, vote: Vote) -> None:
        """Save a vote; it replaces an earlier one on the turn."""
        await self._database.write(lambda db: put_vote(db, vote))

    async def all(self) -> Sequence[Vote]:
        """All votes, oldest first."""
        query = f"SELECT {_COLUMNS} FROM votes ORDER BY {_WHEN}, session_id, turn"
        return [_vote(row) for row in await self._rows(query)]

    async def save_note(self, note: Note) -> None:
        """Save a note; it replaces an earlier one on the turn, and an empty one removes it."""
        if note.text:
            await self._database.write(lambda db: put_note(db, note))
            return
        place = (note.session_id, note.turn)
        await self._database.write(lambda db: db.execute(_FORGET_NOTE, place))

    async def notes(self) -> Sequence[Note]:
        """All notes, newest first."""
        query = f"SELECT {_NOTE} FROM notes ORDER BY {_WHEN} DESC, session_id, turn"
        return [_note(row) for row in await self._rows(query)]

    async def save_judgement(self, judged: Judgement) -> None:
        """Save a judgement; it replaces an earlier one of the model on the turn."""
        await self._database.write(lambda db: put_judgement(db, judged))

    async def judgements(self) -> Sequence[Judgement]:
        """All judgements of models, oldest first."""
        query = f"SELECT {_JUDGED} FROM judgements ORDER BY {_WHEN}, session_id, turn"
        return [_judged(row) for row in await self._rows(query)]

    async def _rows(self, query: str) -> Sequence[Row]:
        return await self._database.read(lambda db: db.execute(query, (_latest(),)).fetchall())


def _latest() -> float:
    return now() + AHEAD_S


def feedback_of(
    db: sqlite3.Connection, session_id: str
) -> tuple[tuple[Vote, ...], tuple[Note, ...], tuple[Judgement, ...]]:
    """All votes, notes and judgements on a session, in the order of its turns."""

    def rows(columns: str, table: str) -> Iterator[Row]:
        query = f"SELECT {columns} FROM {table} WHERE session_id = ? ORDER BY turn, {_WHEN}, rowid"
        return db.execute(query, (session_id, _latest()))

    return (
        tuple(map(_vote, rows(_COLUMNS, "votes"))),
        tuple(map(_note, rows(_NOTE, "notes"))),
        tuple(map(_judged, rows(_JUDGED, "judgements"))),
    )


def put_vote(db: sqlite3.Connection, vote: Vote, *, over: bool = True) -> None:
    """Write a vote; without ``over`` an earlier vote on the turn is kept instead."""
    values = (
        vote.session_id,
        vote.turn,
        vote.time,
        json.dumps(vote.models),
        vote.verdict.value,
        vote.winner,
        vote.is_blind,
        storable(vote.tag),
    )
    db.execute(f"{_insert(over)} {_SAVE}", values)


def put_note(db: sqlite3.Connection, note: Note, *, over: bool = True) -> None:
    """Write a note; without ``over`` an earlier note on the turn is kept instead."""
    # A lone surrogate, as a terminal may paste it, is not valid UTF-8.
    values = (note.session_id, note.turn, note.time, storable(note.text), note.tag)
    db.execute(f"{_insert(over)} {_SAVE_NOTE}", values)


def put_judgement(db: sqlite3.Connection, judged: Judgement, *, over: bool = True) -> None:
    """Write a judgement; without ``over`` an earlier one of the model on the turn is kept."""
    opinions = [[each.model, each.place, each.reason] for each in judged.opinions]
    values = (
        judged.session_id,
        judged.turn,
        judged.time,
        judged.judge,
        judged.verdict.value,
        judged.winner,
        judged.agreed,
        json.dumps(opinions),
    )
    db.execute(f"{_insert(over)} {_SAVE_JUDGED}", values)


def _insert(over: bool) -> str:
    return "INSERT OR REPLACE" if over else "INSERT OR IGNORE"


def _note(row: Row) -> Note:
    from groqchat.domain.compare.compare import Note

    return Note(*row)


def _vote(row: Row) -> Vote:
    from groqchat.domain.compare.compare import Verdict, Vote

    session_id, turn, time, models, verdict, winner, is_blind, tag = row
    known = tuple(json.loads(models))
    return Vote(session_id, turn, time, known, Verdict(verdict), winner, bool(is_blind), tag)


def _judged(row: Row) -> Judgement:
    from groqchat.domain.compare.compare import Verdict
    from groqchat.domain.compare.judging import Judgement, Opinion

    session_id, turn, time, judge, verdict, winner, agreed, opinions = row
    given = tuple(Opinion(*each) for each in json.loads(opinions))
    return Judgement(session_id, turn, time, judge, Verdict(verdict), winner, bool(agreed), given)

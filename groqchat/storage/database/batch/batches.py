"""The store of batches: submissions with their parts, their lines and the results of these."""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.batch.lines import REQUEST, BatchLine
from groqchat.domain.batch.submission import RESUBMITTED, LineStatus, Part, Step, Submission
from groqchat.storage.database.batch.rows import (
    PART_COLUMNS,
    SUBMISSION_COLUMNS,
    part_from,
    part_row,
    result_from,
    result_json,
    submission_from,
    submission_row,
)
from groqchat.storage.database.entries import insert_entries
from groqchat.storage.database.rows import money_text
from groqchat.storage.work_locks import only_here

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from groqchat.domain.batch.results import BookedResult, StoredResult
    from groqchat.storage.database.database import Database

_LINE = "job_id, number, part, custom_id, url, model, audio_s, line"
_INSERT_SUBMISSION = f"INSERT INTO batch_jobs ({SUBMISSION_COLUMNS}) VALUES ({', '.join('?' * 12)})"
_PUT_PART = f"INSERT OR REPLACE INTO batch_parts ({PART_COLUMNS}) VALUES ({', '.join('?' * 14)})"
_INSERT_LINE = f"INSERT INTO batch_lines ({_LINE}) VALUES ({', '.join('?' * 8)})"
_TALLY = """
    SELECT job_id,
        count(*) FILTER (WHERE status = 'completed'), count(*) FILTER (WHERE status = 'failed'),
        count(*) FILTER (WHERE status = 'expired'), count(*) FILTER (WHERE status = 'cancelled'),
        count(*) FILTER (WHERE status IN ('failed', 'expired') AND resubmitted_as IS NULL),
        count(*) FILTER (WHERE status = 'completed' AND cost IS NULL),
        decimal_total(group_concat(cost))
    FROM batch_lines WHERE job_id IN (SELECT value FROM json_each(?)) GROUP BY job_id
"""
_COLLECT = """
    UPDATE batch_lines SET status = ?, result = ?, cost = ?
    WHERE job_id = ? AND part = ? AND custom_id = ? AND status IS NULL
"""
_UNDER_WAY = """
    SELECT substr(line, instr(line, ?)) FROM batch_jobs AS submission
    JOIN batch_parts AS part ON part.job_id = submission.id
    JOIN batch_lines AS line ON line.job_id = submission.id AND line.part = part.number
    WHERE step != 'collected' AND fingerprint = ? AND place = ?
"""
_RESUBMISSIONS = """
    SELECT resubmits, iif(count(*) = 1, coalesce(max(batch_id), id), id)
    FROM batch_jobs JOIN batch_parts ON job_id = id
    WHERE resubmits IN (SELECT value FROM json_each(?)) GROUP BY id ORDER BY created, id
"""
# Of a line that was sent again the result of the newest submission counts.
_RESULTS = """
    WITH RECURSIVE newest (number, job_id, custom_id) AS (
        SELECT number, job_id, custom_id FROM batch_lines
        WHERE job_id = ?1 AND part IN (SELECT number FROM batch_parts WHERE job_id = ?1)
            AND number >= ?2 AND number < ?3
        UNION ALL
        SELECT newest.number, line.resubmitted_as, line.custom_id
        FROM newest JOIN batch_lines AS line USING (job_id, custom_id)
        WHERE line.resubmitted_as IS NOT NULL
    )
    SELECT custom_id, status, model, result, cost, line FROM newest
    JOIN batch_lines AS line USING (job_id, custom_id)
    WHERE line.resubmitted_as IS NULL ORDER BY newest.number
"""


class BatchRecords:
    """The submissions of this machine. Every call may raise ``StorageError``.

    Args:
        database: The database.
        folder: The folder of its file, for locks; None where it is in memory.
    """

    def __init__(self, database: Database, folder: Path | None) -> None:
        self._database = database
        self._folder = folder

    async def add(self, submission: Submission, lines: Sequence[BatchLine]) -> None:
        """Store a submission with its lines, in the order of its parts, before anything is sent.

        The lines that it sends again are marked in the submission that they come from.
        """
        await self._database.write(lambda db: _add(db, submission, lines), durable=True)

    async def remove(self, submission: Submission) -> None:
        """Remove a submission of which nothing was sent."""
        await self._database.write(lambda db: _remove(db, submission))

    def alone(self, digest: str) -> AbstractContextManager[None]:
        """Lock a content, so that no other process submits it at the same time.

        The lock raises StorageError where another process has it.
        """
        if self._folder is None:
            return nullcontext()
        return only_here(self._folder, "batch", digest, "batch_in_use")

    async def save(self, part: Part) -> None:
        """Store how far a part has come; this survives a power cut."""
        await self._database.write(lambda db: db.execute(_PUT_PART, part_row(part)), durable=True)

    async def find(self, name: str) -> Submission | None:
        """The submission with an id: ours, Groq's, or enough of the beginning of either."""
        return await self._database.read(lambda db: _find(db, name))

    async def of_content(self, digest: str) -> Submission | None:
        """The newest submission of some content."""
        query = "SELECT id FROM batch_jobs WHERE digest = ? ORDER BY created DESC, id DESC LIMIT 1"

        def read(db: sqlite3.Connection) -> Submission | None:
            found = db.execute(query, (digest,)).fetchone()
            return next(iter(_submissions(db, [found[0]])), None) if found else None

        return await self._database.read(read)

    async def submissions(self, *, limit: int = -1) -> Sequence[Submission]:
        """The submissions, the newest first; at most ``limit`` of them, -1 is all."""
        query = "SELECT id FROM batch_jobs ORDER BY created DESC, id DESC LIMIT ?"
        return await self._database.read(
            lambda db: _submissions(db, [row[0] for row in db.execute(query, (limit,))])
        )

    async def of_session(self, session_id: str) -> Sequence[Submission]:
        """The submissions of a set of prompts by its session, the oldest first."""
        query = "SELECT id FROM batch_jobs WHERE session_id = ? ORDER BY created, id"
        return await self._database.read(
            lambda db: _submissions(db, [row[0] for row in db.execute(query, (session_id,))])
        )

    async def part_text(self, submission_id: str, number: int) -> str:
        """The content of the file of a part."""
        query = "SELECT line FROM batch_lines WHERE job_id = ? AND part = ? ORDER BY number"
        return await self._database.read(
            lambda db: "".join(f"{row[0]}\n" for row in db.execute(query, (submission_id, number)))
        )

    async def collect(self, part: Part, results: Sequence[BookedResult]) -> int:
        """Store results and book what they cost, each line once; returns how many were new."""
        return await self._database.write(lambda db: _collect(db, part, results))

    async def finish(self, part: Part, rest: LineStatus) -> None:
        """Store the end of a part; lines without a result get a status too."""
        ended = (rest.value, part.submission_id, part.number)

        def finish(db: sqlite3.Connection) -> None:
            db.execute(
                "UPDATE batch_lines SET status = ? "
                "WHERE job_id = ? AND part = ? AND status IS NULL",
                ended,
            )
            db.execute(_PUT_PART, part_row(replace(part, step=Step.COLLECTED)))

        await self._database.write(finish, durable=True)

    async def models(self, part: Part) -> dict[str, str]:
        """The model of each line of a part, by custom id."""
        query = "SELECT custom_id, model FROM batch_lines WHERE job_id = ? AND part = ?"
        values = (part.submission_id, part.number)
        return await self._database.read(lambda db: dict(db.execute(query, values).fetchall()))

    async def results(self, submission_id: str, start: int, end: int) -> Sequence[StoredResult]:
        """The results of some lines in the order of the input; of a line sent again, the newest.

        Args:
            submission_id: The submission.
            start: The place of the first line, from 0.
            end: The place behind the last one.
        """
        values = (submission_id, start, end)
        return await self._database.read(
            lambda db: [result_from(row) for row in db.execute(_RESULTS, values)]
        )

    async def requests_under_way(self, fingerprint: str, place: str) -> frozenset[str]:
        """What the lines of batches that have not ended ask, of a key at a server, without ids."""
        values = (REQUEST, fingerprint, place)
        return await self._database.read(
            lambda db: frozenset(row[0] for row in db.execute(_UNDER_WAY, values))
        )

    async def to_resubmit(self, submission_id: str) -> Sequence[BatchLine]:
        """The lines that failed or expired and were not sent again yet."""
        statuses = json.dumps([status.value for status in RESUBMITTED])
        query = (
            "SELECT custom_id, url, model, line, audio_s FROM batch_lines WHERE job_id = ? "
            "AND status IN (SELECT value FROM json_each(?)) AND resubmitted_as IS NULL "
            "ORDER BY number"
        )
        return await self._database.read(
            lambda db: [BatchLine(*row) for row in db.execute(query, (submission_id, statuses))]
        )


def _add(db: sqlite3.Connection, submission: Submission, lines: Sequence[BatchLine]) -> None:
    db.execute(_INSERT_SUBMISSION, submission_row(submission))
    db.executemany(_PUT_PART, map(part_row, submission.parts))
    numbers = (part.number for part in submission.parts for _ in range(part.lines))
    rows = (
        (submission.id, place, part, line.custom_id, line.url, line.model, line.audio_s, line.text)
        for place, (part, line) in enumerate(zip(numbers, lines, strict=True))
    )
    db.executemany(_INSERT_LINE, rows)
    if submission.resubmits is not None:
        marks = ((submission.id, submission.resubmits, line.custom_id) for line in lines)
        db.executemany(
            "UPDATE batch_lines SET resubmitted_as = ? WHERE job_id = ? AND custom_id = ?", marks
        )


def _remove(db: sqlite3.Connection, submission: Submission) -> None:
    db.execute(
        "UPDATE batch_lines SET resubmitted_as = NULL WHERE resubmitted_as = ?", (submission.id,)
    )
    for table, column in (
        ("batch_lines", "job_id"),
        ("batch_parts", "job_id"),
        ("batch_jobs", "id"),
    ):
        db.execute(f"DELETE FROM {table} WHERE {column} = ?", (submission.id,))


def _collect(db: sqlite3.Connection, part: Part, results: Sequence[BookedResult]) -> int:
    new: list[BookedResult] = []
    for booked in results:
        result = booked.result
        cost = booked.entry.cost if booked.entry else None
        values = (
            result.status.value,
            result_json(result),
            money_text(cost),
            part.submission_id,
            part.number,
            result.custom_id,
        )
        if db.execute(_COLLECT, values).rowcount:
            new.append(booked)
    insert_entries(db, (booked.entry for booked in new if booked.entry is not None))
    return len(new)


def _find(db: sqlite3.Connection, name: str) -> Submission | None:
    pattern = name.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    query = """
        SELECT id FROM batch_jobs WHERE id LIKE ?1 ESCAPE '\\'
        UNION SELECT job_id FROM batch_parts WHERE batch_id LIKE ?1 ESCAPE '\\' LIMIT 2
    """
    exact = """
        SELECT id FROM batch_jobs WHERE id = ?1
        UNION SELECT job_id FROM batch_parts WHERE batch_id = ?1 LIMIT 2
    """
    found = db.execute(exact, (name,)).fetchall() or db.execute(query, (pattern,)).fetchall()
    return next(iter(_submissions(db, [found[0][0]])), None) if len(found) == 1 else None


def _submissions(db: sqlite3.Connection, ids: Sequence[str]) -> list[Submission]:
    """The submissions with some ids, in their order."""
    wanted = (json.dumps(ids),)
    of_ids = "IN (SELECT value FROM json_each(?))"
    parts: dict[str, list[Part]] = {}
    query = f"SELECT {PART_COLUMNS} FROM batch_parts WHERE job_id {of_ids} ORDER BY job_id, number"
    for row in db.execute(query, wanted):
        parts.setdefault(row[0], []).append(part_from(row))
    tallies = {row[0]: row[1:] for row in db.execute(_TALLY, wanted)}
    rows = db.execute(f"SELECT {SUBMISSION_COLUMNS} FROM batch_jobs WHERE id {of_ids}", wanted)
    again: dict[str, list[str]] = {}
    for origin, shown in db.execute(_RESUBMISSIONS, wanted):
        again.setdefault(origin, []).append(shown)
    submissions = {
        row[0]: submission_from(
            row, parts.get(row[0], []), tallies.get(row[0]), again.get(row[0], [])
        )
        for row in rows
    }
    return [submissions[id_] for id_ in ids if id_ in submissions]

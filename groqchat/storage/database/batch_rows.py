"""Converts rows of batches to domain values and back."""

from __future__ import annotations

import json
from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING

from groqchat.domain.batch.job import BatchStatus, Job, LineStatus, Part, Step, Tally
from groqchat.domain.batch.results import LineError, LineResult, StoredResult
from groqchat.domain.money.usage import Usage
from groqchat.storage.database.rows import Row, money, storable

if TYPE_CHECKING:
    from collections.abc import Iterable

JOB_COLUMNS = (
    "id, name, created, win, digest, profile, fingerprint, place, models, estimate, resubmits, "
    "session_id"
)
PART_COLUMNS = (
    "job_id, number, lines, size, step, file_id, batch_id, status, completed, failed, "
    "output_file_id, error_file_id, ended, problem"
)


def job_row(job: Job) -> Row:
    """The values of ``JOB_COLUMNS``."""
    return (
        job.id,
        storable(job.name),
        job.created,
        job.window,
        job.digest,
        job.profile,
        job.fingerprint,
        job.place,
        json.dumps(job.models),
        None if job.estimate is None else str(job.estimate),
        job.resubmits,
        job.session_id,
    )


def job_from(
    row: Row, parts: Iterable[Part], tally: Row | None, resubmitted_as: Iterable[str]
) -> Job:
    """A submission from ``JOB_COLUMNS``, its parts, the sums of its lines, and what resends it."""
    *counts, unpriced, cost = tally or (0, 0, 0, 0, 0, 0, "0")
    return Job(
        id=row[0],
        name=row[1],
        created=row[2],
        window=row[3],
        digest=row[4],
        profile=row[5],
        fingerprint=row[6],
        place=row[7],
        models=tuple(json.loads(row[8])),
        parts=tuple(parts),
        estimate=money(row[9]),
        cost=None if unpriced else Decimal(cost),
        resubmits=row[10],
        session_id=row[11],
        resubmitted_as=tuple(resubmitted_as),
        tally=Tally(*counts),
    )


def part_from(row: Row) -> Part:
    """A part from ``PART_COLUMNS``."""
    return Part(
        job_id=row[0],
        number=row[1],
        lines=row[2],
        size=row[3],
        step=Step(row[4]),
        file_id=row[5],
        batch_id=row[6],
        status=BatchStatus(row[7]) if row[7] else None,
        completed=row[8],
        failed=row[9],
        output_file_id=row[10],
        error_file_id=row[11],
        ended=row[12],
        problem=row[13],
    )


def part_row(part: Part) -> Row:
    """The values of ``PART_COLUMNS``."""
    return (
        part.job_id,
        part.number,
        part.lines,
        part.size,
        part.step.value,
        part.file_id,
        part.batch_id,
        part.status.value if part.status else None,
        part.completed,
        part.failed,
        part.output_file_id,
        part.error_file_id,
        part.ended,
        storable(part.problem),
    )


def result_json(result: LineResult) -> str:
    """A result as JSON text, without its id and its status."""
    known = asdict(result)
    del known["custom_id"], known["status"]
    return json.dumps({name: value for name, value in known.items() if value is not None})


def result_from(row: Row) -> StoredResult:
    """A result from its id, status, model, JSON text and cost."""
    custom_id, status, model, text, cost = row
    became = LineStatus(status) if status else LineStatus.PENDING
    return StoredResult(
        custom_id, became, model, _line_result(custom_id, became, text), money(cost)
    )


def _line_result(custom_id: str, status: LineStatus, text: str | None) -> LineResult | None:
    if text is None:
        return None
    known = json.loads(text)
    error, usage = known.pop("error", None), known.pop("usage", None)
    return LineResult(
        custom_id,
        status,
        error=LineError(**error) if error else None,
        usage=Usage(**usage) if usage else None,
        **known,
    )

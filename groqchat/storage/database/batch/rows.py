"""Converts rows of batches to domain values and back."""

from __future__ import annotations

import json
from dataclasses import asdict, astuple, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from groqchat.domain.batch.results import LineError, LineResult, StoredResult
from groqchat.domain.batch.submission import BatchStatus, LineStatus, Part, Step, Submission, Tally
from groqchat.domain.money.usage import Usage
from groqchat.storage.database.rows import Row, money, money_text, storable

if TYPE_CHECKING:
    from collections.abc import Iterable

SUBMISSION_COLUMNS = (
    "id, name, created, win, digest, profile, fingerprint, place, models, estimate, resubmits, "
    "session_id"
)
PART_COLUMNS = (
    "job_id, number, lines, size, step, file_id, batch_id, status, completed, failed, "
    "output_file_id, error_file_id, ended, problem"
)


def submission_row(submission: Submission) -> Row:
    """The values of ``SUBMISSION_COLUMNS``."""
    return (
        submission.id,
        storable(submission.name),
        submission.created,
        submission.window,
        submission.digest,
        submission.profile,
        submission.fingerprint,
        submission.place,
        json.dumps(submission.models),
        money_text(submission.estimate),
        submission.resubmits,
        submission.session_id,
    )


def submission_from(
    row: Row, parts: Iterable[Part], tally: Row | None, resubmitted_as: Iterable[str]
) -> Submission:
    """A submission from its row, its parts, the sums of its lines, and what sends it again."""
    *counts, unpriced, cost = tally or (0, 0, 0, 0, 0, 0, "0")
    return Submission(
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
    """A part from ``PART_COLUMNS``, which are its fields."""
    part = Part(*row)
    status = BatchStatus(part.status) if part.status else None
    return replace(part, step=Step(part.step), status=status)


def part_row(part: Part) -> Row:
    """The values of ``PART_COLUMNS``."""
    return astuple(replace(part, problem=storable(part.problem)))


def result_json(result: LineResult) -> str:
    """A result as JSON text, without its id and its status."""
    known = asdict(result)
    del known["custom_id"], known["status"]
    return json.dumps({name: value for name, value in known.items() if value is not None})


def result_from(row: Row) -> StoredResult:
    """A result from its id, status, model, JSON text, cost and request."""
    custom_id, status, model, text, cost, line = row
    became = LineStatus(status) if status else LineStatus.PENDING
    body = json.loads(line).get("body") or {}
    return StoredResult(
        custom_id,
        became,
        model,
        _line_result(custom_id, became, text),
        money(cost),
        {name: value for name, value in body.items() if name not in {"model", "messages"}},
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

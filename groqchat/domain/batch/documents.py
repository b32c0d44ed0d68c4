"""Batches and their results as documents: JSON, money as exact decimal strings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.batch.submission import LineStatus
from groqchat.domain.money.pricing import usd_string
from groqchat.domain.money.usage import usage_document

if TYPE_CHECKING:
    from decimal import Decimal

    from groqchat.domain.batch.results import StoredResult
    from groqchat.domain.batch.submission import Submission


def submission_document(submission: Submission) -> dict[str, object]:
    """The document of a submission; money that is not known is None.

    What it cost is not known until all of its results are booked.
    """
    tally = submission.tally
    return {
        "id": submission.shown_id,
        "status": submission.status,
        "request_counts": {
            "total": submission.total,
            "completed": submission.completed,
            "failed": submission.failed,
            "expired": tally.expired,
            "cancelled": tally.cancelled,
        },
        "cost_usd": _usd(submission.cost if submission.is_over else None),
        "estimated_cost_usd": _usd(submission.estimate),
        "batches": submission.batches,
        "job_id": submission.id,
        "name": submission.name,
        "models": list(submission.models),
        "created": submission.created,
        "window": submission.window,
        "to_resubmit": tally.to_resubmit,
        "resubmits": submission.resubmits,
        "resubmitted_as": list(submission.resubmitted_as),
        "problems": submission.problems,
    }


def plan_document(submission: Submission) -> dict[str, object]:
    """The document of a submission that is only planned: no id finds it."""
    return submission_document(submission) | {"id": None, "job_id": None, "status": "dry_run"}


def result_document(stored: StoredResult) -> dict[str, object]:
    """The document of one line: an answer, or why there is none."""
    result = stored.result
    document: dict[str, object] = {"custom_id": stored.custom_id, "status": stored.status}
    if stored.status is LineStatus.COMPLETED and result is not None:
        document["answer"] = result.answer
        if result.reasoning:
            document["reasoning"] = result.reasoning
    else:
        document["error"] = _error(stored)
    usage = result.usage if result else None
    document["usage"] = usage_document(usage, is_estimated=False) if usage else None
    if result and result.audio_s is not None:
        document["duration_s"] = result.audio_s
    document["cost_usd"] = _usd(stored.cost)
    document["model"] = stored.model
    document["finish_reason"] = result.finish_reason if result else None
    return document


def _error(stored: StoredResult) -> dict[str, object]:
    error = stored.result.error if stored.result else None
    if error is None:
        return {"message": _UNTOLD[stored.status], "code": None, "status": None}
    return {"message": error.message, "code": error.code or None, "status": error.status}


_UNTOLD = {
    LineStatus.PENDING: "There is no answer yet.",
    LineStatus.COMPLETED: "The answer could not be read.",
    LineStatus.FAILED: "The batch ended without an answer or an error for this line.",
    LineStatus.EXPIRED: "The completion window ended before this line was answered.",
    LineStatus.CANCELLED: "The batch was cancelled before this line was answered.",
}


def _usd(amount: Decimal | None) -> str | None:
    return None if amount is None else usd_string(amount)

"""The rows of the window of batches, laid out for the width there is."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from groqchat.domain.batch.job import SUBMITTING, BatchStatus
from groqchat.domain.batch.words import job_facts, short_cost
from groqchat.domain.text.humanize import aligned, count
from groqchat.ui.widgets.text import line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.domain.batch.job import Job

_FULL, _REST = "━", "╌"
# Cells of a bar, and the least that the name of a file needs before there is one.
_BAR, _NAME = 16, 12
# Of a name in fewer cells nothing could be told.
_SHORTEST = 6
_COLOURS = {
    BatchStatus.COMPLETED: "$text-success",
    BatchStatus.EXPIRED: "$text-warning",
    BatchStatus.FAILED: "$text-error",
    BatchStatus.CANCELLED: "$text-muted",
    SUBMITTING: "$text-warning",
}


def job_rows(jobs: Sequence[Job], width: int) -> list[Content]:
    """A line for each batch: status, bar, lines, cost, file.

    Args:
        jobs: The batches.
        width: The cells of a line.
    """
    statuses = [job.status.replace("_", " ") for job in jobs]
    figures = [f"{count(job.completed)}/{count(job.total)}" for job in jobs]
    costs = aligned([short_cost(job) for job in jobs])
    first = max(map(len, statuses), default=0)
    second, third = max(map(len, figures), default=0), max(map(len, costs), default=0)
    room = width - first - second - third - 6
    bar = _BAR if room - _BAR - 1 >= _NAME else 0
    rows = zip(jobs, statuses, figures, costs, strict=True)
    return [
        Content.assemble(
            (f"{status:<{first}}", _COLOURS.get(job.status, "$text-accent")),
            "  ",
            (_bar(job, bar), "$accent"),
            f"{lines:>{second}}  {cost:>{third}}  ",
            line(job.name, 80) if room >= _SHORTEST else "",
        ).truncate(width, ellipsis=True)
        for job, status, lines, cost in rows
    ]


def _bar(job: Job, width: int) -> str:
    """The bar of a batch, with a blank behind it; nothing without room."""
    if not width:
        return ""
    full = width * (job.completed + job.failed) // max(1, job.total)
    return f"{_FULL * full}{_REST * (width - full)} "


def facts(job: Job) -> list[tuple[str, str]]:
    """The facts about one batch, as names and words."""
    submitted = datetime.fromtimestamp(job.created).astimezone().strftime("%Y-%m-%d %H:%M")
    return [(name, line(words)) for name, words in job_facts(job, submitted)]

"""The rows of the window of batches, laid out for the width there is."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from groqchat.domain.batch.job import SUBMITTING, BatchStatus
from groqchat.domain.batch.words import failed_words, job_facts, short_cost
from groqchat.domain.text.humanize import aligned, count
from groqchat.ui.widgets.text import line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.domain.batch.job import Job

_FULL, _REST = "━", "╌"
# Cells of a bar, and the least that the name of a file keeps beside it and beside more figures.
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
    """The heads of the columns, then a line for each batch: status, bar, figures, file.

    Where there is little room, the bar is left out, then the cost and the failed lines, which the
    facts below the list tell too, and at last the name of the file.

    Args:
        jobs: The batches.
        width: The cells of a line.
    """
    statuses = ["status", *(job.status.replace("_", " ") for job in jobs)]
    columns = [_right("answered", [f"{count(job.completed)}/{count(job.total)}" for job in jobs])]
    first = max(map(len, statuses))
    room = width - first - 2 - len(columns[0][0]) - 2
    more = [_right("cost", aligned([short_cost(job) for job in jobs]))]
    if any(job.failed for job in jobs):
        more.insert(0, _right("failed", [failed_words(job) for job in jobs]))
    for column in more:
        if room - len(column[0]) - 2 >= _NAME:
            columns.append(column)
            room -= len(column[0]) + 2
    bar = _BAR if room - _BAR - 1 >= _NAME else 0
    bars = [" " * (bar + 1 if bar else 0), *(_bar(job, bar) for job in jobs)]
    names = ["file", *(line(job.name, 80) for job in jobs)]
    colours = ["$text-muted", *(_COLOURS.get(job.status, "$text-accent") for job in jobs)]
    return [
        Content.assemble(
            (f"{status:<{first}}", colour),
            "  ",
            (bars[place], "$accent"),
            ("".join(f"{column[place]}  " for column in columns), "" if place else "$text-muted"),
            (names[place] if room >= _SHORTEST else "", "" if place else "$text-muted"),
        ).truncate(width, ellipsis=True)
        for place, (status, colour) in enumerate(zip(statuses, colours, strict=True))
    ]


def _right(head: str, cells: Sequence[str]) -> list[str]:
    """The head and the cells of a column, flush right."""
    width = max(map(len, (head, *cells)))
    return [f"{cell:>{width}}" for cell in (head, *cells)]


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

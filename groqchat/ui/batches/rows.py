"""The rows of the window of batches, laid out for the width there is."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from groqchat.domain.batch.submission import SUBMITTING, BatchStatus
from groqchat.domain.batch.words import failed_words, short_cost, submission_facts
from groqchat.domain.text.humanize import aligned, count
from groqchat.ui.widgets.text import line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.domain.batch.submission import Submission

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


def submission_rows(submissions: Sequence[Submission], width: int) -> list[Content]:
    """The heads of the columns, then a line for each batch: status, bar, figures, file.

    Where there is little room, the bar is left out, then the cost and the failed lines, which the
    facts below the list tell too, and at last the name of the file.

    Args:
        submissions: The batches.
        width: The cells of a line.
    """
    statuses = ["status", *(submission.status.replace("_", " ") for submission in submissions)]
    columns = [
        _right(
            "answered",
            [
                f"{count(submission.completed)}/{count(submission.total)}"
                for submission in submissions
            ],
        )
    ]
    first = max(map(len, statuses))
    room = width - first - 2 - len(columns[0][0]) - 2
    more = [_right("cost", aligned([short_cost(submission) for submission in submissions]))]
    if any(submission.failed for submission in submissions):
        more.insert(0, _right("failed", [failed_words(submission) for submission in submissions]))
    for column in more:
        if room - len(column[0]) - 2 >= _NAME:
            columns.append(column)
            room -= len(column[0]) + 2
    bar = _BAR if room - _BAR - 1 >= _NAME else 0
    bars = [" " * (bar + 1 if bar else 0), *(_bar(submission, bar) for submission in submissions)]
    names = ["file", *(line(submission.name, 80) for submission in submissions)]
    colours = [
        "$text-muted",
        *(_COLOURS.get(submission.status, "$text-accent") for submission in submissions),
    ]
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


def _bar(submission: Submission, width: int) -> str:
    """The bar of a batch, with a blank behind it; nothing without room."""
    if not width:
        return ""
    full = width * (submission.completed + submission.failed) // max(1, submission.total)
    return f"{_FULL * full}{_REST * (width - full)} "


def facts(submission: Submission) -> list[tuple[str, str]]:
    """The facts about one batch, as names and words."""
    submitted = datetime.fromtimestamp(submission.created).astimezone().strftime("%Y-%m-%d %H:%M")
    return [(name, line(words)) for name, words in submission_facts(submission, submitted)]

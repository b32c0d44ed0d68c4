"""Batches in words: a row of the list, and the facts about one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from groqchat.cli.output import narrate
from groqchat.domain.batch.submission import Step
from groqchat.domain.batch.words import failed_words, short_cost, submission_facts
from groqchat.domain.text.humanize import count

if TYPE_CHECKING:
    from groqchat.domain.batch.submission import Submission


WINDOWS = ("24h", "2d", "3d", "4d", "5d", "6d", "7d")
"""The completion windows that Groq offers, from the shortest to the longest."""


def day(time: float) -> str:
    """The day and the minute of a Unix time."""
    return datetime.fromtimestamp(time).astimezone().strftime("%Y-%m-%d %H:%M")


def submission_row(submission: Submission) -> list[str]:
    """The row of a submission in the list."""
    done = f"{count(submission.completed)}/{count(submission.total)}"
    return [
        submission.shown_id,
        day(submission.created),
        submission.status,
        done,
        failed_words(submission),
        short_cost(submission),
        ", ".join(submission.models),
        submission.name,
    ]


def search_words(submission: Submission) -> str:
    """What is said before the server is asked for a batch whose creation was begun; else empty."""
    if all(part.step is not Step.CREATING for part in submission.parts):
        return ""
    return "The server is asked for up to a minute whether it has the batch already."


def report(words: str, style: str = "") -> None:
    """Print a line about progress on stderr, as from the program."""
    narrate(f"groqchat: {words}", style)


ROW_HEAD = ("id", "submitted", "status", "answered>", "failed>", "cost.>", "model", "file")


def submission_lines(submission: Submission) -> list[str]:
    """The facts about a submission, one a line, and its parts."""
    lines = [
        f"{name:<12} {words}"
        for name, words in submission_facts(submission, day(submission.created))
    ]
    parts = submission.parts if len(submission.parts) > 1 else ()
    return lines + [
        f"part {part.number:<7} {part.batch_id or 'not submitted'}  "
        f"{part.status or part.step}  {count(part.completed)}/{count(part.lines)}"
        for part in parts
    ]

"""Batches in words: a row of the list, and the facts about one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from groqchat.cli.output import narrate
from groqchat.domain.batch.job import Step
from groqchat.domain.batch.words import failed_words, job_facts, short_cost
from groqchat.domain.text.humanize import count

if TYPE_CHECKING:
    from groqchat.domain.batch.job import Job


WINDOWS = ("24h", "2d", "3d", "4d", "5d", "6d", "7d")
"""The completion windows that Groq offers, from the shortest to the longest."""


def day(time: float) -> str:
    """The day and the minute of a Unix time."""
    return datetime.fromtimestamp(time).astimezone().strftime("%Y-%m-%d %H:%M")


def job_row(job: Job) -> list[str]:
    """The row of a submission in the list."""
    done = f"{count(job.completed)}/{count(job.total)}"
    return [
        job.shown_id,
        day(job.created),
        job.status,
        done,
        failed_words(job),
        short_cost(job),
        ", ".join(job.models),
        job.name,
    ]


def search_words(job: Job) -> str:
    """What is said before the server is asked for a batch whose creation was begun; else empty."""
    if all(part.step is not Step.CREATING for part in job.parts):
        return ""
    return "The server is asked for up to a minute whether it has the batch already."


def report(words: str, style: str = "") -> None:
    """Print a line about progress on stderr, as from the program."""
    narrate(f"groqchat: {words}", style)


ROW_HEAD = ("id", "submitted", "status", "answered>", "failed>", "cost.>", "model", "file")


def job_lines(job: Job) -> list[str]:
    """The facts about a submission, one a line, and its parts."""
    lines = [f"{name:<12} {words}" for name, words in job_facts(job, day(job.created))]
    parts = job.parts if len(job.parts) > 1 else ()
    return lines + [
        f"part {part.number:<7} {part.batch_id or 'not submitted'}  "
        f"{part.status or part.step}  {count(part.completed)}/{count(part.lines)}"
        for part in parts
    ]

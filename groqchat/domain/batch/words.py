"""Batches in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.text.humanize import count, exact_money, money

if TYPE_CHECKING:
    from groqchat.domain.batch.job import Job


def answered_words(job: Job) -> str:
    """How many lines are answered, failed, expired and cancelled."""
    tally = job.tally
    return (
        f"{count(job.completed)} of {count(job.total)} answered"
        + (f", {count(job.failed)} failed" if job.failed else "")
        + (f" ({count(tally.expired)} of them expired)" if tally.expired else "")
        + (", sent again" if job.are_failed_sent_again else "")
        + (f", {count(tally.cancelled)} cancelled" if tally.cancelled else "")
    )


def failed_words(job: Job) -> str:
    """The number of lines that failed, and whether they were sent again; empty without any."""
    again = " (sent again)" if job.are_failed_sent_again else ""
    return f"{count(job.failed)}{again}" if job.failed else ""


def short_cost(job: Job) -> str:
    """What a batch cost, or is expected to cost while it is under way."""
    return money(job.cost) if job.is_over else f"≈ {money(job.estimate)}"


def job_facts(job: Job, submitted: str) -> list[tuple[str, str]]:
    """The facts about a batch, as names and words.

    Args:
        job: The batch.
        submitted: The day and time at which it was submitted, in words.
    """
    cost = exact_money(job.cost)
    if not job.is_over:
        booked = f"{cost} so far, " if job.cost else ""
        cost = f"{booked}{money(job.estimate)} expected"
    facts = [
        ("batch", job.shown_id),
        ("status", job.status.replace("_", " ")),
        ("lines", answered_words(job)),
        ("cost", cost),
        ("file", job.name),
        ("model", ", ".join(job.models)),
        ("submitted", f"{submitted}, to be answered within {job.window}"),
    ]
    if len(job.parts) > 1:
        done = sum(part.is_over for part in job.parts)
        facts.append(("batches", f"{len(job.batches)} of {len(job.parts)} submitted, {done} ended"))
    if job.resubmits:
        facts.append(("sends again", f"lines of {job.resubmits}"))
    if job.resubmitted_as:
        facts.append(("sent again", f"as {', '.join(job.resubmitted_as)}"))
    if job.tally.to_resubmit:
        facts.append(("to resubmit", count(job.tally.to_resubmit)))
    return facts + [("refused", problem) for problem in job.problems]

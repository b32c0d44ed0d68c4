"""Batches in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.text.humanize import count, exact_money, money

if TYPE_CHECKING:
    from groqchat.domain.batch.submission import Submission


def answered_words(submission: Submission) -> str:
    """How many lines are answered, failed, expired and cancelled."""
    tally = submission.tally
    return (
        f"{count(submission.completed)} of {count(submission.total)} answered"
        + (f", {count(submission.failed)} failed" if submission.failed else "")
        + (f" ({count(tally.expired)} of them expired)" if tally.expired else "")
        + (", sent again" if submission.are_failed_sent_again else "")
        + (f", {count(tally.cancelled)} cancelled" if tally.cancelled else "")
    )


def failed_words(submission: Submission) -> str:
    """The number of lines that failed, and whether they were sent again; empty without any."""
    again = " (sent again)" if submission.are_failed_sent_again else ""
    return f"{count(submission.failed)}{again}" if submission.failed else ""


def short_cost(submission: Submission) -> str:
    """What a batch cost, or is expected to cost while it is under way."""
    return money(submission.cost) if submission.is_over else f"≈ {money(submission.estimate)}"


def submission_facts(submission: Submission, submitted: str) -> list[tuple[str, str]]:
    """The facts about a batch, as names and words.

    Args:
        submission: The batch.
        submitted: The day and time at which it was submitted, in words.
    """
    cost = exact_money(submission.cost)
    if not submission.is_over:
        booked = f"{cost} so far, " if submission.cost else ""
        cost = f"{booked}{money(submission.estimate)} expected"
    facts = [
        ("batch", submission.shown_id),
        ("status", submission.status.replace("_", " ")),
        ("lines", answered_words(submission)),
        ("cost", cost),
        ("file", submission.name),
        ("model", ", ".join(submission.models)),
        ("submitted", f"{submitted}, to be answered within {submission.window}"),
    ]
    if len(submission.parts) > 1:
        done = sum(part.is_over for part in submission.parts)
        facts.append(
            (
                "batches",
                f"{len(submission.batches)} of {len(submission.parts)} submitted, {done} ended",
            )
        )
    if submission.resubmits:
        facts.append(("sends again", f"lines of {submission.resubmits}"))
    if submission.resubmitted_as:
        facts.append(("sent again", f"as {', '.join(submission.resubmitted_as)}"))
    if submission.tally.to_resubmit:
        facts.append(("to resubmit", count(submission.tally.to_resubmit)))
    return facts + [("refused", problem) for problem in submission.problems]

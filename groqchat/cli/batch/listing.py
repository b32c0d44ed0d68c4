"""``groqchat batch list``, ``show``, ``results`` and ``cancel``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.cli.arguments import STDOUT, check_output
from groqchat.cli.batch.accounts import account, check_account, current, found_submission
from groqchat.cli.batch.words import (
    ROW_HEAD,
    report,
    search_words,
    submission_lines,
    submission_row,
)
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError
from groqchat.cli.output import DIM, YELLOW, print_json, say, table, write
from groqchat.domain.batch.documents import submission_document
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.text.humanize import counted
from groqchat.services.batch.exports import result_texts

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

    from groqchat.bootstrap import LocalServices
    from groqchat.domain.batch.submission import Submission


async def list_submissions(services: LocalServices, args: argparse.Namespace) -> int:
    """List the batches; those under way as the server tells them now."""
    submissions = await _refreshed(
        services, await services.batch_records().submissions(limit=args.limit)
    )
    if args.json:
        print_json([submission_document(submission) for submission in submissions])
    elif submissions:
        table(ROW_HEAD, [submission_row(submission) for submission in submissions])
    else:
        report("There are no batches yet; `groqchat batch submit FILE` submits one.")
    return ExitCode.DONE


async def _refreshed(
    services: LocalServices, submissions: Sequence[Submission]
) -> Sequence[Submission]:
    """The batches as they stand now; without a key or the network, as they stood last."""
    if all(submission.is_over for submission in submissions):
        return submissions
    try:
        async with account(services) as (_, batches):
            shown, error = await batches.all_refreshed(submissions)
    except GroqchatError as missing:  # no key
        shown, error = submissions, missing
    if error is not None:
        report(f"{error.message} Such batches are shown as they stood last.", YELLOW)
    return shown


async def show(services: LocalServices, args: argparse.Namespace) -> int:
    """Show one batch."""
    submission = await current(services, args.id, wait=args.wait)
    if args.json:
        print_json(submission_document(submission))
        return ExitCode.DONE
    for line in submission_lines(submission):
        say(line)
    if submission.tally.to_resubmit:
        lines = counted(submission.tally.to_resubmit, "line")
        report(f"`groqchat batch resubmit {submission.shown_id}` sends {lines} again.", YELLOW)
    return ExitCode.DONE


async def results(services: LocalServices, args: argparse.Namespace) -> int:
    """Print the results as JSON lines, or write them to a file."""
    output: Path = args.output
    _check_output(output, is_forced=args.force)
    submission = await current(services, args.id, wait=args.wait)
    if not submission.is_over:
        rest = counted(submission.total - submission.tally.completed, "line")
        report(
            f"{submission.shown_id} has not ended ({submission.status}): {rest} without a result.",
            YELLOW,
        )
    if output is STDOUT:
        async for text in result_texts(services.batch_records(), submission):
            write(text)
    else:
        await _write(services, submission, output)
        report(f"Written to {output}.", DIM)
    return ExitCode.DONE


def _check_output(output: Path, *, is_forced: bool) -> None:
    """Refuse a file that would be replaced or cannot be, before anything is asked."""
    if output is not STDOUT:
        check_output(output)
        if output.exists() and not is_forced:
            raise MisuseError(f"{output} exists; --force replaces it")


async def _write(services: LocalServices, submission: Submission, output: Path) -> None:
    """Write all results to a file, which is replaced only once all are there."""
    beside = output.with_name(f".{output.name}.part")
    try:
        with beside.open("w", encoding="utf-8") as file:
            async for text in result_texts(services.batch_records(), submission):
                file.write(text)
        beside.replace(output)
    except OSError as error:
        raise MisuseError(f"cannot write {output}: {error.strerror}") from None


async def cancel(services: LocalServices, args: argparse.Namespace) -> int:
    """Cancel a batch."""
    submission = await found_submission(services, args.id)
    if submission.is_over:
        report(
            f"{submission.shown_id} has ended already ({submission.status}), so nothing is "
            "cancelled.",
            YELLOW,
        )
    else:
        async with account(services) as (_, batches):
            check_account(batches, submission)
            if search := search_words(submission):
                report(search, DIM)
            submission = await batches.cancel(submission)
    if args.json:
        print_json(submission_document(submission))
    else:
        say(f"{submission.shown_id}  {submission.status}")
    return ExitCode.DONE

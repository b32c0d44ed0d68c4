"""``groqchat batch list``, ``show``, ``results`` and ``cancel``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.cli.arguments import STDOUT
from groqchat.cli.batch.accounts import account, check_account, current, found_job
from groqchat.cli.batch.words import ROW_HEAD, job_lines, job_row, report, search_words
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError
from groqchat.cli.output import DIM, YELLOW, print_json, say, table, write
from groqchat.domain.batch.documents import job_document
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.text.humanize import counted
from groqchat.services.batch.exports import result_texts

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

    from groqchat.bootstrap import LocalServices
    from groqchat.domain.batch.job import Job


async def list_jobs(services: LocalServices, args: argparse.Namespace) -> int:
    """List the batches; those under way as the server tells them now."""
    jobs = await _refreshed(services, await services.batch_records().jobs(limit=args.limit))
    if args.json:
        print_json([job_document(job) for job in jobs])
    elif jobs:
        table(ROW_HEAD, [job_row(job) for job in jobs])
    else:
        report("There are no batches yet; `groqchat batch submit FILE` submits one.")
    return ExitCode.DONE


async def _refreshed(services: LocalServices, jobs: Sequence[Job]) -> Sequence[Job]:
    """The batches as they stand now; without a key or the network, as they stood last."""
    if all(job.is_over for job in jobs):
        return jobs
    try:
        async with account(services) as (_, batches):
            shown, error = await batches.all_refreshed(jobs)
    except GroqchatError as missing:  # no key
        shown, error = jobs, missing
    if error is not None:
        report(f"{error.message} Such batches are shown as they stood last.", YELLOW)
    return shown


async def show(services: LocalServices, args: argparse.Namespace) -> int:
    """Show one batch."""
    job = await current(services, args.id, wait=args.wait)
    if args.json:
        print_json(job_document(job))
        return ExitCode.DONE
    for line in job_lines(job):
        say(line)
    if job.tally.to_resubmit:
        lines = counted(job.tally.to_resubmit, "line")
        report(f"`groqchat batch resubmit {job.shown_id}` sends {lines} again.", YELLOW)
    return ExitCode.DONE


async def results(services: LocalServices, args: argparse.Namespace) -> int:
    """Print the results as JSON lines, or write them to a file."""
    output: Path = args.output
    _check_output(output, is_forced=args.force)
    job = await current(services, args.id, wait=args.wait)
    if not job.is_over:
        rest = counted(job.total - job.tally.completed, "line")
        report(f"{job.shown_id} has not ended ({job.status}): {rest} without a result.", YELLOW)
    if output is STDOUT:
        async for text in result_texts(services.batch_records(), job):
            write(text)
    else:
        await _write(services, job, output)
        report(f"Written to {output}.", DIM)
    return ExitCode.DONE


def _check_output(output: Path, *, is_forced: bool) -> None:
    """Refuse a file that would be replaced, before anything is asked."""
    if output is not STDOUT and output.exists() and not is_forced:
        raise MisuseError(f"{output} exists; --force replaces it")


async def _write(services: LocalServices, job: Job, output: Path) -> None:
    """Write all results to a file, which is replaced only once all are there."""
    beside = output.with_name(f".{output.name}.part")
    try:
        with beside.open("w", encoding="utf-8") as file:
            async for text in result_texts(services.batch_records(), job):
                file.write(text)
        beside.replace(output)
    except OSError as error:
        raise MisuseError(f"cannot write {output}: {error.strerror}") from None


async def cancel(services: LocalServices, args: argparse.Namespace) -> int:
    """Cancel a batch."""
    job = await found_job(services, args.id)
    if job.is_over:
        report(f"{job.shown_id} has ended already ({job.status}), so nothing is cancelled.", YELLOW)
    else:
        async with account(services) as (_, batches):
            check_account(batches, job)
            if search := search_words(job):
                report(search, DIM)
            job = await batches.cancel(job)
    if args.json:
        print_json(job_document(job))
    else:
        say(f"{job.shown_id}  {job.status}")
    return ExitCode.DONE

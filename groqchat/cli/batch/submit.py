"""``groqchat batch submit`` and ``resubmit``: say the price, and submit once."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.cli.batch.accounts import (
    account,
    beside_bar,
    check_account,
    current,
    follow,
)
from groqchat.cli.batch.words import report, search_words, submission_lines
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError
from groqchat.cli.models.names import asked_model
from groqchat.cli.output import DIM, YELLOW, print_json, say
from groqchat.cli.prompts import read_piped, read_system, read_text, warn_of_secrets
from groqchat.cli.usable_model import default_model
from groqchat.cli.work_bar import work_bar
from groqchat.domain.batch.documents import plan_document, submission_document
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.models.names import UnclearModelError, resolved_model
from groqchat.domain.text.humanize import count, countdown, counted, duration, money
from groqchat.services.batch.batch_files import Defaults, read_lines
from groqchat.services.batch.submitter import Delayed

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from groqchat.bootstrap import LocalServices
    from groqchat.domain.batch.lines import BatchLine
    from groqchat.domain.batch.submission import Submission
    from groqchat.services.account.connection import Connection
    from groqchat.services.batch.batches import Batches
    from groqchat.services.batch.estimates import BatchEstimate

_FORMS = {".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".csv": "csv"}


@dataclass(frozen=True, slots=True)
class Planned:
    """A submission with its lines and its probable cost, before anything is sent."""

    submission: Submission
    lines: Sequence[BatchLine]
    estimate: BatchEstimate


async def submit(services: LocalServices, args: argparse.Namespace) -> int:
    """Check the lines of a file, say the price, and submit them."""
    read_system(args)
    is_piped = str(args.file) == "-"
    text = read_piped() if is_piped else read_text(args.file)
    warn_of_secrets(text, "the batch")
    async with account(services) as (connection, batches):
        planned = await _planned(services, connection, batches, args, text)
        announce(planned.submission, planned.estimate)
        if args.dry_run:
            if args.json:
                print_json(plan_document(planned.submission))
            return ExitCode.DONE
        submission = await submitted(batches, connection, planned, args)
        return await _ended(batches, submission, args)


async def _planned(
    services: LocalServices,
    connection: Connection,
    batches: Batches,
    args: argparse.Namespace,
    text: str,
) -> Planned:
    model = await _model(services, connection, args.model)
    defaults = Defaults(model, args.system, args.max_tokens, is_translation=args.translate)
    form = _FORMS.get(args.file.suffix.lower(), "txt")
    try:
        # Large files take seconds, in which Ctrl+C is to work.
        lines = await asyncio.to_thread(read_lines, text, form, defaults, connection.models.model)
        submission, estimate = await asyncio.to_thread(
            batches.plan, args.file.name, lines, args.window
        )
    except ValueError as mistake:
        raise MisuseError(f"{args.file}: {mistake}") from None
    return Planned(submission, lines, estimate)


async def _model(services: LocalServices, connection: Connection, name: str) -> str:
    """The id of the model of lines that name none; empty where there is no default."""
    if not name:
        return await default_model(services, connection)
    try:  # also a model of speech, which no chat could use
        model = resolved_model(name, connection.models.catalog, for_chat=False)
    except UnclearModelError:
        return await asked_model(connection, name)
    if model != name:
        report(f"{name} is {model}.", DIM)
    return model


def announce(submission: Submission, estimate: BatchEstimate) -> None:
    """Say what is sent and what it will probably cost, before it is sent."""
    parts = len(submission.parts)
    split = f", split into {count(parts)} batches" if parts > 1 else ""
    lines, models = counted(submission.total, "line"), ", ".join(submission.models)
    report(f"{submission.name}: {lines} for {models}{split}.")
    uses = []
    if estimate.prompt_tokens:
        tokens = f"{count(estimate.prompt_tokens)} tokens in"
        uses.append(f"{tokens}, {count(estimate.completion_tokens)} out")
    if estimate.audio_s:
        uses.append(f"{duration(estimate.audio_s)} of audio")
    used = f" ({'; '.join(uses)})" if uses else ""
    report(f"Estimated cost at half the list price: {money(estimate.cost)}{used}.")
    if estimate.unknown:
        known = f"; the others cost {money(estimate.known_cost)}" if estimate.known_cost else ""
        report(
            f"The price or the length of {counted(estimate.unknown, 'line')} is not known{known}.",
            YELLOW,
        )


async def submitted(
    batches: Batches, connection: Connection, planned: Planned, args: argparse.Namespace
) -> Submission:
    """Submit what was planned, or go on with the same submission that was begun before.

    Raises:
        GroqchatError: The server refuses, is not reached, or the budget does not reach.
    """
    submission = planned.submission
    is_wanted_again = getattr(args, "again", False)
    with batches.alone(submission):
        earlier = None if is_wanted_again else await batches.earlier(submission)
        if earlier is not None:
            report(_known(earlier), YELLOW)
            return await _sent(batches, earlier, None)
        if not is_wanted_again and (number := await batches.asked_already(planned.lines)):
            asked = f"{count(number)} of {counted(submission.total, 'line')}"
            report(
                f"{asked} ask what a running batch asks already; they are sent and paid again. "
                "`groqchat batch list` shows it.",
                YELLOW,
            )
        return await submit_new(batches, connection, planned, over_budget=args.over_budget)


async def submit_new(
    batches: Batches, connection: Connection, planned: Planned, *, over_budget: bool
) -> Submission:
    """Submit what was planned; the caller knows that the same was not submitted before.

    Raises:
        GroqchatError: The server refuses, is not reached, or the budget does not reach.
    """
    if not over_budget:
        await connection.budget.check_batch(planned.submission.id, planned.submission.estimate)
    try:
        return await _sent(batches, planned.submission, planned.lines)
    except GroqchatError as error:
        raise with_price(error, planned.estimate) from error


async def go_on(batches: Batches, submission: Submission) -> Submission:
    """Go on with a submission that was interrupted.

    Raises:
        GroqchatError: The server refuses, or is not reached.
    """
    report(_known(submission), YELLOW)
    with batches.alone(submission):
        return await _sent(batches, submission, None)


def _known(earlier: Submission) -> str:
    if not earlier.is_submitted:
        begun = f"Going on with {earlier.id}, whose submission was interrupted."
        return f"{begun} {search_words(earlier)}".rstrip()
    return (
        f"The same lines were submitted as {earlier.shown_id} ({earlier.status}), so nothing is "
        "sent; --again submits them once more."
    )


async def _sent(
    batches: Batches, submission: Submission, lines: Sequence[BatchLine] | None
) -> Submission:
    """Submit, with a bar for the parts."""
    with work_bar("submitting", "batches") as show:
        done = sum(part.is_created for part in submission.parts)
        async with aclosing(batches.submit(submission, lines)) as steps:
            async for step in steps:
                if isinstance(step, Delayed):
                    wait = countdown(step.wait)
                    beside_bar(f"{step.error.message} Trying again in {wait}.", YELLOW)
                else:
                    done += step.is_created
                    show(done, len(submission.parts))
    return await batches.store.find(submission.id) or submission


def with_price(error: GroqchatError, estimate: BatchEstimate) -> GroqchatError:
    """The error; where the plan has no batches, with the price on a plan that has them."""
    if error.cause.name != "not_on_this_plan":
        return error
    billing = error.facts.asked.words()["billing"]
    advice = (
        "Batches are for paid plans: on the developer plan this one would cost about "
        f"{money(estimate.cost)}, which is half the list price. Change the plan {billing}."
    )
    return error.with_facts(advice=advice)


async def _ended(batches: Batches, submission: Submission, args: argparse.Namespace) -> int:
    """Follow a submission if that is wanted, and report on it."""
    if args.wait:
        try:
            submission = await follow(batches, submission)
        except asyncio.CancelledError:
            report(
                f"Stopped following; `groqchat batch show {submission.shown_id} --wait` goes on."
            )
            raise
    elif not submission.is_over:
        report(f"`groqchat batch show {submission.shown_id} --wait` follows it.", DIM)
    return _report(submission, args)


def _report(submission: Submission, args: argparse.Namespace) -> int:
    if args.json:
        print_json(submission_document(submission))
    elif args.wait:
        for line in submission_lines(submission):
            say(line)
        if submission.tally.to_resubmit:
            lines = counted(submission.tally.to_resubmit, "line")
            report(f"`groqchat batch resubmit {submission.shown_id}` sends {lines} again.", YELLOW)
    else:
        say(submission.shown_id)
    return ExitCode.DONE


async def resubmit(services: LocalServices, args: argparse.Namespace) -> int:
    """Send the lines that failed or expired again."""
    first = await current(services, args.id, wait=False)
    if not first.is_over:
        raise MisuseError(f"{first.shown_id} has not ended yet ({first.status})")
    async with account(services) as (connection, batches):
        check_account(batches, first)
        lines = await batches.store.to_resubmit(first.id)
        again = await batches.resubmission(first)
        if again is not None and not again.is_submitted:
            return await _ended(batches, await go_on(batches, again), args)
        if again is not None and not lines:
            report(
                f"The lines of {first.shown_id} that failed were sent again as {again.shown_id} "
                f"({again.status}), so nothing is sent.",
                YELLOW,
            )
            return await _ended(batches, again, args)
        if not lines:
            raise MisuseError(f"no line of {first.shown_id} failed or expired")
        window = args.window or batches.limits.longer_window(first.window)
        submission, estimate = batches.plan(first.name, lines, window, resubmits=first)
        announce(submission, estimate)
        submission = await submitted(
            batches, connection, Planned(submission, lines, estimate), args
        )
        return await _ended(batches, submission, args)

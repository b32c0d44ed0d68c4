"""``groqchat compare --file``: a set of prompts over several models, resumable, and its report."""

from __future__ import annotations

import argparse
import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

from groqchat.cli.arguments import run_async, used_key
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError, exit_code_of, exit_code_of_kind
from groqchat.cli.output import YELLOW, narrate
from groqchat.cli.prompts import read_text
from groqchat.cli.set_progress import shown_progress
from groqchat.cli.set_reports import print_report
from groqchat.domain.chat import Options, Session
from groqchat.domain.errors import ErrorKind
from groqchat.domain.humanize import count, countdown, exact_money, money
from groqchat.domain.prompt_set import progress
from groqchat.domain.set_report import set_report
from groqchat.services.prompt_files import read_prompts
from groqchat.services.prompt_sets import LaneEnded, PromptSetRun
from groqchat.services.purse import Purse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.bootstrap import Parts
    from groqchat.cli.set_reports import Stops
    from groqchat.domain.errors import GroqchatError
    from groqchat.domain.prompt_set import SetPrompt
    from groqchat.domain.set_report import SetReport
    from groqchat.services.connection import Connection

# What makes sense with a file of prompts only, as argparse names it.
_OF_SETS = ("budget", "csv", "html", "report", "again")


def add_set_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of a set."""
    of_sets = parser.add_argument_group("a set of prompts")
    of_sets.add_argument(
        "--file",
        type=Path,
        metavar="FILE",
        help="JSON lines, or CSV with a head: prompt, and if you like id, system, task, and "
        "the checks exact, contains, regex, json; the same command goes on after a stop",
    )
    of_sets.add_argument("--budget", type=_dollars, metavar="USD", help="what the set may cost")
    of_sets.add_argument("--html", type=Path, metavar="PAGE", help="write the report as a page too")
    of_sets.add_argument("--report", action="store_true", help="report what is there; ask nothing")
    of_sets.add_argument("--again", action="store_true", help="ask everything anew")


def refuse_set_options(args: argparse.Namespace) -> None:
    """Let no option pass that would do nothing.

    Raises:
        MisuseError: One is given without a file of prompts.
    """
    for name in _OF_SETS:
        value = getattr(args, name)
        if value is not None and value is not False:
            raise MisuseError(f"--{name} is for a set of prompts: give one with --file")


def run_set(args: argparse.Namespace) -> int:
    """Ask what is still to be asked, and report."""
    if args.prompt:
        raise MisuseError("give either a prompt or --file, not both")
    if args.gap is not None:
        raise MisuseError("--gap goes with one prompt; the models of a set wait for their limits")
    if args.no_save:
        raise MisuseError("--no-save goes with no set: what is kept is what it goes on from")
    if args.report and args.again:
        raise MisuseError("--report asks nothing, --again everything: give one of them")
    _check_page(args.html)
    job = _Job(args, args.file.absolute().resolve(), _prompts(args))
    act = _report_only if args.report else _ask_and_report
    try:
        return run_async(args, lambda parts: act(parts, job))
    except KeyboardInterrupt:
        narrate("Stopped. The same command goes on from here.")
        raise


def _dollars(text: str) -> Decimal:
    try:
        amount = Decimal(text.removeprefix("$"))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no amount in US dollars such as 0.50")
    return amount


def _check_page(page: Path | None) -> None:
    """Find out before anything is asked that the page cannot be where it is wanted."""
    if page is not None and (page.is_dir() or not page.absolute().parent.is_dir()):
        raise MisuseError(f"cannot write {page}: give the name of a file in a folder that is there")


@dataclass(frozen=True, slots=True)
class _Job:
    """What the command line asks for, and the prompts it names."""

    args: argparse.Namespace
    path: Path
    prompts: Sequence[SetPrompt]


def _prompts(args: argparse.Namespace) -> Sequence[SetPrompt]:
    text = read_text(args.file)
    is_csv = args.file.suffix.lower() == ".csv"
    try:
        return read_prompts(
            text, is_csv=is_csv, system=args.system or "", max_tokens=args.max_tokens
        )
    except ValueError as mistake:
        raise MisuseError(f"{args.file}: {mistake}") from None


async def _report_only(parts: Parts, job: _Job) -> int:
    session_id = await parts.prompt_sets.last(str(job.path))
    report = await _report(parts, job, session_id) if session_id else None
    if report is None or not report.models:
        raise MisuseError(f"nothing of {job.args.file} was asked yet")
    print_report(report, job.args, {})
    return ExitCode.DONE


async def _report(parts: Parts, job: _Job, session_id: str) -> SetReport:
    """Read it all off what is stored; of all models that were asked, where none is named."""
    messages = await parts.prompt_sets.answers(session_id)
    failures = await parts.prompt_sets.failures(session_id)
    asked = [message.model for message in messages if message.model]
    asked += [failed.model for failed in failures]
    return set_report(
        job.path.name,
        session_id,
        prompts=job.prompts,
        models=job.args.models or sorted(set(asked)),
        progress=progress(session_id, messages, failures),
        messages=messages,
    )


# -- asking -----------------------------------------------------------------------------------


async def _ask_and_report(parts: Parts, job: _Job) -> int:
    connection = parts.connect(await used_key(parts), longest_wait_s=job.args.max_wait)
    warming = asyncio.create_task(asyncio.to_thread(parts.warm_up))
    try:
        await connection.models.recall()
        _check_prices(connection, job)
        run = _run(parts, connection, job, await _session(parts, job))
        await run.recall()
        spent = (await parts.ledger.spent(session_id=run.session.id)).cost
        await _announce(connection, run, job, spent)
        await warming
        stops = await _ask(parts, connection, run)
    finally:
        await connection.close()
    report = await _report(parts, job, run.session.id)
    print_report(report, job.args, stops)
    return _conclude(report, stops)


def _check_prices(connection: Connection, job: _Job) -> None:
    """A budget can be kept only where prices are known."""
    if job.args.budget is None:
        return
    for model in job.args.models:
        if connection.models.price_of(model) is None:
            raise MisuseError(f"the price of {model} is not known, so --budget cannot be kept")


async def _session(parts: Parts, job: _Job) -> Session:
    """The session of the last run of this file, or a new one."""
    known = None if job.args.again else await parts.prompt_sets.last(str(job.path))
    session = await parts.store.session(known) if known else None
    if session is None:
        now = parts.clock.now()
        title = f"Prompts of {job.path.name}"
        session = Session(parts.new_id(), title, now, now, job.args.models[0])
        await parts.store.create_session(session)
        await parts.prompt_sets.begin(session.id, str(job.path), now)
    return session


def _run(parts: Parts, connection: Connection, job: _Job, session: Session) -> PromptSetRun:
    args, budget = job.args, job.args.budget
    tier = parts.settings.service_tier or None
    return PromptSetRun(
        session,
        job.prompts,
        {
            model: Options(model, service_tier=tier, max_tokens=args.max_tokens)
            for model in args.models
        },
        turns=connection.turns,
        books=connection.books,
        store=parts.store,
        records=parts.prompt_sets,
        price_of=connection.models.price_of,
        clock=parts.clock,
        purse=None if budget is None else Purse(parts.ledger, session.id, budget),
        before_asking=connection.budget.let_one_pass if args.over_budget else lambda: None,
    )


async def _announce(connection: Connection, run: PromptSetRun, job: _Job, spent: Decimal) -> None:
    """Say what is to come and what it will probably cost."""
    rest, models = run.estimate(), len(run.options)
    whole = len(run.prompts) * models
    said = f"{count(len(run.prompts))} prompts × {models} models: {count(whole)} answers"
    there = whole - rest.answers
    narrate(f"{said}, {count(there)} of them there already." if there else f"{said}.")
    if not rest.answers:
        return
    tokens = f"{count(rest.prompt_tokens)} tokens in, {count(rest.completion_tokens)} out"
    narrate(f"Estimated cost of what is still to be asked: {money(rest.cost)} ({tokens}).")
    if rest.cost is None or job.args.over_budget:
        return
    for standing in await connection.budget.standings(run.session.id):
        if standing.spent + rest.cost > standing.limit:
            narrate(f"Your budget ({standing}) will probably not last to the end.", YELLOW)
    budget = job.args.budget
    if budget is not None and spent + rest.cost > budget:
        left = f"{exact_money(spent)} of --budget {exact_money(budget)} is spent"
        narrate(f"{left}; what is left will probably not last to the end.", YELLOW)


async def _ask(parts: Parts, connection: Connection, run: PromptSetRun) -> Stops:
    """Ask it all; returns why models stopped before their end."""
    stops: dict[str, GroqchatError] = {}
    async with shown_progress(run, parts.clock.monotonic) as shown, aclosing(run.ask()) as events:
        async for event in events:
            if not isinstance(event, LaneEnded):
                shown.told(event)
                continue
            if event.error is not None:
                stops[event.model] = event.error
            shown.ended(event.model, _why_stopped(connection, event))
    return stops


def _why_stopped(connection: Connection, ended: LaneEnded) -> str:
    """In a sentence; for a limit with the time at which it is free again."""
    error = ended.error
    if error is None:
        return ""
    if error.kind is ErrorKind.OVER_BUDGET:
        return error.message
    if error.kind is not ErrorKind.RATE_LIMITED or error.facts.bucket is None:
        return f"{error.message} {error.command_suggestion}"
    level = connection.quota.view(ended.model).level(error.facts.bucket)
    whole = countdown(level.resets_in_s if level else None)
    soonest = countdown(error.facts.retry_after_s)
    return (
        f"{error.message} The next request fits in {soonest}; "
        f"all of the limit is free again in {whole}."
    )


def _conclude(report: SetReport, stops: Stops) -> int:
    """Say what is missing, and how it went as an exit code."""
    if report.missing:
        whole = sum(model.prompts for model in report.models)
        each = ", ".join(f"{count(m.missing)} of {m.model}" for m in report.models if m.missing)
        missing = f"{count(report.missing)} of {count(whole)} answers are missing: {each}."
        narrate(f"{missing} The same command goes on from here.", YELLOW)
    if stops:
        return exit_code_of(next(iter(stops.values())))
    failures = [each.failure for row in report.outcomes for each in row if each.failure]
    retryable = sum(each.is_retryable for each in failures)
    if retryable:
        narrate(f"{count(retryable)} failed, but may succeed: the same command asks again.", YELLOW)
    has_answers = any(model.answers for model in report.models)
    return ExitCode.DONE if has_answers or not failures else exit_code_of_kind(failures[0].kind)

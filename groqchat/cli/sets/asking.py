"""Asks a set of prompts: what is to come, what goes on, why models stop, and what is missing."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

from groqchat.cli.advice import beside_others
from groqchat.cli.arguments import used_key
from groqchat.cli.budget_notices import budgets_watched
from groqchat.cli.compare_stop import go_on_after_interrupt
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError, exit_code_of, exit_code_of_kind
from groqchat.cli.models.names import asked_models
from groqchat.cli.output import YELLOW, narrate
from groqchat.cli.prompts import warn_of_keys
from groqchat.cli.sets.job import Stored, stored
from groqchat.cli.sets.progress import shown_progress
from groqchat.cli.sets.reports import print_report
from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.errors.tree import ModelGoneError
from groqchat.domain.prompt_sets.prompt_set import SetRecord
from groqchat.domain.text.humanize import count, countdown, exact_money, money
from groqchat.domain.text.redact import without_keys
from groqchat.domain.turns.chat import Options, Session
from groqchat.services.prompt_sets.prompt_sets import LaneEnded, PromptSetRun
from groqchat.services.prompt_sets.shared_budget import SharedBudget
from groqchat.storage.database.prompt_sets import alone_with

if TYPE_CHECKING:
    from decimal import Decimal

    from groqchat.bootstrap import Parts
    from groqchat.cli.sets.job import Job
    from groqchat.cli.sets.reports import Stops
    from groqchat.domain.errors.tree import Facts, GroqchatError
    from groqchat.domain.prompt_sets.report import SetReport
    from groqchat.services.account.connection import Connection


async def ask_and_report(parts: Parts, job: Job) -> int:
    """Ask what is still to be asked, alone on this machine, and report.

    Raises:
        StorageError: Another process asks the same set.
    """
    with alone_with(job.place, parts.database_path.parent):
        return await _ask_and_report(parts, job)


async def _ask_and_report(parts: Parts, job: Job) -> int:
    connection = parts.connect(await used_key(parts), longest_wait_s=job.args.max_wait)
    warming = asyncio.create_task(asyncio.to_thread(parts.warm_up))
    is_stopped = False
    stops: Stops = {}
    try:
        await connection.models.recall()
        job.args.models = await asked_models(connection, job.args.models)
        _check_prices(connection, job)
        before = await parts.prompt_sets.last(job.place)
        run = await _run(parts, connection, job, None if job.args.again else before)
        spent = (await parts.ledger.spent(session_id=run.session.id)).cost
        await _announce(connection, run, job, spent)
        try:
            await warming
            async with budgets_watched(connection.budget, run.session.id):
                stops = await _ask(parts, connection, run)
        except asyncio.CancelledError:  # Ctrl+C; what was answered is saved
            go_on_after_interrupt()
            is_stopped = True
    finally:
        await connection.close()
    is_new = before is None or job.args.again
    there = Stored("") if is_new and not run.is_kept else await stored(parts, run.session.id)
    report = await there.report(job, job.args.models)
    print_report(report, job.args, stops)
    if is_stopped:
        narrate("Stopped.", YELLOW)
    if report.missing:
        missing = "" if _is_undone(run, before, job) else f"{_what_is_missing(report)} "
        narrate(f"{missing}{_how_to_go_on(run, before, job)}", YELLOW)
    return ExitCode.INTERRUPTED if is_stopped else _conclude(report, stops, job)


def _check_prices(connection: Connection, job: Job) -> None:
    """A budget can be kept only where prices are known."""
    if job.args.budget is None:
        return
    for model in job.args.models:
        if connection.models.price_of(model) is None:
            raise MisuseError(f"the price of {model} is not known, so --budget cannot be kept")


async def _run(
    parts: Parts, connection: Connection, job: Job, last: SetRecord | None
) -> PromptSetRun:
    """The last run gone on with, where there is one, or a new one."""
    session = await parts.store.session(last.session_id) if last else None
    now = parts.clock.now()
    if session is None:
        title = without_keys(f"Prompts of {job.path.name}")
        session = Session(parts.new_id(), title, now, now, job.args.models[0])
    record = SetRecord(session.id, job.place, now, job.system, job.max_tokens)
    run = _run_in(parts, connection, job, session, record)
    await run.recall()
    return run


def _run_in(
    parts: Parts, connection: Connection, job: Job, session: Session, record: SetRecord
) -> PromptSetRun:
    args, budget = job.args, job.args.budget
    tier = parts.settings.service_tier or None
    return PromptSetRun(
        session,
        record,
        job.prompts,
        {
            model: Options(model, service_tier=tier, max_tokens=args.max_tokens)
            for model in args.models
        },
        turns=connection.turns,
        accounting=connection.accounting,
        store=parts.store,
        records=parts.prompt_sets,
        price_of=connection.models.price_of,
        clock=parts.clock,
        shared_budget=None if budget is None else SharedBudget(parts.ledger, session.id, budget),
        before_asking=connection.budget.let_one_pass if args.over_budget else lambda: None,
    )


async def _announce(connection: Connection, run: PromptSetRun, job: Job, spent: Decimal) -> None:
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
    warn_of_keys(job.prompts)
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
                stops[event.model] = _fitting(event.error, event.model, connection, run)
            shown.ended(event.model, _why_stopped(stops.get(event.model)))
    return stops


def _fitting(
    error: GroqchatError, model: str, connection: Connection, run: PromptSetRun
) -> GroqchatError:
    """The error with what may be asked in the place of a model that is gone."""
    if not isinstance(error, ModelGoneError):
        return error
    replacement = connection.models.refused(model)
    return beside_others(
        error.with_facts(replacement=replacement.id if replacement else None), run.options
    )


def _why_stopped(error: GroqchatError | None) -> str:
    """In a sentence; of a limit when it has room again."""
    if error is None:
        return ""
    if error.kind is ErrorKind.OVER_BUDGET:
        return error.message
    room = _when_there_is_room(error.facts) if error.kind is ErrorKind.RATE_LIMITED else ""
    return f"{error.message} {room or error.command_suggestion}"


def _when_there_is_room(facts: Facts) -> str:
    """From the same numbers as the error's own sentence; empty where it has none.

    Two times that differ by far need to be told apart: one request fits long before all do.
    """
    kind, wait = facts.limit_kind, facts.retry_after_s
    if kind is None or wait is None:
        return ""
    said = f"It refills little by little: the next request fits in {countdown(wait)}"
    if not facts.limit or facts.used is None:
        return f"{said}."
    whole = max(wait, facts.used * kind.window_s / facts.limit)
    return f"{said}, and all {count(facts.limit)} {kind.counts} are free in {countdown(whole)}."


def _is_undone(run: PromptSetRun, before: SetRecord | None, job: Job) -> bool:
    """Whether nothing came of asking anew, so that the run before it still counts."""
    return job.args.again and before is not None and not run.is_kept


def _how_to_go_on(run: PromptSetRun, before: SetRecord | None, job: Job) -> str:
    if _is_undone(run, before, job):
        return "The new run produced no answers; the previous run still counts: --report shows it."
    return f"{_same_command(job).capitalize()} goes on from here."


def _same_command(job: Job) -> str:
    """What goes on with what is missing: what was asked anew need not be once more."""
    return f"the same command{' without --again' if job.args.again else ''}"


def _what_is_missing(report: SetReport) -> str:
    whole = sum(model.prompts for model in report.models)
    each = ", ".join(f"{count(m.missing)} of {m.model}" for m in report.models if m.missing)
    return f"{count(report.missing)} of {count(whole)} answers are missing: {each}."


def _conclude(report: SetReport, stops: Stops, job: Job) -> int:
    """How it went as an exit code; what failed and may succeed is said."""
    if stops:
        return exit_code_of(next(iter(stops.values())))
    failures = [each.failure for row in report.outcomes for each in row if each.failure]
    retryable = sum(each.is_retryable for each in failures)
    if retryable:
        may = f"{count(retryable)} failed, but may succeed"
        narrate(f"{may}: {_same_command(job)} asks again.", YELLOW)
    has_answers = any(model.answers for model in report.models)
    return ExitCode.DONE if has_answers or not failures else exit_code_of_kind(failures[0].kind)

"""Runs ``groqchat compare --file``: asks a set of prompts, shows progress, and reports."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

from groqchat.cli.advice import beside_others
from groqchat.cli.arguments import used_key
from groqchat.cli.budget_notices import budgets_watched
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import exit_code_of, exit_code_of_kind
from groqchat.cli.interrupts import uncancel_after_interrupt
from groqchat.cli.output import YELLOW, narrate
from groqchat.cli.prompts import warn_of_secrets_in_set
from groqchat.cli.sets.batched import BatchedRun
from groqchat.cli.sets.gate import check_gate, exit_code, result_of, tell_gate
from groqchat.cli.sets.job import Stored, set_batches, stored, submitted
from groqchat.cli.sets.judging import (
    announce_judging,
    judge_answers,
    set_judging,
    with_asked_judges,
)
from groqchat.cli.sets.preparing import prepared
from groqchat.cli.sets.progress import shown_progress
from groqchat.cli.sets.reports import print_report
from groqchat.cli.sets.shared import announce_team, together
from groqchat.domain.compare.rules import model_in
from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.errors.tree import ModelGoneError
from groqchat.domain.text.humanize import count, countdown, counted, exact_money, money
from groqchat.services.prompt_sets.events import ModelEnded
from groqchat.services.scheduling.scheduler import Scheduler
from groqchat.storage.database.prompt_sets import alone_with

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from groqchat.bootstrap import LocalServices
    from groqchat.cli.sets.job import Job
    from groqchat.cli.sets.reports import Stops
    from groqchat.domain.errors.tree import Facts, GroqchatError
    from groqchat.domain.prompt_sets.prompt_set import SetRecord
    from groqchat.domain.prompt_sets.report import SetReport
    from groqchat.services.account.connection import Connection
    from groqchat.services.prompt_sets.judging import SetJudging
    from groqchat.services.prompt_sets.prompt_sets import PromptSetRun
    from groqchat.services.prompt_sets.shared.sharing import SharedSet


async def ask_and_report(services: LocalServices, job: Job) -> int:
    """Ask the prompts without a whole answer, in one process at a time, and report.

    Raises:
        StorageError: Another process asks the same set.
    """
    with alone_with(job.place, services.database_path.parent):
        services.scheduler = Scheduler(services.clock, job.args.jobs)
        connection = services.connect(await used_key(services), longest_wait_s=job.args.max_wait)
        warming = asyncio.create_task(asyncio.to_thread(services.warm_up))
        try:
            await connection.models.recall()
            job = await with_asked_judges(connection, job)
            run, previous, shared = await prepared(services, connection, job)
            check_gate(job, run.options)
            batches = set_batches(services)
            by_batch = BatchedRun(services, connection, job, run, batches)
            runner = SetRunner(
                services,
                connection,
                job,
                run,
                previous,
                by_batch=by_batch if job.args.batch else None,
                judging=set_judging(services, connection, job, run),
                shared=shared,
            )
            await runner.announce()
            await runner.ask(warming)
        finally:
            await connection.close()
        return await runner.report()


class SetRunner:
    """Asks the prompts of one set, shows the progress, and reports.

    Args:
        services: The program's services.
        connection: The account that is asked; whoever opened it closes it.
        job: What the command line asks for.
        run: The run of the set.
        previous: The newest run of the file before this command, if there was one.
        by_batch: Sends what is pending as a batch; None: it is asked one by one.
        judging: Judges the answers; None: no check needs a judge.
        shared: The part of this machine where several ask the set; None: this one asks all of it.
    """

    def __init__(
        self,
        services: LocalServices,
        connection: Connection,
        job: Job,
        run: PromptSetRun,
        previous: SetRecord | None,
        *,
        by_batch: BatchedRun | None = None,
        judging: SetJudging | None = None,
        shared: SharedSet | None = None,
    ) -> None:
        self._services = services
        self._connection = connection
        self._job = job
        self._run = run
        self._previous = previous
        self._by_batch = by_batch
        self._judging = judging
        self._shared = shared
        self._stops: Stops = {}
        self._is_interrupted = False

    async def announce(self) -> None:
        """Say how many answers and verdicts are missing and what they will probably cost."""
        if self._shared is not None:
            announce_team(self._shared)
        await self._announce_answers()
        if self._judging is not None:
            await self._judging.recall()
            announce_judging(self._judging, self._job)

    async def _announce_answers(self) -> None:
        run, rest = self._run, self._run.estimate()
        wanted = [(prompt.key, model) for prompt in run.prompts for model in run.options]
        there = sum(each in run.progress.answers for each in wanted)
        waiting = self._waiting
        failed = len(wanted) - rest.answers - there - waiting
        factors = " × ".join(self._factors())
        narrate(
            f"{factors}: {counted(len(wanted), 'answer')}"
            + (f", {count(there)} of them there already" if there else "")
            + (f", {count(waiting)} under way in a batch" if waiting else "")
            + (f"; {count(failed)} failed and will not be asked again" if failed else "")
            + "."
        )
        if waiting and self._by_batch is None:
            narrate("With --batch, this command collects what the batch has answered.", YELLOW)
        if not rest.answers:
            return
        if self._by_batch is not None:  # which tells its own price, and checks all budgets
            warn_of_secrets_in_set(self._job.prompts)
            return
        tokens = f"{count(rest.prompt_tokens)} tokens in, {count(rest.completion_tokens)} out"
        narrate(f"Estimated cost of what is still to be asked: {money(rest.cost)} ({tokens}).")
        warn_of_secrets_in_set(self._job.prompts)
        args = self._job.args
        if args.over_budget and args.budget is not None:
            narrate("--over-budget lifts the budgets of your settings, not --budget.")
        if rest.cost is not None:
            await self._warn_of_budgets(rest.cost)

    def _factors(self) -> Iterator[str]:
        """The numbers of prompts, models and runs, whose product is that of the answers."""
        runs = self._job.runs
        yield counted(len(self._run.prompts) // runs, "prompt")
        yield counted(len(self._run.options), "model")
        if runs > 1:
            yield counted(runs, "run")

    async def _warn_of_budgets(self, cost: Decimal) -> None:
        """Warn where a budget will probably end before the set does."""
        session_id, budget = self._run.session.id, self._job.args.budget
        statuses = await self._connection.budget.statuses(session_id)
        for status in () if self._job.args.over_budget else statuses:
            if status.spent + cost > status.limit:
                narrate(f"Your budget ({status}) will probably not last to the end.", YELLOW)
        if budget is None:
            return
        spent = (await self._services.ledger.spent(session_id=session_id)).cost
        if spent + cost > budget:
            left = f"{exact_money(spent)} of --budget {exact_money(budget)} is spent"
            narrate(f"{left}; what is left will probably not last to the end.", YELLOW)

    async def ask(self, warming: asyncio.Task[None]) -> None:
        """Ask all that is missing; Ctrl+C ends it, and what was answered is saved.

        Args:
            warming: Loads what the first request needs; it is waited for.
        """
        try:
            await warming
            async with budgets_watched(self._connection.budget, self._run.session.id):
                batch = self._by_batch
                self._stops = await (batch.send_and_collect() if batch else self._listen())
                if self._judging is not None:
                    await self._run.recall()
                    self._stops = {**self._stops, **await judge_answers(self._judging)}
        except asyncio.CancelledError:
            uncancel_after_interrupt()
            self._is_interrupted = True

    async def _listen(self) -> Stops:
        """Show the events of the run; returns the errors that stopped models before their end."""
        stops: dict[str, GroqchatError] = {}
        async with (
            shown_progress(self._run, self._services.clock.monotonic) as shown,
            together(self._shared, shown, self._services.clock),
            aclosing(self._run.ask()) as events,
        ):
            async for event in events:
                if not isinstance(event, ModelEnded):
                    shown.show(event)
                    continue
                if event.error is not None:
                    stops[event.model] = self._with_replacement(event.error, event.model)
                shown.ended(event.model, _why_stopped(stops.get(event.model)))
        return stops

    def _with_replacement(self, error: GroqchatError, model: str) -> GroqchatError:
        """The error with the model that may be asked instead of one that is gone."""
        if not isinstance(error, ModelGoneError):
            return error
        replacement = self._connection.models.refused(model_in(model))
        named = error.with_facts(replacement=replacement.id if replacement else None)
        return beside_others(named, [each.model for each in self._run.options.values()])

    async def report(self) -> int:
        """Print the report and what is missing; returns the exit code."""
        run, job = self._run, self._job
        is_new = self._previous is None or job.args.again
        nothing = is_new and not run.is_kept
        there = Stored("") if nothing else await stored(self._services, run.session.id)
        report = await there.report(job, list(run.options), run.shown)
        batches = await submitted(self._services, run.session.id)
        gate = result_of(report, job.args.gate)
        print_report(
            report,
            job.args,
            self._stops,
            batches=batches,
            gate=gate,
            is_interrupted=self._is_interrupted,
        )
        tell_gate(report, job.args, gate)
        if self._is_interrupted:
            narrate("Stopped.", YELLOW)
        if report.missing > (0 if self._is_interrupted else self._waiting):
            narrate(self._how_to_go_on(report), YELLOW)
        code = ExitCode.INTERRUPTED if self._is_interrupted else self._exit_code(report)
        return exit_code(code, gate)

    @property
    def _waiting(self) -> int:
        """The number of answers that a batch under way will bring."""
        run = self._run
        wanted = {(prompt.key, model) for prompt in run.prompts for model in run.options}
        return len(wanted & run.under_way - run.progress.answers.keys())

    def _how_to_go_on(self, report: SetReport) -> str:
        """A sentence on the answers that are missing; a new run without any leaves the old one."""
        if self._job.args.again and self._previous is not None and not self._run.is_kept:
            return (
                "The new run produced no answers; the previous run still counts: --report shows it."
            )
        return f"{_what_is_missing(report)} {self._same_command.capitalize()} goes on from here."

    @property
    def _same_command(self) -> str:
        """The command that continues: with ``--again`` it would start over."""
        return f"the same command{' without --again' if self._job.args.again else ''}"

    def _exit_code(self, report: SetReport) -> int:
        """The exit code; failures that may succeed later are narrated."""
        if self._stops:
            return exit_code_of(next(iter(self._stops.values())))
        if self._shared is not None and self._shared.trouble is not None:
            return exit_code_of(self._shared.trouble)
        failures = [each.failure for row in report.outcomes for each in row if each.failure]
        retryable = sum(each.is_retryable for each in failures)
        if retryable:
            may = f"{count(retryable)} failed, but may succeed"
            narrate(f"{may}: {self._same_command} asks again.", YELLOW)
        has_answers = any(model.answers for model in report.models)
        return ExitCode.DONE if has_answers or not failures else exit_code_of_kind(failures[0].kind)


def _why_stopped(error: GroqchatError | None) -> str:
    """The reason why a model stopped, in words; for a limit with the time it has room again."""
    if error is None:
        return ""
    if error.kind is ErrorKind.OVER_BUDGET:
        return error.message
    room = _when_there_is_room(error.facts) if error.kind is ErrorKind.RATE_LIMITED else ""
    return f"{error.message} {room or error.command_suggestion}"


def _when_there_is_room(facts: Facts) -> str:
    """The times when a limit has room for one request and for all; empty without the numbers.

    The two times may differ by hours: one request fits long before the whole limit is free.
    """
    kind, wait = facts.limit_kind, facts.retry_after_s
    if kind is None or wait is None:
        return ""
    said = f"It refills little by little: the next request fits in {countdown(wait)}"
    if not facts.limit or facts.used is None:
        return f"{said}."
    whole = max(wait, facts.used * kind.window_s / facts.limit)
    return f"{said}, and all {count(facts.limit)} {kind.counts} are free in {countdown(whole)}."


def _what_is_missing(report: SetReport) -> str:
    whole = sum(model.wanted for model in report.models)
    each = ", ".join(f"{count(m.missing)} of {m.model}" for m in report.models if m.missing)
    return f"{count(report.missing)} of {count(whole)} answers are missing: {each}."

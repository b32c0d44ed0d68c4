"""``groqchat compare --file --batch``: what is pending is sent as a batch, and collected later."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from groqchat.cli.batch.accounts import check_account, follow
from groqchat.cli.batch.submit import Planned, announce, go_on, submit_new
from groqchat.cli.batch.words import WINDOWS
from groqchat.cli.failures import MisuseError
from groqchat.cli.output import DIM, YELLOW, narrate, narrate_error
from groqchat.domain.batch.words import answered_words
from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.text.humanize import exact_money
from groqchat.services.prompt_sets.batched import pending_lines
from groqchat.services.quota.budget import NOTHING

if TYPE_CHECKING:
    from groqchat.bootstrap import LocalServices
    from groqchat.cli.sets.job import Job
    from groqchat.cli.sets.reports import Stops
    from groqchat.services.account.connection import Connection
    from groqchat.services.batch.batches import Batches
    from groqchat.services.prompt_sets.batched import SetBatches
    from groqchat.services.prompt_sets.prompt_sets import PromptSetRun


class BatchedRun:
    """Sends what a run has still to ask as a batch, and collects what batches have answered.

    Args:
        services: The program's services.
        connection: The account that is asked.
        job: What the command line asks for.
        run: The run of the set.
        set_batches: The batches of sets on this machine.
    """

    def __init__(
        self,
        services: LocalServices,
        connection: Connection,
        job: Job,
        run: PromptSetRun,
        set_batches: SetBatches,
    ) -> None:
        self._services = services
        self._connection = connection
        self._job = job
        self._run = run
        self._set_batches = set_batches
        self._batches: Batches = services.batches(connection)

    async def send_and_collect(self) -> Stops:
        """Send what is pending, and collect; returns the error that kept it back, by model."""
        stops: Stops = {}
        try:
            planned = await self._planned()
            await self._go_on()
            if planned is not None:
                await self._submit(planned)
        except GroqchatError as error:
            stops = dict.fromkeys(self._run.options, error)
            narrate_error(f"Not submitted: {error.message} {error.command_suggestion}")
        await self._collect()
        return stops

    async def _planned(self) -> Planned | None:
        """What is to be submitted now; None where nothing is left to ask.

        What was asked in a batch under way is not asked again, also where that has ended meanwhile
        with failures: these are for the next command, as those of a set that is asked live.

        Raises:
            MisuseError: A prompt cannot be asked in a batch.
        """
        name, model_of = self._job.path.name, self._connection.models.model
        window = self._job.args.window or WINDOWS[0]
        try:
            lines = await asyncio.to_thread(pending_lines, self._run, model_of)
            if not lines:
                return None
            submission, estimate = await asyncio.to_thread(
                self._batches.plan, name, lines, window, session_id=self._run.session.id
            )
        except ValueError as mistake:
            raise MisuseError(f"{self._job.args.file}: {mistake}") from None
        announce(submission, estimate)
        return Planned(submission, lines, estimate)

    async def _go_on(self) -> None:
        """Go on with submissions that were interrupted.

        Raises:
            GroqchatError: The server refuses, or is not reached.
            MisuseError: A batch was submitted with another account.
        """
        for submission in await self._set_batches.under_way(self._run.session.id):
            check_account(self._batches, submission)
            if not submission.is_submitted:
                await go_on(self._batches, submission)

    async def _submit(self, planned: Planned) -> None:
        """Submit what was planned.

        A new run is recorded first, so that its batch is found again; where nothing was sent in the
        end, it leaves nothing behind.

        Raises:
            GroqchatError: The server refuses, is not reached, or a budget does not reach.
        """
        await self._check_set_budget(planned)
        run, store = self._run, self._services.store
        is_new = await store.session(run.session.id) is None
        if is_new:
            await store.create_session(run.session)
            await run.keep()
        try:
            await run.store_pending_prompts()
            await submit_new(
                self._batches, self._connection, planned, over_budget=self._job.args.over_budget
            )
        except GroqchatError:
            if await self._batches.store.find(planned.submission.id):
                await run.keep()
            elif is_new:
                await store.delete_session(run.session.id)
                run.is_kept = False
            raise
        await run.keep()

    async def _collect(self) -> None:
        """Ask how batches stand, following them where that is wanted, and store what came back.

        Raises:
            GroqchatError: The server cannot be asked.
        """
        session_id, wait = self._run.session.id, self._job.args.wait
        try:
            for submission in await self._set_batches.under_way(session_id):
                check_account(self._batches, submission)
                now = await (
                    follow(self._batches, submission)
                    if wait
                    else self._batches.refreshed(submission)
                )
                if not now.is_over:
                    narrate(f"{now.shown_id} is {now.status}: {answered_words(now)}.", DIM)
        finally:
            self._run.wait_for(await self._set_batches.transfer(session_id))
            await self._run.recall()
        if self._run.under_way:
            narrate(
                "The same command collects the answers once they are there; with --wait it "
                "follows the batch to its end.",
                YELLOW,
            )

    async def _check_set_budget(self, planned: Planned) -> None:
        """Check ``--budget``, in which the batches of this run that are under way count too.

        Raises:
            OverBudgetError: It does not reach.
        """
        limit, session_id = self._job.args.budget, self._run.session.id
        if limit is None:
            return
        spent = (await self._services.ledger.spent(session_id=session_id)).cost
        running = await self._set_batches.under_way(session_id)
        held = sum(filter(None, (submission.estimate for submission in running)), NOTHING)
        cost = planned.estimate.known_cost
        if spent + held + cost > limit:
            stand = f"{exact_money(spent + held)} of {exact_money(limit)} is spent on this set"
            need = f"the batch may cost {exact_money(cost)}"
            raise failure("set_budget_short", detail=f"{stand}, and {need}")

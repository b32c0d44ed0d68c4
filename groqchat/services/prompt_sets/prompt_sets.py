"""Runs a set of prompts over several models at once and merges their events into one stream.

Every prompt is an ordinary turn in one session, and a job in the lane of its model: as many are
under way as the limits allow. A prompt that was answered is never asked again:
the answers are found in the session, so that a run that was killed goes on where it was. A run
without an answer or a failure leaves nothing behind, and the run before it stays the newest. Listen
with ``aclosing``, as to a single turn.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import GroqchatError, OverBudgetError
from groqchat.domain.money.pricing import cost_of
from groqchat.domain.money.usage import Usage
from groqchat.domain.prompt_sets.columns import SetColumn, shown_pairs
from groqchat.domain.prompt_sets.prompt_set import (
    Progress,
    SetFailure,
    longest_answer,
    may_be_retried,
    message_id,
    progress,
    refuses_the_model,
    stops_the_model,
    usual_answer,
)
from groqchat.domain.turns.chat import (
    Answered,
    AnswerStarted,
    Message,
    Options,
    Sending,
    TurnEvent,
    Waiting,
)
from groqchat.services.compare.column import Failed
from groqchat.services.compare.merge import merge_streams
from groqchat.services.prompt_sets.events import ModelEnded, SetTurnEvent
from groqchat.services.prompt_sets.shared_budget import RunningTurns
from groqchat.services.prompt_sets.whole_answers import until_whole
from groqchat.services.scheduling.scheduler import JobQueue

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable, Sequence

    from groqchat.domain.money.pricing import Price
    from groqchat.domain.prompt_sets.prompt_set import Pair, SetPrompt, SetRecord
    from groqchat.domain.turns.chat import Session
    from groqchat.services.prompt_sets.events import SetEvent
    from groqchat.services.prompt_sets.set_services import PromptSource, SetServices
    from groqchat.services.prompt_sets.shared_budget import SharedBudget
    from groqchat.services.scheduling.lane import LaneSlot
    from groqchat.services.scheduling.scheduler import Job


NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Estimate:
    """The answers that are missing and what they will probably use; ``cost`` None is unknown."""

    answers: int
    prompt_tokens: int
    completion_tokens: int
    cost: Decimal | None


class PromptSetRun:
    """One run of a set, new or resumed.

    Args:
        session: Holds prompts and answers; a new one is stored when the first prompt is asked.
        record: The run as it is recorded once it has an answer or a failure.
        prompts: The set.
        options: How each column is asked, by its name; the system prompt is each prompt's own.
        services: The services that the run uses.
        columns: The variants among them; the others are models alone.
        shared_budget: The most that the run may cost; None: it has no budget of its own.
        before_asking: Called before each request.

    Attributes:
        shown: What keys and models of variants stand for (`domain.prompt_sets.columns`).
        under_way: The prompts, each with a model, of which a batch will bring the answers.
        started: The ids of answers that were begun, by the prompts' keys and columns.
        source: Gives the prompts, where other machines ask them too; None: all are asked here.
    """

    def __init__(
        self,
        session: Session,
        record: SetRecord,
        prompts: Sequence[SetPrompt],
        options: dict[str, Options],
        services: SetServices,
        *,
        columns: Sequence[SetColumn] = (),
        shared_budget: SharedBudget | None = None,
        before_asking: Callable[[], None] = lambda: None,
    ) -> None:
        self.session = session
        self.prompts = prompts
        self.options = options
        self._services = services
        self._shared_budget = shared_budget
        self._before_asking = before_asking
        self._record = record
        self._stored: dict[str, asyncio.Task[None]] = {}
        self._queues: dict[str, JobQueue[SetEvent]] = {}
        self._stops: dict[str, GroqchatError] = {}
        self._running_turns = RunningTurns()
        self.is_kept = False
        self._columns = {name: SetColumn(name) for name in options}
        self._columns |= {column.name: column for column in columns}
        self.shown = shown_pairs(prompts, columns)
        self.under_way: frozenset[Pair] = frozenset()
        self.started: dict[Pair, list[str]] = {}
        self.source: PromptSource | None = None
        self._longest: dict[str, SetPrompt] = {}
        self._answers: dict[str, list[Message]] = {model: [] for model in options}
        self.progress = Progress({}, {})

    async def recall(self) -> Progress:
        """Read the answers and failures that are stored already."""
        identifier = self.session.id
        messages = await self._services.store.answers(identifier)
        failures = await self._services.records.failures(identifier)
        self.progress = progress(identifier, messages, failures, self.shown)
        for (_, model), answer in self.progress.answers.items():
            if model in self._answers:
                self._answers[model].append(answer)
        return self.progress

    def wait_for(self, pairs: Iterable[Pair]) -> None:
        """Leave out what batches will answer, by the keys and models of their lines."""
        self.under_way = frozenset(self.shown.get(pair, pair) for pair in pairs)

    def asked(self, model: str, prompt: SetPrompt) -> SetPrompt:
        """A prompt as a column asks it."""
        return self._columns[model].prompt(prompt)

    def pending(self, model: str) -> list[SetPrompt]:
        """The prompts that are still to be asked of a model, without those of batches under way."""
        pending = self.progress.pending(self.prompts, model)
        return [prompt for prompt in pending if (prompt.key, model) not in self.under_way]

    def most_expected(self, model: str) -> Decimal:
        """The most that one turn at a column will probably cost; 0 where no price is known."""
        if model not in self._longest:
            sizing, options = self._services.accounting.sizing, partial(self._options, model)
            self._longest[model] = max(
                self.prompts,
                key=lambda each: sizing.length(each.messages("", "", 0.0), options(each)).tokens,
            )
        expected = self._expected(model, self._longest[model], longest_answer)
        cost = cost_of(expected, self._price_of(model))
        return cost.total if cost else NOTHING

    def estimate(self) -> Estimate:
        """The estimate for all prompts that are still to be asked."""
        usages = [
            (model, self._expected(model, prompt, usual_answer))
            for model in self.options
            for prompt in self.pending(model)
        ]
        costs = [cost_of(usage, self._price_of(model)) for model, usage in usages]
        known = [cost.total for cost in costs if cost]
        return Estimate(
            len(usages),
            sum(usage.prompt_tokens for _, usage in usages),
            sum(usage.completion_tokens for _, usage in usages),
            sum(known, NOTHING) if len(known) == len(costs) else None,
        )

    async def ask(self) -> AsyncGenerator[SetEvent, None]:
        """Ask all that is pending, the models side by side.

        Raises:
            StorageError: A failure cannot be written down.
        """
        is_new = await self._services.store.session(self.session.id) is None
        if is_new:
            await self._services.store.create_session(self.session)
        elif self._has_something:
            await self.keep()
        try:
            streams = merge_streams([self._ask_model(model) for model in self.options])
            async with aclosing(streams) as events:
                async for event in events:
                    yield event
        finally:
            if is_new and not self.is_kept:
                await self._services.store.delete_session(self.session.id)

    @property
    def _has_something(self) -> bool:
        """Whether an earlier run has an answer or a failure for a prompt of this set."""
        keys = {prompt.key for prompt in self.prompts}
        return any(key in keys for key, _ in (*self.progress.answers, *self.progress.failures))

    async def keep(self) -> None:
        """Record this run as the newest of its file."""
        if not self.is_kept:
            self.is_kept = True
            await self._services.records.save(self._record)

    async def _ask_model(self, model: str) -> AsyncGenerator[SetEvent, None]:
        jobs: Iterable[Job[SetEvent]]
        if self.source is None:
            jobs = (partial(self._job, model, prompt) for prompt in self.pending(model))
        else:
            jobs = self.source.jobs(model, self._job)
        queue = JobQueue(self._services.lane_of(None, self.options[model].model), jobs)
        self._queues[model] = queue
        async with aclosing(queue.events()) as events:
            async for event in events:
                yield event
        yield ModelEnded(model, self._stops.get(model))

    async def _job(
        self, model: str, prompt: SetPrompt, slot: LaneSlot
    ) -> AsyncGenerator[SetEvent, None]:
        """Ask one prompt; an error that would meet every further prompt stops the model."""
        try:
            asking = until_whole(partial(self._patient_turn, model, prompt, slot), slot)
            async with aclosing(asking) as turn:
                async for event in turn:
                    if isinstance(event, Sending | Waiting | Answered):
                        yield SetTurnEvent(model, prompt, event)
        except GroqchatError as error:
            is_over = stops_the_model(error)
            if is_over:
                self.stop(model, error)
            if not is_over or refuses_the_model(error):
                await self.keep()
                await self._services.records.note(self.failure(model, prompt, error))
            if not is_over:
                yield SetTurnEvent(model, prompt, Failed(error))

    def stop(self, model: str, error: GroqchatError) -> None:
        """Ask nothing more of a model."""
        self._stops.setdefault(model, error)
        self._queues[model].stop()

    async def _patient_turn(
        self, model: str, prompt: SetPrompt, slot: LaneSlot
    ) -> AsyncGenerator[TurnEvent, None]:
        """One turn; where other turns hold the rest of a budget, it waits until one has ended."""
        while True:
            ended = self._running_turns.ended
            try:
                async with (
                    self._running_turns.running(),
                    aclosing(self._turn(model, prompt, slot)) as turn,
                ):
                    async for event in turn:
                        yield event
                return
            except OverBudgetError as error:
                is_held = error.cause.name == "budget_held"
                if not is_held or not await self._running_turns.wait_for_more(ended):
                    raise

    async def _turn(
        self, model: str, prompt: SetPrompt, slot: LaneSlot
    ) -> AsyncGenerator[TurnEvent, None]:
        async with AsyncExitStack() as stack:
            if self._shared_budget is not None:
                most = cost_of(self._expected(model, prompt, longest_answer), self._price_of(model))
                await stack.enter_async_context(
                    self._shared_budget.holding(most.total if most else NOTHING)
                )
            self._before_asking()
            message = await self.stored_prompt(self.asked(model, prompt))
            options = self._options(model, prompt)
            turn = self._services.turns.ask(self.session, message, options, slot=slot)
            async for event in await stack.enter_async_context(aclosing(turn)):
                if isinstance(event, AnswerStarted):  # what it costs from now on is of this run
                    self.started.setdefault((prompt.key, model), []).append(event.message.id)
                    await self.keep()
                elif isinstance(event, Answered):
                    self._answers[model].append(event.message)
                yield event

    async def store_pending_prompts(self) -> None:
        """Store the messages of all prompts that are still to be asked, for a batch."""
        for model in self.options:
            for prompt in self.pending(model):
                await self.stored_prompt(self.asked(model, prompt))

    async def stored_prompt(self, prompt: SetPrompt) -> Message:
        """The prompt's message, stored with its history when it is first needed."""
        identifier = message_id(self.session.id, prompt.key)
        messages = prompt.messages(self.session.id, identifier, self._services.clock.now())
        storing = self._stored.get(prompt.key)
        if storing is None:  # by the first model that asks it; the others wait for that
            storing = asyncio.create_task(self._store(messages))
            self._stored[prompt.key] = storing
        await asyncio.shield(storing)
        return messages[-1]

    async def _store(self, messages: Iterable[Message]) -> None:
        for message in messages:
            await self._services.store.add_message(message)

    def _options(self, model: str, prompt: SetPrompt) -> Options:
        return replace(self.options[model], system=self.asked(model, prompt).system)

    def _price_of(self, model: str) -> Price | None:
        return self._services.price_of(self.options[model].model)

    def _expected(
        self, model: str, prompt: SetPrompt, length: Callable[[list[Message], int | None], int]
    ) -> Usage:
        """The tokens that one turn will probably use, judged by the length of earlier answers."""
        messages = prompt.messages("", "", 0.0)
        answer = length(self._answers[model], self.options[model].max_tokens)
        asked = self._services.accounting.sizing.length(messages, self._options(model, prompt))
        return Usage(prompt_tokens=asked.tokens, completion_tokens=answer)

    def failure(self, model: str, prompt: SetPrompt, error: GroqchatError) -> SetFailure:
        """The failure of a column to answer a prompt, as it is recorded."""
        return SetFailure(
            self.session.id,
            self.asked(model, prompt).key,
            self.options[model].model,
            error.kind,
            error.message,
            may_be_retried(error),
            self._services.clock.now(),
        )

"""Runs a set of prompts over several models: each model a lane of its own, all told as one stream.

Every prompt is an ordinary turn in one session. What is there already is never asked again: the
answers are found in the session, so that a run that was killed goes on where it was. A run that
nothing comes of leaves nothing behind, and the one before it stays the newest. Listen with
``aclosing``, as to a single turn.
"""

from __future__ import annotations

from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from groqchat.domain.errors.tree import GroqchatError, OverBudgetError
from groqchat.domain.money.pricing import cost_of
from groqchat.domain.money.usage import Usage
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
from groqchat.domain.turns.chat import Answered, AnswerStarted, Message, Options, Role, TurnEvent
from groqchat.services.compare.compare import Failed
from groqchat.services.compare.merge import merge_streams
from groqchat.services.prompt_sets.shared_budget import RunningTurns

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from groqchat.domain.money.pricing import Price
    from groqchat.domain.prompt_sets.prompt_set import SetPrompt, SetRecord
    from groqchat.domain.turns.chat import Session
    from groqchat.services.ports import Clock, SessionStore
    from groqchat.services.prompt_sets.shared_budget import SharedBudget
    from groqchat.services.turns.accounting import Accounting
    from groqchat.services.turns.chat import Turns


class SetRecords(Protocol):
    """Where runs are kept. Every call may raise ``StorageError``."""

    async def last(self, place: str) -> SetRecord | None:
        """The newest run of a file; None where there is none."""

    async def save(self, record: SetRecord) -> None:
        """Keep a run, whose session is stored already; of one that is kept how it was asked."""

    async def failures(self, session_id: str) -> Sequence[SetFailure]:
        """What failed last in a session, prompt by prompt."""

    async def note(self, failure: SetFailure) -> None:
        """Keep a failure; it replaces an earlier one of the same prompt and model."""


@dataclass(frozen=True, slots=True)
class SetTold:
    """An event of one turn; :class:`Failed` where it ended without an answer."""

    model: str
    prompt: SetPrompt
    event: TurnEvent | Failed


@dataclass(frozen=True, slots=True)
class LaneEnded:
    """Nothing more is asked of a model: all is done, or an error would meet the rest as well."""

    model: str
    error: GroqchatError | None = None


SetEvent = SetTold | LaneEnded

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is still to be asked, and about what it will use; ``cost`` None: a price is unknown."""

    answers: int
    prompt_tokens: int
    completion_tokens: int
    cost: Decimal | None


class PromptSetRun:
    """One run of a set, new or resumed.

    Args:
        session: Where prompts and answers are kept; a new one is stored when something is asked.
        record: The run as it is kept from when something comes of it.
        prompts: The set.
        options: How each model is asked, by model; the system prompt is each prompt's own.
        turns: The one engine that answers prompts.
        books: Knows how long prompts are.
        store: Where conversations live.
        records: Where runs are kept.
        price_of: The price of a model right now; None when unknown.
        clock: Time.
        purse: What all of it may cost; None: no budget of its own.
        before_asking: Called before each request.
    """

    def __init__(
        self,
        session: Session,
        record: SetRecord,
        prompts: Sequence[SetPrompt],
        options: dict[str, Options],
        *,
        turns: Turns,
        accounting: Accounting,
        store: SessionStore,
        records: SetRecords,
        price_of: Callable[[str], Price | None],
        clock: Clock,
        shared_budget: SharedBudget | None = None,
        before_asking: Callable[[], None] = lambda: None,
    ) -> None:
        self.session = session
        self.prompts = prompts
        self.options = options
        self._turns = turns
        self._accounting = accounting
        self._store = store
        self._records = records
        self._price_of = price_of
        self._clock = clock
        self._shared_budget = shared_budget
        self._before_asking = before_asking
        self._record = record
        self._stored: set[str] = set()
        self._landings = RunningTurns()
        self.is_kept = False
        self._answers: dict[str, list[Message]] = {model: [] for model in options}
        self.progress = Progress({}, {})

    async def recall(self) -> Progress:
        """Find what is there already."""
        identifier = self.session.id
        messages = await self._store.answers(identifier)
        failures = await self._records.failures(identifier)
        self.progress = progress(identifier, messages, failures)
        for (_, model), answer in self.progress.answers.items():
            if model in self._answers:
                self._answers[model].append(answer)
        return self.progress

    def pending(self, model: str) -> list[SetPrompt]:
        """What is still to be asked of a model."""
        return self.progress.pending(self.prompts, model)

    def estimate(self) -> Estimate:
        """What is still to be asked, in all."""
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
        is_new = await self._store.session(self.session.id) is None
        if is_new:
            await self._store.create_session(self.session)
        elif self._has_something:
            await self._keep()
        try:
            lanes = merge_streams([self._lane(model) for model in self.options])
            async with aclosing(lanes) as events:
                async for event in events:
                    yield event
        finally:
            if is_new and not self.is_kept:
                await self._store.delete_session(self.session.id)

    @property
    def _has_something(self) -> bool:
        """Whether an earlier run has come to something of what is asked here."""
        keys = {prompt.key for prompt in self.prompts}
        return any(key in keys for key, _ in (*self.progress.answers, *self.progress.failures))

    async def _keep(self) -> None:
        """From now on this is the newest run of its file."""
        if not self.is_kept:
            self.is_kept = True
            await self._records.save(self._record)

    async def _lane(self, model: str) -> AsyncGenerator[SetEvent, None]:
        for prompt in self.pending(model):
            try:
                async with aclosing(self._patient_turn(model, prompt)) as turn:
                    async for event in turn:
                        yield SetTold(model, prompt, event)
            except GroqchatError as error:
                is_over = stops_the_model(error)
                if not is_over or refuses_the_model(error):
                    await self._keep()
                    await self._records.note(self._failure(model, prompt, error))
                if is_over:
                    yield LaneEnded(model, error)
                    return
                yield SetTold(model, prompt, Failed(error))
        yield LaneEnded(model)

    async def _patient_turn(self, model: str, prompt: SetPrompt) -> AsyncGenerator[TurnEvent, None]:
        """One turn; where others of this run hold the rest of a budget, once one has ended."""
        while True:
            landed = self._landings.count
            try:
                async with self._landings.under_way(), aclosing(self._turn(model, prompt)) as turn:
                    async for event in turn:
                        yield event
                return
            except OverBudgetError as error:
                is_held = error.cause.name == "budget_held"
                if not is_held or not await self._landings.another(landed):
                    raise

    async def _turn(self, model: str, prompt: SetPrompt) -> AsyncGenerator[TurnEvent, None]:
        async with AsyncExitStack() as stack:
            if self._shared_budget is not None:
                most = cost_of(self._expected(model, prompt, longest_answer), self._price_of(model))
                await stack.enter_async_context(
                    self._shared_budget.holding(most.total if most else NOTHING)
                )
            self._before_asking()
            message = await self._stored_prompt(prompt)
            options = self._options(model, prompt)
            turn = self._turns.ask(self.session, message, options, may_switch=False)
            async for event in await stack.enter_async_context(aclosing(turn)):
                if isinstance(event, AnswerStarted):  # what it costs from now on is of this run
                    await self._keep()
                elif isinstance(event, Answered):
                    self._answers[model].append(event.message)
                yield event

    async def _stored_prompt(self, prompt: SetPrompt) -> Message:
        """The prompt's message, written when it is first needed; the root of its tree."""
        identifier = message_id(self.session.id, prompt.key)
        now = self._clock.now()
        message = Message(identifier, self.session.id, None, Role.USER, prompt.text, now)
        if prompt.key not in self._stored:
            await self._store.add_message(message)
            self._stored.add(prompt.key)
        return message

    def _options(self, model: str, prompt: SetPrompt) -> Options:
        return Options(
            model,
            prompt.system,
            self.options[model].service_tier,
            max_tokens=self.options[model].max_tokens,
        )

    def _expected(
        self, model: str, prompt: SetPrompt, length: Callable[[list[Message], int | None], int]
    ) -> Usage:
        """What one turn will probably use, by the length of earlier answers."""
        message = Message("", "", None, Role.USER, prompt.text, 0.0)
        answer = length(self._answers[model], self.options[model].max_tokens)
        asked = self._accounting.sizing.length([message], self._options(model, prompt))
        return Usage(prompt_tokens=asked.tokens, completion_tokens=answer)

    def _failure(self, model: str, prompt: SetPrompt, error: GroqchatError) -> SetFailure:
        return SetFailure(
            self.session.id,
            prompt.key,
            model,
            error.kind,
            error.message,
            may_be_retried(error),
            self._clock.now(),
        )

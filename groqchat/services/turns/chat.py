"""One turn: a prompt becomes a saved, priced answer, reported as a stream of events.

The same generator serves the screen, the command line and every column of a comparison. Listen with
``async with aclosing(turns.ask(...)) as events``: without it a cancelled listener would leave the
cleanup (saving what had arrived) to the garbage collector.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing, nullcontext
from copy import copy
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.limits.allowance import AnswerRoom
from groqchat.domain.sessions.summaries import title_from
from groqchat.domain.turns.chat import (
    Message,
    PromptStored,
    Rerouted,
    Role,
    Skipped,
)
from groqchat.domain.turns.fallback import target_of
from groqchat.services.turns.attempts import Attempts
from groqchat.services.turns.going_on import whole, without_used
from groqchat.services.turns.pauses import Pauses, may_be_freed, waiting_for
from groqchat.services.turns.refusals import Refusal
from groqchat.services.turns.requests import RequestBuilder
from groqchat.services.turns.sending import sent
from groqchat.services.turns.turn_state import TurnState

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from contextlib import AbstractAsyncContextManager

    from groqchat.domain.tools.tool import Tool
    from groqchat.domain.turns.chat import Options, Session, TurnEvent
    from groqchat.domain.turns.request import ChatRequest
    from groqchat.services.ports import Clock, SessionStore
    from groqchat.services.quota.budget import BudgetGuard
    from groqchat.services.scheduling.lane import Slot
    from groqchat.services.scheduling.scheduler import LaneOf
    from groqchat.services.turns.accounting import Draft
    from groqchat.services.turns.attempts import Recovery
    from groqchat.services.turns.sizing import RequestPreview
    from groqchat.services.turns.vendor import Vendor


class Turns:
    """Answers prompts and saves what comes of them.

    Args:
        vendor: Answers unless a fallback route leads elsewhere.
        store: Where conversations live.
        recovery: What is done after an error.
        lane_of: The lanes of the account.
        clock: Time.
        new_id: Makes ids for messages.
        budget: Checked before every request; None: there is no budget.
    """

    def __init__(
        self,
        vendor: Vendor,
        store: SessionStore,
        recovery: Recovery,
        lane_of: LaneOf,
        *,
        clock: Clock,
        new_id: Callable[[], str],
        budget: BudgetGuard | None = None,
    ) -> None:
        self._default_vendor = vendor
        self._store = store
        self._requests = RequestBuilder(store)
        self._recovery = recovery
        self._lane_of = lane_of
        self._pauses = Pauses(clock)
        self._clock = clock
        self._new_id = new_id
        self._budget = budget
        self._room = AnswerRoom.ORDINARY
        self._ignores_budget = False

    def without_fallback(self) -> Turns:
        """Turns like these, without the route to other models."""
        turns = copy(self)
        turns._recovery = self._recovery.without_route()
        return turns

    def going_on(self) -> Turns:
        """Turns like these, whose answers leave room for others and go on if they are longer."""
        turns = copy(self)
        turns._room = AnswerRoom.SHARED
        return turns

    def offering(self, tools: tuple[Tool, ...]) -> Turns:
        """Turns like these, whose requests offer tools in this order."""
        turns = copy(self)
        turns._requests = RequestBuilder(self._store, tools)
        return turns

    def whatever_it_costs(self) -> Turns:
        """Turns like these, whose requests pass whatever the budget says."""
        turns = copy(self)
        turns._ignores_budget = True
        return turns

    async def ask(
        self,
        session: Session,
        prompt: str | Message,
        options: Options,
        *,
        parent_id: str | None = None,
        continuing: Message | None = None,
        waiting_out: GroqchatError | None = None,
        skip_wait: asyncio.Event | None = None,
        is_checked: bool = True,
        slot: Slot | None = None,
    ) -> AsyncGenerator[TurnEvent, None]:
        """Answer a prompt once, with retries while nothing has been shown.

        Args:
            session: The conversation; created in the store when it is new.
            prompt: The text, stored first; or a stored prompt that is to be answered (again).
            options: Model and parameters.
            parent_id: The message that a new prompt follows; None begins the conversation.
            continuing: A cut-off answer to the stored prompt that the new one begins with.
            waiting_out: A refusal whose time is waited for before anything is sent.
            skip_wait: Set by the listener to end a wait at once.
            is_checked: Whether a request that does not fit waits or is refused here.
            slot: The place of a job in the lane of its model; None: the turn takes a direct one.

        Raises:
            GroqchatError: After the last attempt. The prompt and all text that came are stored.
        """
        asked = self._message(session, prompt, parent_id) if isinstance(prompt, str) else prompt
        lane = self._lane_of(options.provider, options.model)
        place = slot or lane.direct(self._room_of(options))
        turn = TurnState(asked, continuing, place, slot is None, skip_wait, is_checked)
        if waiting_out is None:
            turn.building = self._build(turn, options)
        try:
            if asked is not prompt:
                named = replace(session, model=session.model or options.model)
                # As a task it comes behind what the request needs, which is at hand then.
                await asyncio.ensure_future(self._add(asked, named))
            yield PromptStored(asked)
            turn.ignores_budget = await self.may_overspend(session)
            if waiting_out is not None:
                yield (wait := waiting_for(waiting_out, self._clock.monotonic()))
                await self._pauses.sleep(wait.seconds, skip_wait)
            async with aclosing(self._whole(turn, options, waiting_out)) as events:
                async for event in events:
                    yield event
        finally:
            turn.leave()

    async def may_overspend(self, session: Session) -> bool:
        """Whether the next request of a session passes whatever the budget says.

        Raises:
            OverBudgetError: The budget is spent, and the user has not decided so.
        """
        if self._ignores_budget or self._budget is None:
            return self._ignores_budget
        return await self._budget.check(session.id)

    def _attempts(
        self, turn: TurnState, options: Options, waiting_out: GroqchatError | None
    ) -> Attempts:
        """No attempt yet; in a queue no other model answers."""
        recovery = self._recovery.of_queue() if turn.slot.is_queued else self._recovery
        refused = Refusal.waited_out(waiting_out, self._clock.monotonic())
        return Attempts(recovery, options, refused=refused)

    def _build(self, turn: TurnState, options: Options) -> asyncio.Future[ChatRequest]:
        """The request for the turn's vendor, which begins to be built at once."""
        return self._requests.build(self._default_vendor, turn.prompt, options, turn.begun)

    def _room_of(self, options: Options) -> AnswerRoom:
        """The room of an answer; JSON is not gone on with where it was cut."""
        is_text = not options.is_json and options.schema is None
        return self._room if is_text else AnswerRoom.ORDINARY

    def _whole(
        self, turn: TurnState, options: Options, waiting_out: GroqchatError | None
    ) -> AsyncGenerator[TurnEvent, None]:
        """An answer, and its rest where it was cut because it left room for others."""
        first = self._answer(turn, self._attempts(turn, options, waiting_out))
        return whole(first, partial(self._rest, turn, options), is_cut=turn.is_cut)

    def _rest(
        self, turn: TurnState, options: Options, cut: Message | None
    ) -> AsyncGenerator[TurnEvent, None]:
        """Answer with more room, from where a cut answer ends."""
        turn.go_on(cut)
        return self._answer(turn, self._attempts(turn, without_used(options, cut), None))

    async def _answer(self, turn: TurnState, attempts: Attempts) -> AsyncGenerator[TurnEvent, None]:
        """Send until there is an answer; raise when neither a wait nor another model may help."""
        vendor, asked = self._default_vendor, attempts.options
        request = await (turn.building or self._build(turn, asked))
        request = replace(request, room=turn.slot.room)
        while True:
            if turn.is_checked:
                await turn.slot.first_in_line()  # no pause from here to the reservation
            bounded, error = await self._admitted(turn, attempts, vendor, request)
            if error is None:
                draft = vendor.draft(turn.prompt, bounded, turn.begun, asked)
                hold = self._hold(turn, vendor, draft)
                try:
                    async with aclosing(sent(vendor, draft, attempts, turn.slot, hold)) as events:
                        async for event in events:
                            yield event
                    if not draft.is_overtaken:
                        return
                except GroqchatError as caught:
                    attempts.refused = Refusal.at(caught, self._clock.monotonic())
                    request, error = turn.refitted(vendor, attempts, request, draft, caught)
                if error is None:
                    continue
            wait = attempts.wait_after(error)
            other_vendor, skipped = await self._fall_back(attempts, error, wait)
            for each in skipped:
                yield each
            if other_vendor is not None:
                vendor = other_vendor
                turn.enter(self._lane_of(attempts.options.provider, attempts.options.model))
                yield Rerouted(error, attempts.options)
                request = await self._requests.build(
                    vendor, turn.prompt, attempts.options, turn.begun
                )
            elif wait is None and not may_be_freed(error, turn.slot):
                raise attempts.reason or error
            else:
                pause = self._pauses.after(
                    error, wait, turn.slot, attempts, turn.skip_wait, quota=vendor.quota
                )
                async with aclosing(pause) as told:
                    async for event in told:
                        yield event
                turn.heed_wish()

    def _hold(
        self, turn: TurnState, vendor: Vendor, draft: Draft
    ) -> AbstractAsyncContextManager[bool]:
        """Sets aside what a request may take of limits and budgets."""
        if self._budget is None:
            return nullcontext(enter_result=True)
        cost = vendor.accounting.expected(draft.request)
        claim = vendor.accounting.claim(draft, is_checked=turn.is_checked)
        return self._budget.holding(draft, cost, claim, ignores_budget=turn.ignores_budget)

    async def _admitted(
        self, turn: TurnState, attempts: Attempts, vendor: Vendor, request: ChatRequest
    ) -> tuple[ChatRequest, GroqchatError | None]:
        """The request as it may be sent; or as it was, and what keeps it from being sent now."""
        error = self._admission_error(turn, attempts, vendor, request)
        return await turn.admitted(vendor, request) if error is None else (request, error)

    def _admission_error(
        self, turn: TurnState, attempts: Attempts, vendor: Vendor, request: ChatRequest
    ) -> GroqchatError | None:
        """The error that keeps a request from being sent now; a refusal keeps its words."""
        if not turn.is_checked:
            return None
        own, refused = vendor.admission_error(request), attempts.refused
        return refused.admission_error(own, self._clock.monotonic()) if refused else own

    async def _fall_back(
        self, attempts: Attempts, error: GroqchatError, wait: float | None
    ) -> tuple[Vendor | None, list[Skipped]]:
        """Switch to the next usable stop of the fallback route that is better than the wait.

        Returns:
            The vendor that is asked next, or None; and the stops that were skipped before it. The
            last stop of a route counts as skipped where it failed.
        """
        skipped = []
        while (options := attempts.next_options(error, wait)) is not None:
            try:
                vendor = await self._vendor_of(options)
            except GroqchatError as unusable:
                skipped.append(Skipped(target_of(options), unusable))
            else:
                attempts.switch_to(options, error)
                return vendor, skipped
        if wait is None and attempts.reason is not None:
            skipped.append(Skipped(target_of(attempts.options), error))
        return None, skipped

    async def _vendor_of(self, options: Options) -> Vendor:
        endpoints = self._recovery.endpoints
        if options.provider is None or endpoints is None:
            return self._default_vendor
        return await endpoints.vendor(options.provider)

    async def store_prompt(self, session: Session, text: str, parent_id: str | None) -> Message:
        """Store a prompt that several answers will be asked for; a new session is created."""
        prompt = self._message(session, text, parent_id)
        await self._add(prompt, session)
        return prompt

    def _message(self, session: Session, text: str, parent_id: str | None) -> Message:
        """A prompt that is not stored yet."""
        now = self._clock.now()
        return Message(self._new_id(), session.id, parent_id, Role.USER, text, now)

    async def _add(self, prompt: Message, session: Session) -> None:
        """Store a prompt, and a session that is not there yet."""
        titled = replace(session, title=session.title or title_from(prompt.content))
        await self._store.add_message(prompt, titled)

    async def preview(self, parent_id: str | None, options: Options) -> RequestPreview:
        """The request of a prompt that is still being written, as :meth:`ask` would make it.

        Args:
            parent_id: The message that the prompt follows; None begins a conversation.
            options: Model and parameters.

        Raises:
            StorageError: The messages before the prompt cannot be read.
        """
        return await self._requests.preview(self._default_vendor, parent_id, options)

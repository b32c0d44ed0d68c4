"""One turn: a prompt becomes a saved, priced answer, reported as a stream of events.

The same generator serves the screen, the command line and every column of a comparison. Listen with
``async with aclosing(turns.ask(...)) as events``: without it a cancelled listener would leave the
cleanup (saving what had arrived) to the garbage collector.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.sessions.summaries import title_from
from groqchat.domain.turns.chat import (
    AnswerStarted,
    Message,
    PromptStored,
    Rerouted,
    Role,
    Skipped,
    Waiting,
)
from groqchat.domain.turns.fallback import target_of
from groqchat.services.scheduling.lane import NoLane
from groqchat.services.turns.attempts import Attempts
from groqchat.services.turns.refusals import Refusal, resized
from groqchat.services.turns.requests import RequestBuilder

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from contextlib import AbstractAsyncContextManager

    from groqchat.domain.turns.chat import ChatRequest, Options, Session, TurnEvent
    from groqchat.services.ports import Clock, SessionStore
    from groqchat.services.quota.budget import BudgetGuard
    from groqchat.services.scheduling.lane import Slot
    from groqchat.services.turns.accounting import Draft
    from groqchat.services.turns.attempts import Recovery
    from groqchat.services.turns.sizing import RequestPreview
    from groqchat.services.turns.vendor import Vendor

# No other attempt, and no other model, is of any use after these.
_FINAL = frozenset({ErrorKind.NO_ANSWER, ErrorKind.OVER_BUDGET})


class Turns:
    """Answers prompts and saves what comes of them.

    Args:
        vendor: Answers unless a fallback route leads elsewhere.
        store: Where conversations live.
        recovery: What is done after an error.
        clock: Time.
        new_id: Makes ids for messages.
        budget: Checked before every request; None: there is no budget.
    """

    def __init__(
        self,
        vendor: Vendor,
        store: SessionStore,
        recovery: Recovery,
        *,
        clock: Clock,
        new_id: Callable[[], str],
        budget: BudgetGuard | None = None,
    ) -> None:
        self._default_vendor = vendor
        self._store = store
        self._requests = RequestBuilder(store)
        self._recovery = recovery
        self._clock = clock
        self._new_id = new_id
        self._budget = budget

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
            is_checked: Whether a request that does not fit the limits waits or is refused here.
            slot: The turn's place in the lane of its model, which alone may answer then; None: the
                user's fallback models may answer where this one cannot.

        Raises:
            GroqchatError: After the last attempt. The prompt is stored, and so is all text that had
                arrived, marked as incomplete.
        """
        asked = self._message(session, prompt, parent_id) if isinstance(prompt, str) else prompt
        building = None
        if waiting_out is None:
            building = self._requests.build(self._default_vendor, asked, options, continuing)
        try:
            if asked is not prompt:
                named = replace(session, model=session.model or options.model)
                # As a task it comes behind what the request needs: that is at hand then while the
                # prompt is being written.
                await asyncio.ensure_future(self._add(asked, named))
            yield PromptStored(asked)
            ignores_budget = self._budget is not None and await self._budget.check(session.id)
            if waiting_out is not None:
                yield self._waiting(waiting_out, waiting_out.facts.retry_after_s or 0.0)
                await self._sleep(waiting_out.facts.retry_after_s or 0.0, skip_wait)
            recovery = self._recovery if slot is None else self._recovery.without_route()
            refused = Refusal.waited_out(waiting_out, self._clock.monotonic())
            answer = self._answer(
                Attempts(recovery, options, refused=refused),
                asked,
                continuing,
                skip_wait,
                building,
                slot=slot or NoLane(),
                is_checked=is_checked,
                ignores_budget=ignores_budget,
            )
            async with aclosing(answer) as events:
                async for event in events:
                    yield event
        finally:
            if building is not None:
                building.cancel()

    async def _answer(
        self,
        attempts: Attempts,
        prompt: Message,
        continuing: Message | None,
        skip_wait: asyncio.Event | None,
        building: asyncio.Future[ChatRequest] | None,
        *,
        slot: Slot,
        is_checked: bool,
        ignores_budget: bool,
    ) -> AsyncGenerator[TurnEvent, None]:
        """Send until there is an answer; raise when neither a wait nor another model may help."""
        vendor, asked = self._default_vendor, attempts.options
        request = await (building or self._requests.build(vendor, prompt, asked, continuing))
        while True:
            await slot.first_in_line()  # no pause from here to the reservation
            error = self._admission_error(attempts, vendor, request) if is_checked else None
            if error is None:
                bounded = request
                if is_checked:
                    bounded = vendor.quota.bounded(request, shares=slot.shares)
                draft = vendor.draft(prompt, bounded, continuing, asked)
                hold = self._hold(vendor, draft, ignores_budget=ignores_budget)
                try:
                    async with aclosing(_sent(vendor, draft, attempts, slot, hold)) as events:
                        async for event in events:
                            yield event
                    return
                except GroqchatError as caught:
                    if draft.has_text or caught.kind in _FINAL:
                        raise
                    attempts.refused = Refusal.at(caught, self._clock.monotonic())
                    fitting = resized(request, bounded, vendor.quota, caught)
                    if is_checked and fitting is not None and attempts.resize(caught):
                        request = fitting
                        continue
                    error = caught
            wait = attempts.wait_after(error)
            other_vendor, skipped = await self._fall_back(attempts, error, wait)
            for each in skipped:
                yield each
            if other_vendor is not None:
                vendor = other_vendor
                yield Rerouted(error, attempts.options)
                request = await self._requests.build(vendor, prompt, attempts.options, continuing)
            elif wait is None:
                raise attempts.reason or error
            else:
                if error.kind is ErrorKind.RATE_LIMITED:
                    await slot.hold_line()  # who comes behind would meet the same limit
                attempts.waited_s += wait
                yield self._waiting(error, wait, attempts.attempt)
                is_skipped = await self._sleep(wait, skip_wait)
                is_checked = is_checked and not is_skipped

    def _hold(
        self, vendor: Vendor, draft: Draft, *, ignores_budget: bool
    ) -> AbstractAsyncContextManager[None]:
        """Sets the probable cost of a request aside, where there is a budget."""
        if self._budget is None:
            return nullcontext()
        cost = vendor.accounting.expected(draft.request)
        return self._budget.holding(draft, cost, ignores_budget=ignores_budget)

    def _admission_error(
        self, attempts: Attempts, vendor: Vendor, request: ChatRequest
    ) -> GroqchatError | None:
        """The error that keeps a request from being sent now; a refusal keeps its words."""
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

    def _waiting(self, error: GroqchatError, seconds: float, attempt: int = 0) -> Waiting:
        return Waiting(seconds, self._clock.monotonic() + seconds, attempt, error)

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

    async def _sleep(self, seconds: float, skip: asyncio.Event | None) -> bool:
        """Wait; returns whether the listener ended the wait early."""
        if skip is None:
            await self._clock.sleep(seconds)
            return False
        skip.clear()
        waits = [
            asyncio.ensure_future(self._clock.sleep(seconds)),
            asyncio.ensure_future(skip.wait()),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        return skip.is_set()


async def _sent(
    vendor: Vendor,
    draft: Draft,
    attempts: Attempts,
    slot: Slot,
    hold: AbstractAsyncContextManager[None],
) -> AsyncGenerator[TurnEvent, None]:
    """Send a request once; its lane counts it until it ends."""
    slot.sending(vendor.quota.gap_s(draft.request))
    try:
        async with aclosing(vendor.send(draft, attempts.begin_attempt(), hold)) as events:
            async for event in events:
                if isinstance(event, AnswerStarted):
                    slot.accepted()
                yield event
    except GroqchatError as error:
        slot.ended(error)
        raise
    finally:
        slot.ended()

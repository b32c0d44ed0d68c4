"""One turn: from a prompt to a saved, priced answer, told as events to whoever listens.

The same generator serves the screen, the command line and every column of a comparison. Listen
with ``async with aclosing(turns.ask(...)) as events``: without it a cancelled listener would leave
the cleanup (saving what had arrived) to the garbage collector.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.models.catalog import Model
from groqchat.domain.models.parameters import fitted
from groqchat.domain.sessions.summaries import title_from
from groqchat.domain.turns.chat import (
    ChatRequest,
    Message,
    PromptStored,
    Rerouted,
    Role,
    Sending,
    Skipped,
    Waiting,
)
from groqchat.domain.turns.fallback import Fallback, stop_of
from groqchat.domain.turns.thoughts import without_thoughts
from groqchat.services.turns.attempts import Attempts
from groqchat.services.turns.refusals import Refusal, resized
from groqchat.services.turns.sizing import RequestPreview
from groqchat.services.turns.vendor import Vendor

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence
    from contextlib import AbstractAsyncContextManager

    from groqchat.domain.turns.chat import Options, Session, TurnEvent
    from groqchat.domain.turns.retry import RetryPolicy
    from groqchat.services.ports import ChatProvider, Clock, SessionStore
    from groqchat.services.quota.budget import BudgetGuard
    from groqchat.services.quota.quota import QuotaService
    from groqchat.services.turns.accounting import Accounting, Draft


# No other attempt, and no other model, is of any use after these.
_FINAL = frozenset({ErrorKind.NO_ANSWER, ErrorKind.OVER_BUDGET})
# Messages at the end of a branch among which there mostly is an answer that the server counted.
_FEW = 8


def _with_text(messages: Sequence[Message]) -> Sequence[Message]:
    """What the messages say without reasoning in answers; no server takes empty ones."""
    spoken = [
        replace(message, content=without_thoughts(message.content))
        if message.role is Role.ASSISTANT
        else message
        for message in messages
    ]
    return [message for message in spoken if message.content]


class Vendors(Protocol):
    """The other vendors that a fallback route may name."""

    async def vendor(self, name: str) -> Vendor:
        """The vendor of that name; raises ``GroqchatError`` where it cannot be asked."""


class Turns:
    """Asks questions and sees to it that what comes of them is kept.

    Args:
        provider: Who answers.
        store: Where conversations live.
        accounting: Prices and records what is used.
        quota: What is left for this account.
        policy: When to send again.
        clock: Time.
        new_id: Makes ids for messages.
        chance: A random number from 0 to 1, for the jitter of waits.
        fallback: Who is asked where the chosen model cannot answer.
        model_of: What is known about a model; what it would refuse is not sent.
        budget: Stands before every turn.
        endpoints: The other vendors that the fallback may name.
    """

    def __init__(
        self,
        provider: ChatProvider,
        store: SessionStore,
        accounting: Accounting,
        quota: QuotaService,
        *,
        policy: RetryPolicy,
        clock: Clock,
        new_id: Callable[[], str],
        chance: Callable[[], float],
        fallback: Fallback | None = None,
        model_of: Callable[[str], Model] = Model,
        budget: BudgetGuard | None = None,
        endpoints: Vendors | None = None,
    ) -> None:
        self._default_vendor = Vendor(
            provider, accounting, quota, clock=clock, new_id=new_id, model_of=model_of
        )
        self._endpoints = endpoints
        self._store = store
        self._policy = policy
        self._clock = clock
        self._new_id = new_id
        self._chance = chance
        self._fallback = fallback or Fallback()
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
        may_switch: bool = True,
    ) -> AsyncGenerator[TurnEvent, None]:
        """Answer a prompt once, with retries while nothing has been shown.

        Args:
            session: The conversation; created in the store when it is new.
            prompt: The text, stored first; or a stored prompt that is to be answered (again).
            options: Model and parameters.
            parent_id: The message that a new prompt follows; None begins the conversation.
            continuing: A cut-off answer to the stored prompt that the new one begins with.
            waiting_out: A refusal whose time is waited out before anything is sent.
            skip_wait: Set by the listener to end a wait at once.
            is_checked: Refuse or delay what does not fit the limits, instead of letting the server
                refuse it.
            may_switch: Let the user's fallback models answer where this one cannot.

        Raises:
            GroqchatError: After the last attempt. The prompt is stored, and so is whatever text
                had arrived, marked.
        """
        prompt = await self._stored(session, prompt, options, parent_id)
        yield PromptStored(prompt)
        is_let_pass = self._budget is not None and await self._budget.check(session.id)
        if waiting_out is not None:
            yield self._waiting(waiting_out, waiting_out.facts.retry_after_s or 0.0)
            await self._sleep(waiting_out.facts.retry_after_s or 0.0, skip_wait)
        fallback = self._fallback if may_switch else replace(self._fallback, route=())
        refused = Refusal.waited_out(waiting_out, self._clock.monotonic())
        attempts = Attempts(self._policy, fallback, options, refused=refused)
        answer = self._answer(
            attempts, prompt, continuing, skip_wait, is_checked=is_checked, is_let_pass=is_let_pass
        )
        async with aclosing(answer) as events:
            async for event in events:
                yield event

    async def _answer(
        self,
        attempts: Attempts,
        prompt: Message,
        continuing: Message | None,
        skip_wait: asyncio.Event | None,
        *,
        is_checked: bool,
        is_let_pass: bool,
    ) -> AsyncGenerator[TurnEvent, None]:
        """Send until there is an answer, or no way and no wait that may lead to one."""
        vendor, asked = self._default_vendor, attempts.options
        request = await self._request(vendor, prompt, asked, continuing)
        while True:
            error = self._obstacle(attempts, vendor, request) if is_checked else None
            if error is None:
                yield Sending(attempts.begin_attempt())
                bounded = vendor.quota.bounded(request) if is_checked else request
                draft = vendor.draft(prompt, bounded, continuing, asked)
                try:
                    hold = self._hold(vendor, draft, is_let_pass=is_let_pass)
                    async with aclosing(vendor.send(draft, attempts.sent, hold)) as events:
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
            wait = attempts.wait_after(error, self._chance())
            detour, passed_over = await self._detour(attempts, error, wait)
            for stop in passed_over:
                yield stop
            if detour is not None:
                vendor = detour
                yield Rerouted(error, attempts.options)
                request = await self._request(vendor, prompt, attempts.options, continuing)
            elif wait is None:
                raise attempts.reason or error
            else:
                attempts.waited_s += wait
                yield self._waiting(error, wait, attempts.attempt)
                is_skipped = await self._sleep(wait, skip_wait)
                is_checked = is_checked and not is_skipped

    def _hold(
        self, vendor: Vendor, draft: Draft, *, is_let_pass: bool
    ) -> AbstractAsyncContextManager[None]:
        """Sets aside what a request may cost, where there is a budget."""
        if self._budget is None:
            return nullcontext()
        cost = vendor.accounting.expected(draft.request)
        return self._budget.holding(draft, cost, is_let_pass=is_let_pass)

    def _obstacle(
        self, attempts: Attempts, vendor: Vendor, request: ChatRequest
    ) -> GroqchatError | None:
        """Why nothing is to be sent now; what was refused before is told as it was refused."""
        own, refused = vendor.obstacle(request), attempts.refused
        return refused.obstacle(own, self._clock.monotonic()) if refused else own

    async def _stored(
        self, session: Session, prompt: str | Message, options: Options, parent_id: str | None
    ) -> Message:
        if isinstance(prompt, Message):
            return prompt
        session = replace(session, model=session.model or options.model)
        return await self.store_prompt(session, prompt, parent_id)

    async def _detour(
        self, attempts: Attempts, error: GroqchatError, wait: float | None
    ) -> tuple[Vendor | None, list[Skipped]]:
        """Take another way, if there is one that can be taken and is better than the wait.

        Returns:
            Who is asked next, and who was passed over before or failed as the last.
        """
        passed_over = []
        while (way := attempts.next_options(error, wait)) is not None:
            try:
                vendor = await self._vendor_of(way)
            except GroqchatError as unusable:
                passed_over.append(Skipped(stop_of(way), unusable))
            else:
                attempts.switch_to(way, error)
                return vendor, passed_over
        if wait is None and attempts.reason is not None:
            passed_over.append(Skipped(stop_of(attempts.options), error))
        return None, passed_over

    async def _vendor_of(self, options: Options) -> Vendor:
        if options.provider is None or self._endpoints is None:
            return self._default_vendor
        return await self._endpoints.vendor(options.provider)

    def _waiting(self, error: GroqchatError, seconds: float, attempt: int = 0) -> Waiting:
        return Waiting(seconds, self._clock.monotonic() + seconds, attempt, error)

    async def store_prompt(self, session: Session, text: str, parent_id: str | None) -> Message:
        """Keep a prompt that several answers are to be asked for; creates a new session."""
        now = self._clock.now()
        prompt = Message(self._new_id(), session.id, parent_id, Role.USER, text, now)
        is_new = await self._store.session(session.id) is None
        titled = replace(session, title=session.title or title_from(text))
        await self._store.add_message(prompt, titled if is_new else None)
        return prompt

    async def _request(
        self, vendor: Vendor, prompt: Message, options: Options, continuing: Message | None
    ) -> ChatRequest:
        """The request as the model takes it; what is left for the model is looked up again."""
        await vendor.quota.refresh(options.model)
        options = fitted(options, vendor.model_of(options.model))
        path = await self._path(prompt.id, options.history)
        spoken = [(message.role, message.content) for message in path]
        begun = without_thoughts(continuing.content) if continuing else ""
        if options.system:
            spoken.insert(0, (Role.SYSTEM, options.system))
        if begun:
            spoken.append((Role.ASSISTANT, begun))
        length = vendor.accounting.sizing.length(path, options, begun)
        return ChatRequest(tuple(spoken), options, length.tokens, length.doubt, length.excess)

    async def preview(self, parent_id: str | None, options: Options) -> RequestPreview:
        """The request of a prompt that is still being written, as :meth:`ask` would make it.

        Args:
            parent_id: The message that it follows; None begins a conversation.
            options: Model and parameters.

        Raises:
            StorageError: What was said before cannot be read.
        """
        sizing = self._default_vendor.accounting.sizing
        options = fitted(options, self._default_vendor.model_of(options.model))
        path = await self._end(parent_id, options) if parent_id else ()
        return RequestPreview(
            options, sizing.length(path, options), sizing.estimator(options.model)
        )

    async def _end(self, leaf_id: str, options: Options) -> Sequence[Message]:
        """What is sent before a prompt, from the last answer on that the server has counted."""
        if options.history is not None:
            before = options.history - 1
            return await self._path(leaf_id, before) if before > 0 else ()
        limit = _FEW
        while True:
            path = await self._store.path(leaf_id, limit=limit)
            is_known = any(
                self._default_vendor.accounting.sizing.counted(each, options) for each in path
            )
            if is_known or len(path) < limit:
                return _with_text(path)
            limit *= 4

    async def _path(self, leaf_id: str, history: int | None) -> Sequence[Message]:
        """The messages to send; where only the last are, no more is read of a long session."""
        if history is None:
            return _with_text(await self._store.path(leaf_id))
        wanted = limit = max(1, history)
        while True:
            path = await self._store.path(leaf_id, limit=limit)
            sent = _with_text(path)[-wanted:]
            if len(sent) == wanted or len(path) < limit:
                return sent
            limit *= 2

    async def _sleep(self, seconds: float, skip: asyncio.Event | None) -> bool:
        """Wait; returns whether the listener cut it short."""
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

"""One vendor: sends requests to it and records what comes back in accounts of its own."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.errors.refusal_bodies import shown, shown_name
from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import Facts, GroqchatError
from groqchat.domain.models.catalog import Model
from groqchat.domain.models.parameters import allowed
from groqchat.domain.tools.events import StepTaken
from groqchat.domain.turns.chat import (
    Accepted,
    Answered,
    AnswerStarted,
    Delta,
    Finished,
    Message,
    QuotaSeen,
    ReasoningDelta,
    Role,
    Sending,
    State,
    TextWasReasoning,
)
from groqchat.domain.turns.fallback import in_place_of
from groqchat.domain.turns.finish_reasons import state_of, why_unanswered
from groqchat.domain.turns.sent_parameters import asked_with, value_sent
from groqchat.services.turns import request_log
from groqchat.services.turns.accounting import Draft
from groqchat.services.turns.breaker import Breaker
from groqchat.services.turns.checkpoints import Checkpointer

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from contextlib import AbstractAsyncContextManager

    from groqchat.domain.turns.chat import Options, ProviderEvent, TurnEvent
    from groqchat.domain.turns.request import ChatRequest
    from groqchat.domain.turns.request_copy import SentRequest
    from groqchat.services.ports import ChatProvider, Clock
    from groqchat.services.quota.quota import QuotaService
    from groqchat.services.team.admission import TeamAdmission
    from groqchat.services.turns.accounting import Accounting
    from groqchat.services.turns.sent_requests import SentRequests


class Vendor:
    """A provider with the limits and the accounting of the account there.

    Args:
        provider: Sends requests.
        accounting: Prices and records what is used.
        quota: The limits of the account.
        clock: Time.
        new_id: Makes ids for messages.
        model_of: What is known about a model; what it would refuse is not sent.
        sent: Keeps what is sent; None: nothing is kept.
        team: Admits requests by limits that other machines share; None: there are none.
    """

    def __init__(
        self,
        provider: ChatProvider,
        accounting: Accounting,
        quota: QuotaService,
        *,
        clock: Clock,
        new_id: Callable[[], str],
        model_of: Callable[[str], Model] = Model,
        sent: SentRequests | None = None,
        team: TeamAdmission | None = None,
    ) -> None:
        self._sent = sent
        self.team = team
        self.accounting = accounting
        self.quota = quota
        self.model_of = model_of
        self._provider = provider
        self._breaker = Breaker(clock)
        self._clock = clock
        self._new_id = new_id

    def described(self, request: ChatRequest) -> SentRequest:
        """A request as it is sent, with its address."""
        return self._provider.described(request)

    def admission_error(self, request: ChatRequest) -> GroqchatError | None:
        """The error that keeps a request from being sent now, as far as is known here; or None."""
        model, quota = request.options.model, self.quota
        # The team's limits are asked themselves, and tell more than what was read of them.
        own = quota.told_to_wait(model) if self.team else quota.admission_error(request)
        return own or self._breaker.admission_error(model)

    def draft(
        self, prompt: Message, request: ChatRequest, begun: Message | None, asked: Options
    ) -> Draft:
        """An empty answer to a request that is about to be sent.

        Args:
            prompt: The prompt that is answered.
            request: The request.
            begun: A cut-off answer that this one begins with.
            asked: The options that the user chose; the answer names the model it stands in for.
        """
        options, offered = request.options, request.offered
        message = Message(
            self._new_id(),
            prompt.session_id,
            prompt.id,
            Role.ASSISTANT,
            begun.content if begun else "",
            self._clock.now(),
            State.STREAMING,
            options.model,
            service_tier=None if options.provider else options.service_tier,
            provider=options.provider,
            in_place_of=in_place_of(asked, options),
            kind=prompt.kind,
            kept_from=prompt.kept_from,
            asked_with=asked_with(options) | ({"tools": offered} if offered else {}),
        )
        reserved = options.max_tokens or self.model_of(options.model).reservation
        longest = request.prompt_tokens + request.doubt
        reservation = self.quota.reserve(options.model, longest, reserved)
        return Draft(message, request, self._clock.monotonic(), reservation)

    @asynccontextmanager
    async def under_way(
        self, draft: Draft, hold: AbstractAsyncContextManager[bool]
    ) -> AsyncGenerator[bool, None]:
        """Count a request against the limits, and hold its money, while it is under way.

        Yields:
            Whether it may be sent; other processes may have been faster.
        """
        try:
            async with hold as is_held:
                yield is_held
        finally:
            self.quota.release(draft.model, draft.reservation)
            if self.team is not None:
                self.team.limits.end(draft.request.lease, draft.entry)

    async def send(self, draft: Draft, number: int) -> AsyncGenerator[TurnEvent, None]:
        """Send once; however it ends, the result is saved and recorded."""
        yield Sending(number)
        async with aclosing(self._attempt(draft, number)) as events:
            async for event in events:
                yield event

    async def _attempt(self, draft: Draft, number: int) -> AsyncGenerator[TurnEvent, None]:
        self._breaker.request_sent(draft.model)
        request_log.leaving(draft.request, number)
        if self._sent is not None:
            self._sent.note(draft.message.session_id, self._provider, draft.request)
        checkpointer = Checkpointer(partial(self.accounting.checkpoint, draft))
        try:
            async with checkpointer, aclosing(self._provider.stream(draft.request)) as events:
                async for event in events:
                    for each in self._take(draft, event):
                        yield each
                    if draft.has_text:
                        checkpointer.request()
            end = _end(draft)
            answer, price = await self.accounting.close(draft, state_of(end), "ok")
            self._breaker.request_ended(draft.model)
        except GroqchatError as error:
            request_log.failed(error, draft.model)
            self._breaker.request_ended(draft.model, error)
            await self._save_failed(draft, error)
            raise self._with_value(error, draft) from error
        except (asyncio.CancelledError, GeneratorExit):
            self._breaker.request_cancelled(draft.model)
            # A server that answers as a whole is at work from the request on.
            if draft.is_accepted or draft.comes_whole:
                await asyncio.shield(self.accounting.close(draft, State.STOPPED, "stopped"))
            raise
        request_log.answered(answer)
        is_estimated = answer.usage is None or answer.usage.is_estimated
        is_short = draft.request.is_short and answer.state is State.CUT_BY_LIMIT
        yield Answered(answer, price, number, is_estimated=is_estimated, is_short=is_short)

    def _with_value(self, error: GroqchatError, draft: Draft) -> GroqchatError:
        """Add to an error the value that was refused, and the values that would be taken.

        Where the server names those, its word is better than our catalogue's.
        """
        facts = error.facts
        if facts.parameter is None:
            return error
        known = allowed(self.model_of(draft.model), facts.parameter)
        value = value_sent(draft.request.options, facts.parameter)
        return error.with_facts(value=value, allowed=facts.allowed or known)

    async def _save_failed(self, draft: Draft, error: GroqchatError) -> None:
        """Save the text that came, and what it cost."""
        if error.kind is ErrorKind.NO_ANSWER:
            await self.accounting.close(draft, State.UNANSWERED, error.kind.value)
        elif draft.has_text:
            await self.accounting.close(draft, State.BROKEN, error.kind.value)
        else:
            await self.accounting.fail(draft, error)

    def _take(self, draft: Draft, event: ProviderEvent) -> tuple[TurnEvent, ...]:
        """Put one piece into the draft; returns the events for the listener."""
        match event:
            case Accepted(request_id, reading):
                draft.is_accepted = True
                draft.message = replace(draft.message, request_id=request_id)
                draft.reservation = self.quota.observe_headers(
                    draft.model, draft.reservation, reading
                )
                return QuotaSeen(draft.model, reading), AnswerStarted(draft.message)
            case Finished():
                refusal = draft.end(event)
                return (Delta(refusal),) if refusal else ()
            case Delta(text):
                draft.texts.append(text)
            case TextWasReasoning():
                draft.move_text_to_reasoning()
            case ReasoningDelta(text):
                draft.reasonings.append(text)
            case StepTaken(number, step):
                draft.steps[number] = step
        if draft.first_token is None and not draft.comes_whole:
            draft.first_token = self._clock.monotonic()
        return (event,)


class Vendors(Protocol):
    """The other vendors that a fallback route may name."""

    async def vendor(self, name: str) -> Vendor:
        """The vendor of that name; raises ``GroqchatError`` where it cannot be asked."""


def _end(draft: Draft) -> Finished:
    """The end of an answer that has text or calls.

    Raises:
        GroqchatError: The stream has no end, or the answer no text.
    """
    end = draft.finished
    if end is None:
        raise failure("stream_cut", model=draft.model, partial=draft.message_so_far.content)
    if draft.is_answered or draft.message.calls:
        return end
    has_reasoned = bool(draft.reasonings or (end.usage and end.usage.reasoning_tokens))
    facts = Facts(
        model=draft.model,
        finish_reason=shown_name(end.reason),
        detail=shown(end.refusal or end.reason),
        partial=end.refusal,
        request_id=end.request_id,
    )
    raise failure(why_unanswered(end, has_reasoned=has_reasoned), facts)

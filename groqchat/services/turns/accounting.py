"""The accounting of a turn: what an answer used and cost is saved with its text at once."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.ledger.entry import LedgerEntry
from groqchat.domain.ledger.holds import Claim
from groqchat.domain.ledger.running import Running
from groqchat.domain.money.pricing import cost_of
from groqchat.domain.money.usage import Timing, Usage
from groqchat.domain.turns.answer_form import comes_whole
from groqchat.domain.turns.retry import retry_at
from groqchat.domain.turns.template import CHATML
from groqchat.domain.turns.token_estimate import estimate_tokens
from groqchat.services.turns.sizing import Sizing

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.money.pricing import Price
    from groqchat.domain.tools.executed import ExecutedTool
    from groqchat.domain.turns.chat import Finished, Message, State
    from groqchat.domain.turns.request import ChatRequest
    from groqchat.domain.turns.template import Template
    from groqchat.services.ports import Clock, Ledger, SessionStore
    from groqchat.services.quota.quota import Account, QuotaService
    from groqchat.services.quota.reservation import Reservation


@dataclass(slots=True)
class Draft:
    """A growing answer: the message, its pieces, and when they came (monotonic seconds).

    ``is_answered`` says that the message has text besides reasoning, which may be that of an
    earlier answer that it continues. ``steps`` are those of the server's tools, by their numbers.
    ``entry`` is that of the ledger, once there is one. ``is_overtaken`` says that the request was
    not sent, since other processes have taken of its limits meanwhile.
    """

    message: Message
    request: ChatRequest
    sent: float
    reservation: Reservation
    texts: list[str] = field(default_factory=list)
    reasonings: list[str] = field(default_factory=list)
    first_token: float | None = None
    is_stored: bool = False
    is_overtaken: bool = False
    is_accepted: bool = False
    is_recorded: bool = False
    is_answered: bool = False
    finished: Finished | None = None
    entry: LedgerEntry | None = None
    steps: dict[int, ExecutedTool] = field(default_factory=dict)

    @property
    def model(self) -> str:
        """The model that was asked."""
        return self.request.options.model

    @property
    def comes_whole(self) -> bool:
        """Whether the answer is not streamed, so that there is no time to its first token."""
        return comes_whole(self.request.options)

    @property
    def has_text(self) -> bool:
        """Whether anything has been shown; then the request must not be sent again silently."""
        return bool(self.texts or self.reasonings or self.steps)

    def end(self, finished: Finished) -> str:
        """Store how the answer ended; returns the text that a refusal adds to it."""
        # Nobody answers calls of tools that were not offered.
        calls = finished.calls if self.request.tools else ()
        self.finished = replace(finished, calls=calls)
        self.is_answered = bool("".join((self.message.content, *self.texts)).strip())
        self.message = replace(self.message, calls=calls)
        if not finished.refusal:
            return ""
        self.texts.append(f"\n\n{finished.refusal}" if self.is_answered else finished.refusal)
        return self.texts[-1]

    def move_text_to_reasoning(self) -> None:
        """Move the text so far into the reasoning."""
        self.reasonings += self.texts
        self.texts.clear()

    @property
    def message_so_far(self) -> Message:
        """The message with all that has arrived."""
        return replace(
            self.message,
            content=self.message.content + "".join(self.texts),
            reasoning="".join(self.reasonings),
            executed=tuple(self.steps.values()),
        )


class Accounting:
    """Records what every request used, and learns how long texts are in tokens.

    Args:
        store: Where conversations live.
        ledger: Records requests without an answer.
        quota: The limits of the account.
        account: The account that asks.
        price_of: Gives the price of a model right now; None when unknown.
        clock: Time.
        template_of: Gives the template that a model puts around messages.
    """

    def __init__(
        self,
        store: SessionStore,
        ledger: Ledger,
        quota: QuotaService,
        account: Account,
        price_of: Callable[[str], Price | None],
        *,
        clock: Clock,
        template_of: Callable[[str], Template] = lambda _: CHATML,
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._quota = quota
        self._account = account
        self._price_of = price_of
        self._clock = clock
        self.sizing = Sizing(template_of)

    async def checkpoint(self, draft: Draft) -> None:
        """Save the answer so far.

        An answer that cannot be saved at the moment is read on; :meth:`close` raises where it
        cannot be saved in the end.
        """
        with suppress(StorageError):
            if draft.is_stored:
                await self._store.checkpoint(draft.message_so_far)
            else:
                await self._begin(draft)

    async def _begin(self, draft: Draft) -> None:
        begun = len(draft.message.content)
        await self._store.begin_answer(draft.message_so_far, self._provisional_entry(draft), begun)
        draft.is_stored = True

    async def close(self, draft: Draft, state: State, outcome: str) -> tuple[Message, Price | None]:
        """Price an answer, whole or partial, and save it with its ledger entry.

        A second call, by a listener that is cancelled just after the first, saves nothing again.

        Raises:
            StorageError: The answer cannot be saved.
        """
        usage = _usage_of(draft)
        self.sizing.learn(draft.message.id, draft.request, usage)
        answer, entry = self._priced(draft, usage, state, outcome)
        if draft.is_recorded:
            return answer, entry.price
        draft.is_recorded = True
        draft.entry = entry = replace(entry, estimated=usage.is_estimated)
        self._quota.expect(draft.model, draft.reservation, entry.buckets)
        await self._store.finish(answer, entry, is_new=not draft.is_stored)
        await self._settle(draft)
        return answer, entry.price

    def expected(self, request: ChatRequest) -> Decimal | None:
        """The probable cost of a request: its prompt and a usual answer; None is unknown."""
        model, longest = request.options.model, request.options.max_tokens
        usual = self._quota.usual_answer(model)
        usage = Usage(request.prompt_tokens, completion_tokens=min(usual, longest or usual))
        cost = cost_of(usage, self._price_of(model))
        return cost.total if cost else None

    def claim(self, draft: Draft, *, is_checked: bool) -> Claim:
        """What a request takes of its limits while it is under way, for other processes to see.

        Args:
            draft: The request.
            is_checked: Whether it is sent only if others have not changed what it fits into.
        """
        entry, reserved = self._provisional_entry(draft), draft.reservation
        cost = cost_of(entry.usage, entry.price)
        priced = replace(entry, cost=cost.total if cost else None)
        running = Running(
            draft.message.id, reserved.sent, reserved.prompt_tokens, reserved.max_tokens
        )
        return Claim(priced, running, self._quota.basis(draft.model) if is_checked else None)

    async def fail(self, draft: Draft, error: GroqchatError) -> None:
        """Record a request that was refused before any text came."""
        entry = replace(
            self._entry(draft, error.kind.value),
            status=error.facts.status,
            request_id=error.facts.request_id,
            buckets=self._quota.refused(draft.model, draft.reservation, error),
            retry_at=retry_at(error, self._clock.now()),
        )
        draft.is_recorded, draft.entry = True, entry
        await self._ledger.record(entry, held_for=draft.message.id)
        await self._settle(draft)

    async def _settle(self, draft: Draft) -> None:
        """End the reservation once the entry of the request is read, which counts from now on."""
        try:
            with suppress(StorageError):  # it is booked; the next request reads the ledger again
                await self._quota.follow(draft.model)
        finally:
            self._quota.release(draft.model, draft.reservation)

    def _priced(
        self, draft: Draft, usage: Usage, state: State, outcome: str
    ) -> tuple[Message, LedgerEntry]:
        """The final message and its ledger entry, priced at this moment."""
        price = self._price_of(draft.model)
        cost = cost_of(usage, price)
        finished = draft.finished
        answer = replace(
            draft.message_so_far,
            state=state,
            finish_reason=finished.reason if finished else None,
            request_id=(finished and finished.request_id) or draft.message.request_id,
            service_tier=(finished and finished.service_tier) or draft.message.service_tier,
            usage=usage,
            timing=self._timing(draft),
            cost=cost,
        )
        entry = replace(
            self._entry(draft, outcome),
            status=200,
            service_tier=answer.service_tier,
            usage=usage,
            cost=cost.total if cost else None,
            saved=cost.saved_by_cache if cost else None,
            price=price,
            message_id=answer.id,
            request_id=answer.request_id,
            buckets=self._quota.settled(draft.model, draft.reservation, usage),
        )
        return answer, entry

    def _provisional_entry(self, draft: Draft) -> LedgerEntry:
        """The entry that counts if this process dies over the answer, without its own tokens."""
        usage = Usage(prompt_tokens=draft.request.prompt_tokens, is_estimated=True)
        return replace(
            self._entry(draft, "stream_broken"),
            status=200,
            usage=usage,
            estimated=True,
            price=self._price_of(draft.model),
            message_id=draft.message.id,
            request_id=draft.message.request_id,
            buckets=self._quota.settled(draft.model, draft.reservation, usage),
        )

    def _entry(self, draft: Draft, outcome: str) -> LedgerEntry:
        return LedgerEntry(
            time=draft.reservation.sent,
            profile=self._account.profile,
            fingerprint=self._account.fingerprint,
            model=draft.model,
            outcome=outcome,
            service_tier=draft.message.service_tier,
            session_id=draft.message.session_id,
            provider=self._account.provider,
            uid=draft.request.lease,
        )

    def _timing(self, draft: Draft) -> Timing:
        first = draft.first_token
        return Timing(
            first - draft.sent if first is not None else None,
            self._clock.monotonic() - draft.sent,
        )


def _usage_of(draft: Draft) -> Usage:
    """The server's count as far as it can be true, else our own."""
    reported = draft.finished.usage if draft.finished else None
    if reported is not None and reported.is_plausible(draft.request.prompt_tokens):
        return reported
    own = _estimated(draft)
    return own if reported is None else reported.plausible(own)


def _estimated(draft: Draft) -> Usage:
    """Our own count, for an answer that the server never counted."""
    thought = math.ceil(estimate_tokens("".join(draft.reasonings)))
    calls = (f"{call.name}{call.arguments}" for call in draft.message.calls)
    said = math.ceil(estimate_tokens("".join((*draft.texts, *calls))))
    return Usage(
        prompt_tokens=draft.request.prompt_tokens,
        completion_tokens=said + thought,
        reasoning_tokens=thought,
        is_estimated=True,
    )

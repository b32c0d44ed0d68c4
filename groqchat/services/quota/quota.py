"""The limits of an account: each bucket of each model in use, and what is left of it.

The ledger is the only memory. Each entry holds what a request used and what the server reported
with it, so that folding the entries of the last day gives the state of every bucket, after a
restart and across processes alike. Requests in flight are added on top.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from groqchat.domain.limits.allowance import (
    FIRST_GUESS_TOKENS,
    Allowance,
    AnswerRoom,
    RequestSize,
    allowance,
    allowance_for_amounts,
    ample_answer,
    gap_s,
    prompt_room,
)
from groqchat.domain.limits.header_timing import HeaderTiming
from groqchat.domain.limits.pace import LOOKS_BACK_S, runs_out
from groqchat.domain.limits.quota import (
    LeakyBucket,
    LimitKind,
    QuotaView,
    Reading,
    RunOut,
    Source,
    quota_view,
)
from groqchat.domain.turns.request import ChatRequest
from groqchat.services.quota.admission import asked_to_wait, limit_error, longest_wait
from groqchat.services.quota.answer_lengths import request_size, usual_answer
from groqchat.services.quota.buckets import Buckets
from groqchat.services.quota.header_reconciliation import HeaderReconciliation
from groqchat.services.quota.reservation import Reservation, for_answers
from groqchat.services.quota.usage_window import DAY_S, buckets_of_error
from groqchat.services.quota.usage_windows import UsageWindows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.ledger.entry import Recorded
    from groqchat.domain.ledger.holds import Basis
    from groqchat.domain.limits.quota import Untimed
    from groqchat.domain.models.catalog import Catalog, Plan
    from groqchat.domain.money.usage import Usage
    from groqchat.domain.turns.chat import Options
    from groqchat.services.ports import Clock, Ledger
    from groqchat.services.quota.buckets import SharedStates
    from groqchat.services.quota.usage_window import UsageWindow


@dataclass(frozen=True, slots=True)
class Account:
    """An account that has limits: a profile's name and the fingerprint of its key (never the key).

    ``sharing`` are the other profiles of the same organisation, which use the same limits.
    ``provider`` names another vendor's endpoint; None is Groq.
    """

    profile: str
    fingerprint: str
    sharing: tuple[str, ...] = ()
    provider: str | None = None

    @property
    def owner(self) -> str:
        """What accounts with the same limits have in common: the organisation, or the key."""
        return " ".join(sorted((self.profile, *self.sharing))) if self.sharing else self.fingerprint


class QuotaService:
    """Follows the limits of one account.

    Args:
        account: The account.
        ledger: The recorded requests.
        catalog: The limits of the plans.
        clock: Time.
        plan: The plan if the user named it; None: it is inferred from the headers.
        reconciliation: Knows what the headers of the endpoint count.
        shared: The limits that other machines share; None: this machine has them alone.
    """

    def __init__(
        self,
        account: Account,
        ledger: Ledger,
        catalog: Catalog,
        clock: Clock,
        plan: Plan | None,
        *,
        reconciliation: HeaderReconciliation | None = None,
        shared: SharedStates | None = None,
    ) -> None:
        self._shared = shared
        self._catalog = catalog
        self._clock = clock
        self._reconciliation = reconciliation or HeaderReconciliation()
        self._account = account
        self._ledger = ledger
        self._windows = UsageWindows(self._entries, clock)
        self._buckets = Buckets(catalog, clock, plan, self._windows, shared)
        self._untimed: dict[str, tuple[Untimed, ...]] = {}

    async def refresh(self, model: str) -> QuotaView:
        """The state of every bucket of a model after :meth:`follow`."""
        await self.follow(model)
        return self.view(model)

    async def follow(self, model: str) -> None:
        """Read the new ledger entries of a model, also those of other processes.

        Raises:
            StorageError: The ledger cannot be read.
        """
        await self._reconciliation.remember(model)
        await self._windows.follow(model)
        self._buckets.learn_plan(model)
        if self._shared is not None:
            self._shared.look(model)

    def basis(self, model: str) -> Basis | None:
        """What a request was found to fit on; None: limits that machines share hold instead."""
        if self._shared is not None:
            return None
        return self._windows.of(model).basis(self._account.sharing, self._clock.now())

    async def _entries(self, time: float, /, *, model: str, number: int) -> Recorded:
        """The account's entries of a model since a Unix time, from a number on."""
        return await self._ledger.since(
            time,
            fingerprint=self._account.fingerprint,
            model=model,
            profiles=self._account.sharing,
            provider=self._account.provider,
            number=number,
        )

    def reserve(
        self, model: str, prompt_tokens: int = 0, max_tokens: int = 0, *, audio_s: float = 0.0
    ) -> Reservation:
        """Count a request that is being sent, with its estimated and its reserved tokens."""
        reservation = Reservation(self._clock.now(), prompt_tokens, max_tokens, audio_s=audio_s)
        self._buckets.add(model, reservation)
        self._buckets.others.charge(model, 1.0, reservation.sent)
        return reservation

    def observe_headers(
        self, model: str, reservation: Reservation, reading: Reading
    ) -> Reservation:
        """Add the limits that the headers reported when a request was accepted."""
        self.release(model, reservation)
        known = self._buckets.reported(model).get(LimitKind.TPM)
        is_raw = any(known in other.reading.buckets for other in self._buckets.reserved(model))
        before, is_conclusive = self._reconciliation.before(model, known, reading.at, is_raw=is_raw)
        reservation = replace(
            reservation,
            reading=reading,
            before=before,
            is_conclusive=is_conclusive,
            drained=known.used_at(reservation.sent) - known.used_at(reading.at) if known else 0.0,
        )
        self._buckets.add(model, reservation)
        self._untimed[model] = reading.untimed
        self._buckets.learn_of_others(model, reading, self._reconciliation.timing)
        if self._reconciliation.timing is HeaderTiming.RESERVED:
            self._buckets.count_to(model, reservation.sent)
        return reservation

    def release(self, model: str, reservation: Reservation) -> None:
        """End a reservation; from now on the ledger entry of its request counts instead."""
        self._buckets.remove(model, reservation)

    def settled(
        self, model: str, reservation: Reservation, usage: Usage
    ) -> tuple[LeakyBucket, ...]:
        """The limits that the headers reported, corrected by the real usage; for the ledger.

        Where another request brought newer headers meanwhile, those are corrected.
        """
        newest, now = self._buckets.reported(model), self._clock.now()
        return tuple(
            self._reconciliation.settled(
                reservation, bucket, newest.get(bucket.kind, bucket), usage, model=model, now=now
            )
            if bucket.kind is LimitKind.TPM
            else bucket
            for bucket in reservation.reading.buckets
        )

    def expect(
        self, model: str, reservation: Reservation, buckets: tuple[LeakyBucket, ...]
    ) -> None:
        """Count the limits of a request's ledger entry from now on, until it has been read."""
        self._buckets.expect(model, reservation, buckets)

    def refused(
        self, model: str, reservation: Reservation, error: GroqchatError
    ) -> tuple[LeakyBucket, ...]:
        """The limits that a refusal reported, for the ledger; a refused request used nothing.

        They count at once, until the reservation is released.
        """
        self.release(model, reservation)
        now = self._clock.now()
        known, _, _ = self._buckets.state(model)
        told = buckets_of_error(error, now, known)
        self._buckets.others.charge(model, -1.0, now)
        for bucket in told:
            if bucket.kind is LimitKind.RPM:  # no header tells it, and what a request takes is sure
                own = self._buckets.own_uses(model, bucket.kind, now - LOOKS_BACK_S)
                self._buckets.others.learn(model, bucket, own, now)
            elif bucket.kind in known:
                self._buckets.others.surprise(model, bucket, known[bucket.kind], now)
        self.expect(model, reservation, told)
        return told

    def view(self, model: str) -> QuotaView:
        """The state of every bucket of a model at this moment."""
        buckets, plan, inferred = self._buckets.state(model)
        sharing = self._shared.sharing if self._shared else None
        is_alone = sharing is None or sharing.is_alone  # the pace of others is not known
        view = quota_view(
            model,
            tuple(buckets.values()),
            self._clock.now(),
            plan=plan,
            plan_inferred=inferred,
            tokens_per_turn=self.tokens_per_turn(model),
            runs_out=_runs_out(self._windows.of(model), buckets, self._clock.now())
            if is_alone
            else None,
        )
        untimed, running = self._untimed.get(model, ()), self._buckets.under_way(model)
        tokens = buckets.get(LimitKind.TPM)
        is_told = tokens is not None and tokens.source is Source.HEADER
        is_guessed = is_told and self._reconciliation.timing is None
        return replace(
            view,
            untimed=untimed,
            reserved=for_answers(running),
            guessed=frozenset({LimitKind.TPM} if is_guessed else ()),
            sharing=sharing,
        )

    def told_to_wait(self, model: str) -> GroqchatError | None:
        """The last refusal, as long as the time that it told has not come; else None."""
        return asked_to_wait(self._windows.of(model).refusal, self._clock.now())

    def admission_error(self, request: ChatRequest) -> GroqchatError | None:
        """The limit, or the time told by the last refusal, that holds a request back; else None."""
        model, now = request.options.model, self._clock.now()
        running = self._buckets.under_way(model)
        own = limit_error(self._allowance(request), model, self._catalog, now, running)
        return longest_wait(own, self.told_to_wait(model))

    def admission_error_of_audio(self, model: str, seconds: float) -> GroqchatError | None:
        """The limit or the last refusal that holds a sound file of a length back; else None."""
        now, (buckets, _, _) = self._clock.now(), self._buckets.state(model)
        amounts = Reservation(now, 0, 0, audio_s=seconds).amounts
        allowed = allowance_for_amounts(buckets.values(), amounts, now)
        own = limit_error(allowed, model, self._catalog, now)
        return longest_wait(own, self.told_to_wait(model))

    def bounded(self, request: ChatRequest, *, shares: bool = False) -> ChatRequest:
        """The request with the longest answer that fits; servers charge the maximum up front.

        Args:
            request: The request.
            shares: Whether other requests follow, for which the answer has to leave room.
        """
        longest = self._allowance(request, shares=shares).max_tokens
        options = replace(request.options, max_tokens=longest)
        is_short = longest is not None and longest < self.longest_alone(request)
        return replace(request, options=options, is_short=is_short)

    def longest_alone(self, request: ChatRequest) -> int:
        """The length that the answer would get if it left no room; 0: it leaves none as it is."""
        match request.room:
            case AnswerRoom.LEARNT:
                buckets, _, _ = self._buckets.state(request.options.model)
                return ample_answer(tuple(buckets.values()), self.size_of(request))
            case AnswerRoom.SHARED:
                return self._allowance(replace(request, room=AnswerRoom.ORDINARY)).max_tokens or 0
        return 0

    def prompt_room(self, options: Options) -> int | None:
        """The longest prompt that the limits of a model ever take; None where none is known."""
        buckets, _, _ = self._buckets.state(options.model)
        return prompt_room(buckets.values(), self.size_of(ChatRequest((), options)))

    def gap_s(self, request: ChatRequest) -> float:
        """The seconds after which a request like this one may follow it."""
        model = request.options.model
        buckets, _, _ = self._buckets.state(model)
        tokens = self.recent_tokens_per_turn(model)
        usual = request.prompt_tokens + self.usual_answer(model)
        return gap_s(tuple(buckets.values()), tokens or usual, self._clock.now())

    def _allowance(self, request: ChatRequest, *, shares: bool = False) -> Allowance:
        model = request.options.model
        is_shared = shares or bool(self._windows.of(model).elsewhere)
        beside = len(self._buckets.under_way(model)) if is_shared else None
        buckets, _, _ = self._buckets.state(model)
        size = replace(self.size_of(request), beside=beside)
        return allowance(tuple(buckets.values()), size, self._clock.now())

    def own_buckets(self, model: str) -> tuple[LeakyBucket, ...]:
        """The buckets of a model as this machine knows them, whatever others share."""
        return self._buckets.own(model)

    def size_of(self, request: ChatRequest) -> RequestSize:
        """The size of a request, as its limits see it."""
        model = request.options.model
        plan = self._buckets.state(model)[1]
        return request_size(request, self._catalog.get(model), self._windows.of(model), plan)

    def usual_answer(self, model: str) -> int:
        """The expected length of an answer in tokens."""
        return usual_answer(self._windows.of(model))

    def tokens_per_turn(self, model: str) -> float:
        """The average tokens of the recent answered turns, as limits count them."""
        return self.recent_tokens_per_turn(model) or FIRST_GUESS_TOKENS

    def recent_tokens_per_turn(self, model: str) -> float | None:
        """The average of the last day's newest answers; None where there is none."""
        recent = self._windows.of(model).answered()
        if not recent:
            return None
        return sum(use.counted_tokens for use in recent) / len(recent)


def _runs_out(
    window: UsageWindow, buckets: Mapping[LimitKind, LeakyBucket], now: float
) -> RunOut | None:
    """The bucket of the day that will be empty first at the pace of the last hour."""
    reported = (
        runs_out(bucket, window.uses(kind, now - LOOKS_BACK_S), now)
        for kind, bucket in buckets.items()
        if kind.window_s == DAY_S
    )
    return min((out for out in reported if out), key=lambda out: out.at, default=None)

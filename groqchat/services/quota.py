"""What is left: every bucket of every model in use, from headers, errors, ledger and catalogue.

The ledger is the one memory. Each entry holds what a request used and what the server told with
it, so folding the last day's entries gives the state of every bucket, after a restart and across
processes alike. Requests still in flight are added on top.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from groqchat.domain.allowance import USUAL_ANSWER, Allowance, allowance
from groqchat.domain.causes import failure
from groqchat.domain.errors import Facts
from groqchat.domain.quota import (
    Bucket,
    Gauge,
    QuotaView,
    Reading,
    Source,
    quota_view,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from groqchat.domain.catalog import Catalog, Model, Plan
    from groqchat.domain.chat import ChatRequest, LedgerEntry
    from groqchat.domain.errors import GroqchatError
    from groqchat.domain.usage import Usage
    from groqchat.services.ports import Clock, Ledger

DAY_S = 86_400
# Turns that the average for "turns left" is taken from.
RECENT_TURNS = 10
# Until there is an average: a short question and its answer.
FIRST_GUESS_TOKENS = 1_000
# An estimate may be short by a few percent and a few tokens: a request that takes all that is left
# must not be refused for those.
ESTIMATE_MARGIN, MESSAGE_MARGIN = 1.03, 16

NOTHING_TOLD = Reading(0.0)


@dataclass(frozen=True, slots=True)
class Account:
    """Whose limits these are: a profile's name and its key's fingerprint (never the key)."""

    profile: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Flight:
    """A request that was sent and has not been recorded yet.

    ``reading`` is what its headers said, and ``tokens_before`` how many tokens of the minute were
    used, as far as we knew, just before they came.
    """

    sent: float
    prompt_tokens: int
    max_tokens: int
    reading: Reading = NOTHING_TOLD
    tokens_before: float = 0.0


class QuotaService:
    """Follows the limits of one account.

    Args:
        account: Whose limits.
        ledger: Where requests are recorded.
        catalog: The limits of the plans.
        clock: Time.
        plan: The plan if the user named it; None: inferred from the headers.
    """

    def __init__(
        self, account: Account, ledger: Ledger, catalog: Catalog, clock: Clock, plan: Plan | None
    ) -> None:
        self._account = account
        self._ledger = ledger
        self._catalog = catalog
        self._clock = clock
        self._plan = plan
        self._entries: dict[str, Sequence[LedgerEntry]] = {}
        self._flights: dict[str, list[Flight]] = {}

    async def refresh(self, model: str) -> QuotaView:
        """Read the last day's entries of a model, those of other processes too."""
        since = self._clock.now() - DAY_S
        self._entries[model] = await self._ledger.since(
            since, fingerprint=self._account.fingerprint, model=model
        )
        return self.view(model)

    def departed(self, model: str, prompt_tokens: int, max_tokens: int) -> Flight:
        """Count a request that is leaving; tokens as estimated and as reserved for the answer."""
        flight = Flight(self._clock.now(), prompt_tokens, max_tokens)
        self._flights.setdefault(model, []).append(flight)
        return flight

    def told(self, model: str, flight: Flight, reading: Reading) -> Flight:
        """Take in what the headers said when a request was accepted."""
        self.landed(model, flight)
        before = self._heard(model).get(Bucket.TPM)
        used = before.used_at(reading.at) if before else 0.0
        flight = replace(flight, reading=reading, tokens_before=used)
        self._flights[model].append(flight)
        return flight

    def landed(self, model: str, flight: Flight) -> None:
        """A request is over; from now on its ledger entry counts, not the flight."""
        flights = self._flights.get(model, [])
        if flight in flights:
            flights.remove(flight)

    def settled(self, model: str, flight: Flight, usage: Usage) -> tuple[Gauge, ...]:
        """The limits the headers told, after the answer used what it used; for the ledger.

        Headers come before the answer. Some servers have counted the prompt by then, some the
        prompt and all of the answer's reservation: whichever explains the step since the last
        known state better is taken back, and the real use put in its place. Where another request
        brought newer headers meanwhile, these are what is corrected.
        """
        newest = self._heard(model)
        settled = []
        for gauge in flight.reading.gauges:
            if gauge.bucket is not Bucket.TPM:
                settled.append(gauge)
                continue
            step = gauge.used - flight.tokens_before
            reserved = usage.prompt_tokens + flight.max_tokens
            counted = min((usage.prompt_tokens, reserved), key=lambda tokens: abs(tokens - step))
            latest = newest.get(gauge.bucket, gauge)
            settled.append(latest.charged(usage.counted_tokens - counted, self._clock.now()))
        return tuple(settled)

    def view(self, model: str) -> QuotaView:
        """Every bucket of a model as it stands now."""
        now = self._clock.now()
        known = self._catalog.get(model)
        gauges = self._with_flights(model, self._heard(model))
        plan, inferred = self._plan_of(known, gauges)
        gauges = self._with_catalogue(model, known, plan, gauges, now)
        return quota_view(
            model,
            tuple(gauges.values()),
            now,
            plan=plan,
            plan_inferred=inferred,
            tokens_per_turn=self.tokens_per_turn(model),
        )

    def obstacle(self, request: ChatRequest) -> GroqchatError | None:
        """Why a request does not fit now: a limit to wait for, or one that it never fits."""
        room = self._allowance(request)
        if room.tightest is None or room.wait_s == 0:
            return None
        now, gauge = self._clock.now(), room.tightest
        facts = Facts(
            model=request.options.model,
            bucket=gauge.bucket,
            limit=gauge.limit,
            used=gauge.limit - gauge.remaining_at(now),
            requested=room.requested,
            retry_after_s=room.wait_s,
        )
        return failure("never_fits" if room.wait_s is None else "no_room_yet", facts)

    def bounded(self, request: ChatRequest) -> ChatRequest:
        """The request with the longest answer that fits what is left; it is charged up front."""
        options = replace(request.options, max_tokens=self._allowance(request).max_tokens)
        return replace(request, options=options)

    def _allowance(self, request: ChatRequest) -> Allowance:
        options = request.options
        model = self._catalog.get(options.model)
        return allowance(
            self.view(options.model).gauges,
            round(request.prompt_tokens * ESTIMATE_MARGIN) + MESSAGE_MARGIN,
            self._clock.now(),
            usual=self._usual_answer(options.model),
            wanted=options.max_tokens,
            most=model.max_completion_tokens,
        )

    def _usual_answer(self, model: str) -> int:
        """Half as long again as the recent answers were, in tokens."""
        recent = [entry.usage.completion_tokens for entry in self._answered(model)]
        return round(1.5 * max(recent)) if recent else USUAL_ANSWER

    def tokens_per_turn(self, model: str) -> float:
        """The average of the recent answered turns, in tokens that count."""
        recent = self._answered(model)
        if not recent:
            return FIRST_GUESS_TOKENS
        return sum(entry.usage.counted_tokens for entry in recent) / len(recent)

    def _answered(self, model: str) -> list[LedgerEntry]:
        """The entries of the recent whole answers."""
        answered = [entry for entry in self._entries.get(model, ()) if entry.outcome == "ok"]
        return answered[-RECENT_TURNS:]

    def _heard(self, model: str) -> dict[Bucket, Gauge]:
        """What the server told last, charged with the recorded requests that were sent since."""
        gauges: dict[Bucket, Gauge] = {}
        for entry in self._entries.get(model, ()):
            gauges = _folded(gauges, entry)
        for flight in self._flights.get(model, ()):
            gauges |= _newer(flight.reading.gauges, gauges)
        return gauges

    def _with_flights(self, model: str, gauges: dict[Bucket, Gauge]) -> dict[Bucket, Gauge]:
        """The gauges charged with what requests in flight hold and no header counts yet."""
        for flight in self._flights.get(model, ()):
            told = {gauge.bucket for gauge in flight.reading.gauges}
            amounts = _flight_amounts(flight)
            gauges = {
                bucket: gauge
                if bucket in told
                else gauge.charged(amounts.get(bucket, 0), flight.sent)
                for bucket, gauge in gauges.items()
            }
        return gauges

    def _plan_of(self, model: Model, gauges: Mapping[Bucket, Gauge]) -> tuple[Plan | None, bool]:
        if self._plan is not None:
            return self._plan, False
        told = {
            bucket: gauge.limit for bucket, gauge in gauges.items() if gauge.source is Source.HEADER
        }
        plan = self._catalog.infer_plan(model.id, told.get(Bucket.RPD), told.get(Bucket.TPM))
        return plan, plan is not None

    def _with_catalogue(
        self,
        model: str,
        known: Model,
        plan: Plan | None,
        gauges: dict[Bucket, Gauge],
        now: float,
    ) -> dict[Bucket, Gauge]:
        """Add the buckets that only the plan's table knows, used as the ledger says."""
        if plan is None:
            return gauges
        complete = dict(gauges)
        for bucket, limit in known.limits.get(plan, {}).items():
            if bucket not in complete:
                complete[bucket] = self._from_ledger(model, bucket, limit, now)
        return complete

    def _from_ledger(self, model: str, bucket: Bucket, limit: int, now: float) -> Gauge:
        gauge = Gauge(bucket, limit, 0.0, now - DAY_S, Source.LEDGER)
        for entry in self._entries.get(model, ()):
            gauge = gauge.charged(_amounts(entry).get(bucket, 0), entry.time)
        for flight in self._flights.get(model, ()):
            gauge = gauge.charged(_flight_amounts(flight).get(bucket, 0), flight.sent)
        return gauge


def gauges_of_error(error: GroqchatError, now: float) -> tuple[Gauge, ...]:
    """The limits that a refusal told: its headers, and the bucket its message names."""
    facts = error.facts
    told = {gauge.bucket: gauge for gauge in (facts.reading.gauges if facts.reading else ())}
    if facts.bucket and facts.limit and facts.used is not None:
        told[facts.bucket] = Gauge(facts.bucket, facts.limit, facts.used, now, Source.ERROR)
    return tuple(told.values())


def _folded(gauges: dict[Bucket, Gauge], entry: LedgerEntry) -> dict[Bucket, Gauge]:
    """The gauges after one more request; one sent before a gauge was told is in it already."""
    amounts = _amounts(entry)
    charged = {
        bucket: gauge.charged(amounts.get(bucket, 0), entry.time)
        if entry.time >= gauge.at
        else gauge
        for bucket, gauge in gauges.items()
    }
    return charged | _newer(entry.gauges, gauges)


def _newer(told: Iterable[Gauge], known: Mapping[Bucket, Gauge]) -> dict[Bucket, Gauge]:
    """Those of the gauges that were told no earlier than what is known."""
    return {
        gauge.bucket: gauge
        for gauge in told
        if gauge.bucket not in known or gauge.at >= known[gauge.bucket].at
    }


def _amounts(entry: LedgerEntry) -> dict[Bucket, float]:
    """What a recorded request took from each bucket; a refused one took nothing."""
    if not entry.accepted:
        return {}
    usage = entry.usage
    return {
        Bucket.RPM: 1,
        Bucket.RPD: 1,
        Bucket.TPM: usage.counted_tokens,
        Bucket.TPD: usage.counted_tokens,
        Bucket.ITPM: usage.prompt_tokens - usage.cached_tokens,
        Bucket.OTPM: usage.completion_tokens,
        Bucket.ASH: entry.audio_s,
        Bucket.ASD: entry.audio_s,
    }


def _flight_amounts(flight: Flight) -> dict[Bucket, float]:
    """What a request in flight holds: its prompt and all of its reservation."""
    both = flight.prompt_tokens + flight.max_tokens
    return {
        Bucket.RPM: 1,
        Bucket.RPD: 1,
        Bucket.TPM: both,
        Bucket.TPD: both,
        Bucket.ITPM: flight.prompt_tokens,
        Bucket.OTPM: flight.max_tokens,
    }

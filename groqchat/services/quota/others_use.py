"""What other clients of the account take steadily of its limits.

The headers of answers show it for tokens and requests alike (:class:`OthersRate`). Where they tell
nothing, a refusal does: what of a limit was used and was not ours was used by others, since our
requests began to follow each other closely; it is expected to go on like that for a while.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.limits.quota import LeakyBucket, LimitKind, Source
from groqchat.services.quota.others_rate import OthersRate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from groqchat.services.quota.others_rate import OwnUse

EXPECTED_S = 900.0
"""The seconds for which others are expected to go on."""
# Rates from shorter times are noise; a rate is taken a little higher than measured, and leaves us
# some of the limit.
_SHORTEST_S, _CAUTION, _STEP, _MOST = 5.0, 1.05, 0.1, 0.9
# Others do not send evenly: so much of the limit stays free for what comes early.
_FEWEST_APART, _APART = 2.0, 0.02
# No header tells the requests of the minute, but those of the day are the same ones.
_SHOWN_BY = {LimitKind.RPM: LimitKind.RPD}


class OthersUse:
    """The limits of all models that others use too, with what they take a second."""

    def __init__(self) -> None:
        self._shared: dict[tuple[str, LimitKind], LeakyBucket] = {}
        self._learnt: dict[tuple[str, LimitKind], float] = {}
        self._rates: dict[tuple[str, LimitKind], OthersRate] = {}
        self._margins: dict[tuple[str, LimitKind], float] = {}

    def note(self, model: str, reported: LeakyBucket, own: OwnUse) -> None:
        """Learn from the headers of an answer; see :meth:`OthersRate.note`."""
        place = model, reported.kind
        self._rates.setdefault(place, OthersRate()).note(reported, own)
        if reported.kind is LimitKind.RPD and (model, LimitKind.RPM) in self._shared:
            minute = self._shared[model, LimitKind.RPM]
            rate = self._rate(model, minute, reported.at)
            if rate is not None:
                self._shared[model, LimitKind.RPM] = replace(
                    minute.charged(0.0, reported.at), others=rate
                )

    def _rate(self, model: str, bucket: LeakyBucket, now: float) -> float | None:
        """The units a second that others take of a limit, by headers; None where none told."""
        shown = self._rates.get((model, _SHOWN_BY.get(bucket.kind, bucket.kind)))
        rate = shown.rate if shown and shown.is_fresh(now) else None
        most = _MOST * bucket.limit / bucket.kind.window_s
        return None if rate is None else min(_CAUTION * rate, most)

    def learn(
        self, model: str, told: LeakyBucket, own: Iterable[tuple[float, float]], now: float
    ) -> None:
        """Learn from a refusal.

        Args:
            model: The model.
            told: The bucket as the refusal told it.
            own: The Unix times and amounts of our own requests of the last while, the first first.
            now: The Unix time.
        """
        place = model, told.kind
        known = self._expected(place, now)
        if known is not None:
            excess, since = told.used - known.used_at(now), self._learnt[place]
        else:
            level, since = _busy(told, own, now)
            excess = told.used - level
        drain = told.limit / told.kind.window_s
        rate = known.others if known is not None else 0.0
        if now - since >= _SHORTEST_S:
            rate += _CAUTION * max(0.0, excess) / (now - since)
        if known is not None:  # it was too low, or has grown
            rate += _STEP * drain
        rate = min(rate, _MOST * drain)
        if (shown := self._rate(model, told, now)) is not None:
            rate = shown
        if rate:
            margin = max(_FEWEST_APART, _APART * told.limit)
            self._shared[place] = replace(told, used=told.used + margin, others=rate)
            self._learnt[place] = now

    def surprise(self, model: str, told: LeakyBucket, believed: LeakyBucket, now: float) -> None:
        """Keep more of a limit free after a refusal that others have caused.

        Args:
            model: The model.
            told: The bucket as the refusal told it.
            believed: The bucket as it was believed to be.
            now: The Unix time.
        """
        if self._rate(model, told, now):
            place, more = (model, told.kind), max(0.0, told.used - believed.used_at(now))
            margin = max(self._margins.get(place, 0.0), _APART * told.limit) + more
            self._margins[place] = min(margin, (1 - _MOST) * told.limit)

    def charge(self, model: str, requests: float, now: float) -> None:
        """Count requests of ours (negative: give them back)."""
        for place, bucket in self._shared.items():
            if place[0] == model:
                self._shared[place] = bucket.charged(requests, now)

    def fuller(
        self, model: str, buckets: Mapping[LimitKind, LeakyBucket], now: float
    ) -> dict[LimitKind, LeakyBucket]:
        """The buckets, those that others use too as full as is expected."""
        return {kind: self._fuller(model, bucket, now) for kind, bucket in buckets.items()}

    def _fuller(self, model: str, bucket: LeakyBucket, now: float) -> LeakyBucket:
        if bucket.kind is LimitKind.TPM and (rate := self._rate(model, bucket, now)):
            # What is left was read a moment ago; others may have taken some at once since then.
            margin = max(_APART * bucket.limit, self._margins.get((model, bucket.kind), 0.0))
            return replace(bucket, used=bucket.used + margin, others=rate)
        expected = self._expected((model, bucket.kind), now)
        if expected is None:
            return bucket
        return max(bucket, expected, key=lambda b: b.used_at(now))

    def _expected(self, place: tuple[str, LimitKind], now: float) -> LeakyBucket | None:
        is_over = now - self._learnt.get(place, float("-inf")) > EXPECTED_S
        return None if is_over else self._shared.get(place)


def _busy(told: LeakyBucket, own: Iterable[tuple[float, float]], now: float) -> tuple[float, float]:
    """What our own requests alone use of a limit, and the Unix time since which they use some."""
    bucket, since = LeakyBucket(told.kind, told.limit, 0.0, 0.0, Source.LEDGER), now
    for time, amount in own:
        if not bucket.used_at(time):
            since = time
        bucket = bucket.charged(amount, time)
    return bucket.used_at(now), since

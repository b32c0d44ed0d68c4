"""What other clients of the account take steadily of limits that no header tells.

A refusal tells how much of such a limit is used. What of it was not ours was used by others, since
our requests began to follow each other closely; it is expected to go on like that for a while.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.limits.quota import LeakyBucket, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from groqchat.domain.limits.quota import LimitKind

EXPECTED_S = 900.0
"""The seconds for which others are expected to go on."""
# Rates from shorter times are noise; a rate is taken a little higher than measured, and leaves us
# some of the limit.
_SHORTEST_S, _CAUTION, _STEP, _MOST = 5.0, 1.05, 0.1, 0.9
# Others do not send evenly: so much of the limit stays free for what comes early.
_FEWEST_APART, _APART = 2.0, 0.02


class OthersUse:
    """The limits of all models that others use too, with what they take a second."""

    def __init__(self) -> None:
        self._shared: dict[tuple[str, LimitKind], LeakyBucket] = {}
        self._learnt: dict[tuple[str, LimitKind], float] = {}

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
        if rate:
            margin = max(_FEWEST_APART, _APART * told.limit)
            self._shared[place] = replace(told, used=told.used + margin, others=rate)
            self._learnt[place] = now

    def charge(self, model: str, requests: float, now: float) -> None:
        """Count requests of ours (negative: give them back)."""
        for place, bucket in self._shared.items():
            if place[0] == model:
                self._shared[place] = bucket.charged(requests, now)

    def fuller(
        self, model: str, buckets: Mapping[LimitKind, LeakyBucket], now: float
    ) -> dict[LimitKind, LeakyBucket]:
        """The buckets, those that others use too as full as is expected."""
        return {
            kind: max(
                bucket, self._expected((model, kind), now) or bucket, key=lambda b: b.used_at(now)
            )
            for kind, bucket in buckets.items()
        }

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

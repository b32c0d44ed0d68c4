"""Requests that a bucket learns of late: they use refill that found it empty meanwhile.

Where several clients used a limit while their store was away, each hands in its own requests, so
that they do not come in the order in which the server counted them. In a leaky bucket the order
matters only where it was empty: a request that came then would have had that refill.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from groqchat.domain.limits.quota import LeakyBucket

# Of more periods those are joined, as if they were one, that are short for their age.
_MOST = 12
# What is older is not known any more.
_REMEMBERED_S = 86_400.0
# Units of a limit: less is nothing.
_NOTHING = 1e-6


class Idle(NamedTuple):
    """The units of refill that found a bucket empty, steadily from one Unix time to another."""

    since: float
    until: float
    amount: float

    def split(self, at: float) -> tuple[Idle, Idle]:
        """The parts before and after a Unix time."""
        if at <= self.since:
            return Idle(self.since, self.since, 0.0), self
        if at >= self.until:
            return self, Idle(self.until, self.until, 0.0)
        after = self.amount * (self.until - at) / (self.until - self.since)
        return Idle(self.since, at, self.amount - after), Idle(at, self.until, after)

    def without(self, used: float) -> Idle:
        """What is left after so many units were used as soon as they came back."""
        if used >= self.amount:
            return Idle(self.until, self.until, 0.0)
        since = self.since + (self.until - self.since) * used / self.amount
        return Idle(since, self.until, self.amount - used)


Idles = tuple[Idle, ...]
"""Periods in the order of time, of the last day."""


def charged(
    bucket: LeakyBucket, idles: Idles, amount: float, at: float
) -> tuple[LeakyBucket, Idles]:
    """A bucket and its idle periods after an amount was used (negative: given back) at a Unix time.

    That may lie before what the bucket knows. What is a day older has drained then, unless the
    bucket has not been empty since.
    """
    if at >= bucket.at:
        kept = [*idles, *_idle(bucket, amount, at)]
        if kept and kept[0].since < at - _REMEMBERED_S:
            kept = [each.split(at - _REMEMBERED_S)[1] for each in kept]
        return bucket.charged(amount, at), _joined(kept, at)
    if at < bucket.at - _REMEMBERED_S:
        return bucket, idles
    left: list[Idle] = []
    for each in idles:
        before, after = each.split(at)
        used = min(max(amount, 0.0), after.amount)
        amount -= used
        left += before, after.without(used)
    return bucket.charged(amount, at), _joined(left, bucket.at)


def _idle(bucket: LeakyBucket, amount: float, at: float) -> Iterator[Idle]:
    """What is lost at a charge: the refill since the bucket was empty, and what is given back."""
    if (left := bucket.used_at(at)) == 0.0:
        rate = bucket.limit / bucket.kind.window_s - bucket.others
        empty = bucket.at + bucket.resets_in(bucket.at)
        yield Idle(empty, at, rate * (at - empty))
    if amount < -left:
        yield Idle(at, at, -amount - left)


def _joined(idles: Sequence[Idle], now: float) -> Idles:
    """The periods in which something was lost, as few as are kept."""
    kept = [each for each in idles if each.amount > _NOTHING]
    while len(kept) > _MOST:
        lengths = [
            (later.until - each.since) / (1.0 + now - later.until) for each, later in pairwise(kept)
        ]
        at = lengths.index(min(lengths))
        first, second = kept[at : at + 2]
        kept[at : at + 2] = [Idle(first.since, second.until, first.amount + second.amount)]
    return tuple(kept)

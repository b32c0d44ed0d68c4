"""The rate at which other clients of the account use a limit, as the headers of answers show it.

Headers tell the requests of the day and the tokens of the minute that all clients have used. What
of their growth is not ours was used by others.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from groqchat.domain.limits.quota import LeakyBucket

# The seconds that a rate is taken from, and those that it takes at least; one sample a second.
_LOOKS_BACK_S, _SHORTEST_S, _APART_S = 180.0, 15.0, 1.0
_FEWEST = 8
# A smaller part of the limit is noise; so is a slope that is not many times its error.
_NOISE, _SURE = 0.05, 4.0


@dataclass(slots=True)
class _Sample:
    """What others had used since the first reading: the mean of some readings at a Unix time."""

    at: float
    excess: float
    readings: int = 1

    def add(self, excess: float) -> None:
        """Take one more reading into the mean."""
        self.readings += 1
        self.excess += (excess - self.excess) / self.readings


class OwnUse(NamedTuple):
    """What we have used of a limit: ``recorded`` in all, and ``running`` of it for now.

    ``basis`` is what the sums are taken from; another one begins a new sum.
    """

    recorded: float
    running: float
    basis: object

    @property
    def total(self) -> float:
        """All that we use."""
        return self.recorded + self.running


@dataclass(slots=True)
class OthersRate:
    """What others use of one limit, learnt from each reading of it.

    ``rate`` are the units a second; None while too little is known.
    """

    rate: float | None = None
    _excess: float = 0.0
    _last: tuple[LeakyBucket, OwnUse] | None = None
    _samples: deque[_Sample] = field(default_factory=deque)

    def note(self, reported: LeakyBucket, own: OwnUse) -> None:
        """Learn from a reading.

        Args:
            reported: The limit as the headers told it.
            own: What we have used of it.
        """
        last, self._last = self._last, (reported, own)
        if last is None or last[1].basis != own.basis or last[0].limit != reported.limit:
            self._samples.clear()
            self._excess = 0.0
        else:
            self._excess += _used_by_others(*last, reported, own)
        if self._samples and reported.at < self._samples[-1].at + _APART_S:
            self._samples[-1].add(self._excess)
            return
        self._samples.append(_Sample(reported.at, self._excess))
        while self._samples[0].at < reported.at - _LOOKS_BACK_S:
            self._samples.popleft()
        if reported.at - self._samples[0].at >= _SHORTEST_S and len(self._samples) >= _FEWEST:
            slope, error = _slope(self._samples)
            least = max(_NOISE * reported.limit / reported.kind.window_s, _SURE * error)
            self.rate = slope if slope > least else 0.0

    def is_fresh(self, now: float) -> bool:
        """Whether a reading of the last while tells of the rate."""
        return self._last is not None and now - self._last[0].at <= _LOOKS_BACK_S


def _used_by_others(
    last: LeakyBucket, own_then: OwnUse, reported: LeakyBucket, own: OwnUse
) -> float:
    """What others used between two readings; 0 where that cannot be told.

    A limit of which nothing was used for a while drained less than it could have.
    """
    drained = last.used - last.used_at(reported.at)
    if drained and last.used - own_then.running <= drained:
        return 0.0
    return reported.used - (last.used - drained) - (own.total - own_then.total)


def _slope(samples: deque[_Sample]) -> tuple[float, float]:
    """The slope of the line through the samples (least squares), and its standard error."""
    number = len(samples)
    at = sum(sample.at for sample in samples) / number
    excess = sum(sample.excess for sample in samples) / number
    spread = sum((sample.at - at) ** 2 for sample in samples)
    slope = sum((sample.at - at) * (sample.excess - excess) for sample in samples) / spread
    off = sum((s.excess - excess - slope * (s.at - at)) ** 2 for s in samples)
    return slope, sqrt(off / (number - 2) / spread)

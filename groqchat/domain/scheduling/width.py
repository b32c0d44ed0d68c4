"""The number of requests to one model at once: it grows with answers and shrinks with refusals.

This is the congestion control of TCP (RFC 5681) with requests in the place of segments: a slow
start, then additive increase and multiplicative decrease.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.turns.circuit import is_outage

if TYPE_CHECKING:
    from groqchat.domain.errors.tree import GroqchatError

MOST = 64
"""The most requests to a model at once where nobody asks for another number."""
MOST_JOBS = 100
"""The most requests at once that can be asked for: the connections that a pool has."""

_AFTER_REFUSAL, _AFTER_FAILURE = 0.5, 0.75
# By then the limits of the minute have refilled.
_NARROWED_S = 60.0
# A process that is given answers at once takes no more than so many in a second.
_MOST_A_SECOND, _FEWEST = 200, 8


@dataclass(frozen=True, slots=True)
class Width:
    """The number of requests that may be under way, from 1 to ``most``.

    ``size`` is that number with its fraction. Below ``threshold`` it doubles in each round trip,
    above it grows by one. ``narrowed_at`` is the monotonic second of the last refusal that counted.
    """

    most: int = MOST
    size: float = 1.0
    threshold: float = float("inf")
    narrowed_at: float = float("-inf")

    @property
    def requests(self) -> int:
        """The whole number of requests."""
        return int(self.size)

    def was_narrowed(self, now: float) -> bool:
        """Whether an error has narrowed it in the minute before a monotonic second."""
        return now - self.narrowed_at < _NARROWED_S

    def accepted(self, flight: int) -> Width:
        """The width after the server has accepted a request.

        Args:
            flight: The most requests that were under way in this round trip. A width of which less
                than half is used does not grow: it was never tried (RFC 7661).
        """
        if 2 * flight < self.requests:
            return self
        step = 1.0 if self.size < self.threshold else 1.0 / self.size
        return replace(self, size=min(float(self.most), self.size + step))

    def failed(self, error: GroqchatError, sent: float, now: float) -> Width:
        """The width after an error; most errors say nothing about the number of requests.

        Requests that were sent before the last narrowing met the same state of the server, and do
        not count once more.

        Args:
            error: The error that a request ended with.
            sent: The monotonic second at which it was sent.
            now: The present monotonic second.
        """
        factor = _factor(error)
        if factor is None or sent < self.narrowed_at:
            return self
        size = max(1.0, self.size * factor)
        return replace(self, size=size, threshold=size, narrowed_at=now)


def _factor(error: GroqchatError) -> float | None:
    """The part of the width that is left after an error; None where the error does not bear on it.

    A refusal (429, 498) says that too much was asked for at once; a failure (5xx, no answer in
    time) may be one of a few that happen at any load.
    """
    if error.kind is ErrorKind.TIER_FULL:
        return _AFTER_REFUSAL
    if error.kind is ErrorKind.RATE_LIMITED:
        return None if error.facts.status is None else _AFTER_REFUSAL
    return _AFTER_FAILURE if is_outage(error) else None


def enough(quickest_s: float) -> float:
    """The number of requests at once beyond which more would only wait for this process.

    By Little's law so many are under way at the highest rate that a process keeps up with.

    Args:
        quickest_s: The seconds that the quickest answer took; infinite while there is none.
    """
    return max(_FEWEST, _MOST_A_SECOND * quickest_s)

"""The circuit breaker of one model: after repeated failures no request is sent for a while."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from groqchat.domain.errors.cause import ErrorKind, Retry

if TYPE_CHECKING:
    from groqchat.domain.errors.tree import GroqchatError

OPENS_AFTER = 5
"""The number of failures in a row that counts as an outage."""
FIRST_PAUSE_S = 30.0
LONGEST_PAUSE_S = 300.0
PROBE_S = 5.0
"""Seconds that other requests wait for the one that finds out whether the outage is over."""


@dataclass(frozen=True, slots=True)
class Circuit:
    """The circuit of one model; times are monotonic seconds.

    The circuit is closed below ``OPENS_AFTER`` failures, then open until ``open_until``, then
    half-open: one request is let through, and ``is_probed`` is true until that has ended.
    """

    failures: int = 0
    open_until: float = 0.0
    is_probed: bool = False

    @property
    def is_closed(self) -> bool:
        """True if requests may be sent without a pause."""
        return self.failures < OPENS_AFTER

    def pause(self, now: float) -> float:
        """Seconds until a request may be sent; 0 when it may now."""
        if self.is_closed:
            return 0.0
        return max(PROBE_S if self.is_probed else 0.0, self.open_until - now)

    def request_sent(self) -> Circuit:
        """Note that a request is sent; where the circuit is not closed, it is the probe."""
        return self if self.is_closed else replace(self, is_probed=True)

    def request_ended(self, error: GroqchatError | None, now: float) -> Circuit:
        """Note how a request ended. A refusal counts as an answer, which closes the circuit.

        Args:
            error: The error it ended with; None for an answer.
            now: Monotonic seconds.
        """
        if error is not None and is_outage(error):
            return self._failed(now)
        if error is not None and error.kind is ErrorKind.UNREACHABLE:
            return self.request_cancelled()
        return Circuit()

    def request_cancelled(self) -> Circuit:
        """Note that a request ended without showing whether the model answers."""
        return replace(self, is_probed=False)

    def _failed(self, now: float) -> Circuit:
        failures = self.failures + 1
        longer = max(0, failures - OPENS_AFTER)
        pause = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0**longer)
        return Circuit(failures, now + pause if failures >= OPENS_AFTER else 0.0)


def is_outage(error: GroqchatError) -> bool:
    """True if a failure is the service's own and may pass: 5xx, or no answer in time."""
    is_passing = error.kind is ErrorKind.SERVICE_ERROR and error.cause.retry is not Retry.NEVER
    return is_passing or error.cause.name == "timed_out"

"""The retry policy for failed requests."""

from __future__ import annotations

from dataclasses import dataclass

from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.errors.table import Retry
from groqchat.domain.errors.tree import GroqchatError, RateLimitedError


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """The bounds of retries. ``attempts`` counts the first one; times are in seconds.

    ``longest_wait_s`` is the longest single wait that is slept through without asking, and
    ``longest_total_wait_s`` bounds all waits of a turn; more is for a person to decide.
    ``tier_attempts`` bounds the attempts at a tier without capacity; then on_demand is asked.
    ``first_wait_s`` doubles with each attempt up to ``longest_backoff_s``. ``is_patient``: waits
    for limits are repeated until they add up to ``longest_wait_s``, whatever the number of
    attempts; set where the user named that time.
    """

    attempts: int = 4
    longest_wait_s: float = 60.0
    longest_total_wait_s: float = 180.0
    first_wait_s: float = 0.5
    longest_backoff_s: float = 20.0
    is_patient: bool = False
    tier_attempts: int = 2

    def wait_after(
        self, error: GroqchatError, attempt: int, chance: float, waited: float = 0.0
    ) -> float | None:
        """Seconds to wait before attempt ``attempt + 1``, or None when it is not to be made.

        The server's own wait is kept to the second; otherwise, exponential backoff with full
        jitter.

        Args:
            error: The error of the last attempt.
            attempt: The number of the last attempt.
            chance: A random number from 0 to 1.
            waited: Seconds waited in this turn so far.
        """
        is_limit, is_last = isinstance(error, RateLimitedError), attempt >= self._most(error)
        if error.cause.retry is Retry.NEVER or (is_last and not (self.is_patient and is_limit)):
            return None
        wait = error.facts.retry_after_s
        if wait is None:
            ceiling = min(self.longest_backoff_s, self.first_wait_s * 2.0**attempt)
            # A limit that names no time still needs some; a failure may be gone at once.
            wait = (1.0 if is_limit else 0.0) + ceiling * chance
        left = (self.longest_wait_s if is_last else self.longest_total_wait_s) - waited
        return wait if wait <= min(self.longest_wait_s, left) else None

    def _most(self, error: GroqchatError) -> int:
        """The most attempts after such an error."""
        is_full = error.kind is ErrorKind.TIER_FULL
        return min(self.attempts, self.tier_attempts) if is_full else self.attempts


NO_RETRY = RetryPolicy(attempts=1)


def retry_at(error: GroqchatError, now: float) -> float | None:
    """The Unix time before which a limit's refusal forbids another request; None: it does not."""
    wait = error.facts.retry_after_s
    is_refused = error.kind is ErrorKind.RATE_LIMITED and error.facts.status is not None
    return now + wait if is_refused and wait else None

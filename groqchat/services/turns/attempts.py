"""The attempts of one turn: when its request is sent again, and to whom."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from groqchat.domain.turns.fallback import Fallback, target_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.errors.cause import ErrorKind
    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.turns.chat import Options, Waiting
    from groqchat.domain.turns.retry import RetryPolicy
    from groqchat.services.turns.refusals import Refusal
    from groqchat.services.turns.vendor import Vendors


# A wait that ends no later than this after the one that was told is still the same.
_SAME_WAIT_S = 0.5


@dataclass(frozen=True, slots=True)
class Recovery:
    """The rules for a turn after an error: repeated requests and other models.

    ``policy`` says when a request is sent again; ``chance`` gives a random number from 0 to 1 for
    the jitter of waits. ``fallback`` is the user's route, and ``endpoints`` opens the other vendors
    that the route may name.
    """

    policy: RetryPolicy
    chance: Callable[[], float]
    fallback: Fallback = field(default_factory=Fallback)
    endpoints: Vendors | None = None

    def without_route(self) -> Recovery:
        """The rules where no other model answers; the service tier may still change."""
        return replace(self, fallback=replace(self.fallback, route=()))

    def of_queue(self) -> Recovery:
        """The rules for a job among many, where nobody waits for the single answer.

        No other model answers, a tier without capacity is asked as often as allowed, and all waits
        of a job may be long together: a team may have many who wait for their turn.
        """
        patient = replace(self.policy, tier_attempts=self.policy.attempts)
        if not patient.is_patient:
            patient = replace(patient, longest_total_wait_s=math.inf)
        return replace(self.without_route(), policy=patient)


@dataclass(slots=True)
class Attempts:
    """The attempts and waits of one turn so far, and the decision what comes next.

    ``attempt`` counts the requests with the current ``options`` (a model on a tier), ``sent`` those
    of the whole turn. ``resized`` holds the kinds of refusal after which the request was sent again
    in another size. ``refused`` is the last refusal with the current options. ``reason`` is the
    error for which the user's own model was left, if it was; ``tried`` are the stops of the route
    that were taken or skipped so far.
    """

    recovery: Recovery
    options: Options
    attempt: int = 0
    sent: int = 0
    waited_s: float = 0.0
    resized: set[ErrorKind] = field(default_factory=set)
    refused: Refusal | None = None
    reason: GroqchatError | None = None
    tried: list[str] = field(default_factory=list)
    _waits_until: float = float("-inf")

    def __post_init__(self) -> None:
        self.tried.append(target_of(self.options))

    def resize(self, error: GroqchatError) -> bool:
        """Allow one immediate repetition in the size that a refusal calls for.

        Returns:
            False where this kind of refusal was answered so before, or no attempt is left: a server
            that goes on refusing has to be waited for.
        """
        if error.kind in self.resized or self.attempt >= self.recovery.policy.attempts:
            return False
        self.resized.add(error.kind)
        return True

    def is_news(self, waiting: Waiting) -> bool:
        """Whether a wait takes longer than what was told of the last one."""
        is_longer = waiting.until > self._waits_until + _SAME_WAIT_S
        self._waits_until = max(waiting.until, self._waits_until)
        return is_longer

    def begin_attempt(self) -> int:
        """Count a request that is being sent; returns its number in the turn."""
        self.attempt += 1
        self.sent += 1
        return self.sent

    def wait_after(self, error: GroqchatError) -> float | None:
        """Seconds until the request is sent again with the same options; None: it is not."""
        chance = self.recovery.chance()
        return self.recovery.policy.wait_after(error, self.attempt, chance, self.waited_s)

    def next_options(self, error: GroqchatError, wait: float | None) -> Options | None:
        """The next stop of the fallback route if it is better than the wait; named only once."""
        has_switched = self.reason is not None
        fallback = self.recovery.fallback
        options = fallback.reroute(error, self.options, wait, self.tried, has_switched=has_switched)
        if options is not None and target_of(options) != target_of(self.options):
            self.tried.append(target_of(options))
        return options

    def switch_to(self, options: Options, error: GroqchatError) -> None:
        """Go on with other options because of an error."""
        if target_of(options) != target_of(self.options):
            self.reason = self.reason or error
        self.options, self.attempt, self.refused = options, 0, None
        self.resized.clear()

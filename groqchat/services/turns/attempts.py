"""The course of one turn: which way its request takes, and which next after a setback."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from groqchat.domain.turns.fallback import stop_of

if TYPE_CHECKING:
    from groqchat.domain.errors.cause import ErrorKind
    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.turns.chat import Options
    from groqchat.domain.turns.fallback import Fallback
    from groqchat.domain.turns.retry import RetryPolicy
    from groqchat.services.turns.refusals import Refusal


@dataclass(slots=True)
class Attempts:
    """Counts attempts and waits, and decides between them.

    ``attempt`` counts on the way taken now (a model on a tier), ``sent`` in the whole turn.
    ``resized`` are the kinds of refusal after which it was sent again in another size. ``refused``
    is what became of the last request on this way. ``reason`` is why the model that the user chose
    was left, where it was; ``tried`` are the stops taken or passed over so far, as a route names
    them.
    """

    policy: RetryPolicy
    fallback: Fallback
    options: Options
    attempt: int = 0
    sent: int = 0
    waited_s: float = 0.0
    resized: set[ErrorKind] = field(default_factory=set)
    refused: Refusal | None = None
    reason: GroqchatError | None = None
    tried: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tried.append(stop_of(self.options))

    def resize(self, error: GroqchatError) -> bool:
        """Whether a request may be sent again at once, in the size that a refusal calls for.

        Once for each kind: a server that goes on refusing wants to be waited for.
        """
        if error.kind in self.resized or self.attempt >= self.policy.attempts:
            return False
        self.resized.add(error.kind)
        return True

    def begin_attempt(self) -> int:
        """A request leaves; returns its number in the turn."""
        self.attempt += 1
        self.sent += 1
        return self.sent

    def wait_after(self, error: GroqchatError, chance: float) -> float | None:
        """Seconds to wait until the same way is tried again; None where that is not to be."""
        return self.policy.wait_after(error, self.attempt, chance, self.waited_s)

    def next_options(self, error: GroqchatError, wait: float | None) -> Options | None:
        """Another way, if there is one and it is better than the wait; it is proposed once."""
        has_left = self.reason is not None
        way = self.fallback.detour(error, self.options, wait, self.tried, has_left=has_left)
        if way is not None and stop_of(way) != stop_of(self.options):
            self.tried.append(stop_of(way))
        return way

    def switch_to(self, way: Options, error: GroqchatError) -> None:
        """Go on that way, because of an error on the one taken so far."""
        if stop_of(way) != stop_of(self.options):
            self.reason = self.reason or error
        self.options, self.attempt, self.refused = way, 0, None
        self.resized.clear()

"""Circuit breakers, one for each model: during an outage requests are not repeated at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.table import failure
from groqchat.domain.turns.circuit import Circuit

if TYPE_CHECKING:
    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.services.ports import Clock


class Breaker:
    """Counts the failures of each model in a row.

    Args:
        clock: Time.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._circuits: dict[str, Circuit] = {}

    def admission_error(self, model: str) -> GroqchatError | None:
        """The error that pauses requests to a model in an outage, with the seconds; or None."""
        circuit = self._of(model)
        pause = circuit.pause(self._clock.monotonic())
        if not pause:
            return None
        detail = f"{circuit.failures} times in a row"
        return failure("circuit_open", model=model, detail=detail, retry_after_s=pause)

    def request_sent(self, model: str) -> None:
        """Note that a request is sent."""
        self._circuits[model] = self._of(model).request_sent()

    def request_ended(self, model: str, error: GroqchatError | None = None) -> None:
        """Note that a request was answered, or that it ended with an error."""
        self._circuits[model] = self._of(model).request_ended(error, self._clock.monotonic())

    def request_cancelled(self, model: str) -> None:
        """Note that a request was stopped before it showed whether the model answers."""
        self._circuits[model] = self._of(model).request_cancelled()

    def _of(self, model: str) -> Circuit:
        return self._circuits.get(model, Circuit())

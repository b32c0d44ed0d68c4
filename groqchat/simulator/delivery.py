"""Sends the events of an answer at a steady rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.simulator.clock import Clock
    from groqchat.simulator.exchange import Exchange

# The finest timer; events that become due meanwhile are sent in one write.
_TICK_S = 0.004
# Events per write at the highest rate, so that other connections get their turn.
_BURST = 64


class Delivery:
    """The paced delivery of one answer.

    Args:
        exchange: The connection to the client.
        clock: The clock that paces it.
        rate: Events per second; None for as fast as the client reads.

    Attributes:
        sent: The number of events sent, which is the usage of an answer that was cut off.
        piece: The number of bytes per write; 0 sends every event whole.
    """

    def __init__(self, exchange: Exchange, clock: Clock, rate: float | None) -> None:
        self._exchange = exchange
        self._clock = clock
        self._rate = rate
        self.sent = 0
        self.piece = 0

    async def send(self, events: Sequence[bytes]) -> None:
        """Send events, the first at once; an empty event takes its time but sends nothing.

        Raises:
            ConnectionError: The client has disconnected.
        """
        start, before = self._clock.now(), self.sent
        while (done := self.sent - before) < len(events):
            due = self._due(self._clock.now() - start, done)
            if due > done:
                await self.write(b"".join(events[done:due]))
                self.sent = before + min(due, len(events))
            if self.sent - before < len(events):
                await self._clock.sleep(self._pause(self._clock.now() - start, self.sent - before))

    async def write(self, data: bytes) -> None:
        """Send bytes at once."""
        if not self.piece:
            if data:
                await self._exchange.write(data)
            return
        for begin in range(0, len(data), self.piece):
            await self._exchange.write(data[begin : begin + self.piece])

    def _due(self, elapsed: float, done: int) -> int:
        return done + _BURST if self._rate is None else int(elapsed * self._rate + 1e-6) + 1

    def _pause(self, elapsed: float, done: int) -> float:
        return 0.0 if self._rate is None else max(_TICK_S, done / self._rate - elapsed)

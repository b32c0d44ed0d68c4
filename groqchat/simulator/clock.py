"""The clocks of the simulator: the system's time, or a time that a test advances."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from typing import Protocol

from groqchat.services.clock import SystemClock


class Clock(Protocol):
    """The operations on time that the simulator needs."""

    def now(self) -> float:
        """The Unix time in seconds."""

    async def sleep(self, seconds: float) -> None:
        """Wait; cancellable."""

    def advance(self, seconds: float) -> None:
        """Jump ahead, so that limits refill without waiting; seconds."""


class AdvancingClock:
    """The system's time plus the sum of all jumps."""

    def __init__(self) -> None:
        self._system = SystemClock()
        self._ahead = 0.0

    def now(self) -> float:
        """The Unix time in seconds, jumps included."""
        return self._system.now() + self._ahead

    async def sleep(self, seconds: float) -> None:
        """Wait in real time; a jump does not shorten it."""
        await self._system.sleep(seconds)

    def advance(self, seconds: float) -> None:
        """Jump ahead by a number of seconds."""
        self._ahead += seconds


class DrivenClock:
    """A clock that stands still until it is advanced, and then wakes the sleepers that are due."""

    def __init__(self, start: float = 1_791_000_000.0) -> None:
        self._now = start
        self._order = itertools.count()
        self._has_sleepers = asyncio.Event()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> float:
        """The Unix time in seconds."""
        return self._now

    async def until_someone_sleeps(self) -> None:
        """Wait until some task sleeps on this clock."""
        while all(woken.done() for _, _, woken in self._sleepers):
            self._has_sleepers.clear()
            await self._has_sleepers.wait()

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock has been advanced by that many seconds."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + seconds, next(self._order), woken))
        self._has_sleepers.set()
        await woken

    def advance(self, seconds: float) -> None:
        """Advance and wake the sleepers that are due; to be called on their event loop."""
        self._now += seconds
        while self._sleepers and self._sleepers[0][0] <= self._now:
            woken = heapq.heappop(self._sleepers)[2]
            if not woken.done():
                woken.set_result(None)

"""The time of this machine."""

from __future__ import annotations

import asyncio
import time


class SystemClock:
    """The time of this machine."""

    def now(self) -> float:
        """The Unix time in seconds."""
        return time.time()

    def monotonic(self) -> float:
        """A time in seconds that never runs backward."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait for a number of seconds."""
        await asyncio.sleep(seconds)

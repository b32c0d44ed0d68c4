"""Reads that many ask for at once, and that all of them share."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


class SharedReads:
    """Runs a read for all who ask for it meanwhile.

    Whoever asks gets the result of a read that began afterwards, since an earlier one may have
    missed what was written just before. So one runs at a time, and one follows at most.

    Args:
        read: Reads once, and keeps the result.
    """

    def __init__(self, read: Callable[[], Awaitable[None]]) -> None:
        self._read = read
        self._begun = self._done = 0
        self._running: asyncio.Future[None] | None = None

    async def join(self) -> None:
        """Return once a read has ended that began after this call.

        The read runs in the first task that asks for it; where that is cancelled or the read fails,
        the next one reads again.
        """
        needed = self._begun + 1
        while self._done < needed:
            if self._running is not None:
                await asyncio.wait([self._running])
                continue
            self._begun += 1
            number, running = self._begun, asyncio.get_running_loop().create_future()
            self._running = running
            try:
                await self._read()
                self._done = number
            finally:
                self._running = None
                running.set_result(None)

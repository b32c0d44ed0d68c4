"""The number of requests under way in all lanes, and those that wait until it is smaller."""

from __future__ import annotations

import asyncio
from collections import deque


class Running:
    """The number of requests under way in all lanes.

    Args:
        most: The most at once.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._number = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def room(self) -> None:
        """Wait until one more request may be under way; it is not counted yet."""
        while self.is_full:
            freed = asyncio.get_running_loop().create_future()
            self._waiting.append(freed)
            await freed

    @property
    def is_full(self) -> bool:
        """Whether no other request may be sent."""
        return self._number >= self._most

    def begin(self) -> None:
        """Count a request that begins."""
        self._number += 1

    def end(self) -> None:
        """Stop counting a request, and wake those who wait for room, the first who came first."""
        self._number -= 1
        waiting, self._waiting = self._waiting, deque()
        for freed in waiting:
            if not freed.done():
                freed.set_result(None)

"""Limits the reads of a body to a hundred per second.

A server that sends every token by itself would wake its reader a thousand times a second, and four
servers four thousand times. Each wake-up costs far more than the token does.
"""

from __future__ import annotations

import asyncio

INTERVAL_S = 0.01
"""Seconds between two reads: a third of a frame."""
LARGE_READ = 32_768
"""Bytes of a read after which the next one follows at once."""


class ReadPacer:
    """Paces the reads of one body; data after a silence, such as a first token, passes at once.

    The libraries do not say whether a piece came from the network or from a buffer. But only a read
    from the network lets the event loop run, and this is how the two are told apart.
    """

    def __init__(self) -> None:
        self._has_waited = True
        self._size = 0
        self._last = float("-inf")

    async def pace(self, piece: bytes) -> None:
        """Wait if this piece was read from the network too soon after the one before."""
        self._size += len(piece)
        if not self._has_waited:
            return
        loop = asyncio.get_running_loop()
        early = self._last + INTERVAL_S - loop.time()
        if early > 0 and self._size < LARGE_READ:
            await asyncio.sleep(early)
        self._last, self._size = loop.time(), 0
        self._has_waited = False
        loop.call_soon(self._go_on)

    def _go_on(self) -> None:
        self._has_waited = True

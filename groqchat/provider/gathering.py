"""Reads the network a hundred times a second at most: what comes in between comes together.

A server that sends every token by itself would wake its reader a thousand times a second, and four
of them four thousand times; each time costs far more than the token does.
"""

from __future__ import annotations

import asyncio

GAP_S = 0.01
"""Seconds between two reads; a third of a frame."""
PLENTY = 32_768
"""A read that brings so many bytes is followed by another at once."""


class Gathering:
    """Keeps the reads of a body apart; what comes after a silence, as a first token, comes at once.

    What a read brings that follows another closely is told together, when the next may come.
    Nothing tells whether a piece was waited for or lay in a buffer of the libraries between here
    and the network; but only waiting lets the event loop go on.
    """

    def __init__(self) -> None:
        self._has_waited = True
        self._size = 0
        self._last = float("-inf")

    async def after(self, piece: bytes) -> None:
        """Wait, where this piece was read from the network shortly after the one before."""
        self._size += len(piece)
        if not self._has_waited:
            return
        loop = asyncio.get_running_loop()
        early = self._last + GAP_S - loop.time()
        if early > 0 and self._size < PLENTY:
            await asyncio.sleep(early)
        self._last, self._size = loop.time(), 0
        self._has_waited = False
        loop.call_soon(self._go_on)

    def _go_on(self) -> None:
        self._has_waited = True

"""Work on the screen that makes way for a request, and for an answer that comes at once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.widget import Widget

LEAVES_S = 0.012
"""Seconds in which a request leaves whose prompt is stored; a frame is hardly longer."""


class DeferredUpdates:
    """Keeps work until the request has left, in order.

    To show a prompt, to list its session and to paint both takes longer than to send it. Where the
    first text of the answer comes meanwhile, all of it is one frame.

    Args:
        host: The widget that the work is done for.
    """

    def __init__(self, host: Widget) -> None:
        self._host = host
        self._kept: list[Callable[[], None]] = []
        self._timer: asyncio.TimerHandle | None = None

    def keep(self, work: Callable[[], None]) -> None:
        """Do some work a moment later, or with the next :meth:`catch_up`."""
        self._kept.append(work)
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(LEAVES_S, self._host.call_later, self.catch_up)

    def catch_up(self) -> None:
        """Do at once what was kept."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        kept, self._kept = self._kept, []
        for work in kept:
            work()

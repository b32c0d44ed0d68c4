"""The thread on which servers are asked: what they send at once must not make the screen wait."""

from __future__ import annotations

import asyncio
import threading
from functools import partial
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")

# How long the thread goes on for what is ending when it is closed, in seconds.
LAST_S = 5.0


class Worker:
    """An event loop on a daemon thread, started by its first work."""

    def __init__(self) -> None:
        self._starting = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def is_running(self) -> bool:
        """Whether anything was done on it yet."""
        return self._loop is not None

    async def run(self, work: Coroutine[object, object, T]) -> T:
        """Run a coroutine on the thread; a cancelled wait cancels it there."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._started()))

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._starting:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                # What goes wrong is told where it is awaited; a line on stderr would be drawn over.
                self._loop.set_exception_handler(lambda *_: None)
                run = partial(_run, self._loop)
                threading.Thread(target=run, name="groqchat-mcp", daemon=True).start()
            return self._loop

    def close(self) -> None:
        """Let the thread end, once what was asked to end has ended, or after some seconds.

        Nobody waits for it: the end of the process ends it too.
        """
        with self._starting:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._loop.stop)
                self._loop = None


def _run(loop: asyncio.AbstractEventLoop) -> None:
    loop.run_forever()
    # A program that is just ending leaves its pipes open otherwise.
    if ending := asyncio.all_tasks(loop):
        loop.run_until_complete(asyncio.wait(ending, timeout=LAST_S))
    loop.close()

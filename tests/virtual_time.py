"""An event loop whose time jumps from one timer to the next as soon as nothing is left to do.

What runs in the loop (a client, a simulator, sockets of the loopback between them) takes no time;
what sleeps takes exactly as long as it says. Hours pass in seconds, and the same run takes the same
time on every machine. Threads (the database, imports) are waited for, in real time.
"""

from __future__ import annotations

import asyncio
import selectors
import time
from asyncio.base_events import BaseEventLoop
from typing import TYPE_CHECKING
from weakref import WeakSet

from groqchat.storage.database.database import Database
from groqchat.team.thread import TeamThread

if TYPE_CHECKING:
    from collections.abc import Callable

START = 1_791_000_000.0
# A socket that was written to is readable at its other end after this long at most.
_LOOPBACK_S = 5e-5
# How often threads are looked at that end without a word, in seconds.
_THREADS_S = 0.02


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """The loop; its time begins at 0."""

    def __init__(self, selector_for: Callable | None = None) -> None:
        self.passed = 0.0
        self.handed: WeakSet[asyncio.Future[object]] = WeakSet()
        super().__init__((selector_for or _JumpingSelector)(self))
        self.clock = VirtualClock(self)

    def time(self) -> float:
        return self.passed

    @property
    def is_waiting_for_threads(self) -> bool:
        return any(not future.done() for future in self.handed)


class _JumpingSelector(selectors.DefaultSelector):
    def __init__(self, loop: VirtualTimeLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout=None):
        events = super().select(0)
        if events or (timeout is not None and timeout <= 0):
            return events
        if self._loop.is_waiting_for_threads or timeout is None:
            return super().select(None if timeout is None else _THREADS_S)
        time.sleep(_LOOPBACK_S)
        if not (events := super().select(0)):
            self._loop.passed += timeout
        return events


class VirtualClock:
    """The time of such a loop, for client and simulator."""

    def __init__(self, loop: VirtualTimeLoop) -> None:
        self._loop = loop

    def now(self) -> float:
        return START + self._loop.passed

    def monotonic(self) -> float:
        return self._loop.passed

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def advance(self, seconds: float) -> None:
        self._loop.passed += seconds


def watch_threads(patch) -> None:
    """Let loops know what they and the database hand to threads."""
    for owner, name in (
        (BaseEventLoop, "run_in_executor"),
        (Database, "_submit"),
        (TeamThread, "submit"),
    ):
        patch.setattr(owner, name, _remembering(getattr(owner, name)))


def _remembering(method):
    def remembered(*arguments):
        future = method(*arguments)
        loop = future.get_loop()
        if isinstance(loop, VirtualTimeLoop):
            loop.handed.add(future)
        return future

    return remembered

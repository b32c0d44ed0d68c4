"""A thread for calls that wait for a server, so that the event loop never does."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class TeamThread:
    """A daemon thread that does what is submitted, in order; it does not delay the exit."""

    def __init__(self) -> None:
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def submit(self, work: Callable[[], T]) -> asyncio.Future[T]:
        """The result of work that is done on the thread, even if nobody waits for it any more."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._jobs.put(partial(_complete, future, work))
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="groqchat-team", daemon=True)
            self._thread.start()
        return future

    def close(self) -> None:
        """Let the thread end behind what was submitted."""
        self._jobs.put(None)

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()


def _complete(future: asyncio.Future[T], work: Callable[[], T]) -> None:
    loop = future.get_loop()
    try:
        result = work()
    except Exception as error:  # noqa: BLE001 - it is raised again where it is awaited
        settle = partial(_settle, future, partial(future.set_exception, error))
    else:
        settle = partial(_settle, future, partial(future.set_result, result))
    with suppress(RuntimeError):  # the loop is closed, and nobody waits
        loop.call_soon_threadsafe(settle)


def _settle(future: asyncio.Future[T], settle: Callable[[], None]) -> None:
    if not future.done():
        settle()

"""Saves a growing answer beside its stream: soon after it begins, and then about once a second."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType
    from typing import Self

# Less than a second, so that with the writing itself nothing is unwritten for longer than that.
PAUSE_S = 0.8
# The first text is painted first, and an answer that is whole by then is written once.
FIRST_PAUSE_S = 0.05


class Checkpointer:
    """Saves an answer that has grown, also when nothing more comes; the stream never waits.

    Used as ``async with``; leaving it waits for a save that has begun.

    Args:
        save: Saves the answer so far.
    """

    def __init__(self, save: Callable[[], Awaitable[None]]) -> None:
        self._save = save
        self._requested = asyncio.Event()
        self._closing = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        self._requested.set()
        if self._task is not None:
            await self._task

    def request(self) -> None:
        """Ask for a checkpoint: more has arrived."""
        self._requested.set()

    async def _run(self) -> None:
        await self._requested.wait()
        await self._pause(FIRST_PAUSE_S)
        while not self._closing.is_set():
            self._requested.clear()
            await self._save()
            await self._pause(PAUSE_S)
            await self._requested.wait()

    async def _pause(self, seconds: float) -> None:
        """Wait, at most until the answer ends."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closing.wait()

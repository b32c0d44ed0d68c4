"""Merges several streams of events into one."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable

T = TypeVar("T")


async def merge_streams(streams: Iterable[AsyncGenerator[T, None]]) -> AsyncGenerator[T, None]:
    """The events of all streams in the order in which they come; read them with ``aclosing``.

    No stream waits for another. A merged stream that is closed early stops all streams and waits
    until they have cleaned up. An error in one stream stops the others, and is raised here.
    """
    events: asyncio.Queue[T | None] = asyncio.Queue()
    tasks = [asyncio.create_task(_listen(stream, events)) for stream in streams]
    running = len(tasks)
    try:
        while running:
            event = await events.get()
            if event is not None:
                yield event
                continue
            running -= 1
            for task in tasks:
                if task.done():
                    task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in tasks:
        task.result()


async def _listen(stream: AsyncGenerator[T, None], events: asyncio.Queue[T | None]) -> None:
    try:
        async with aclosing(stream) as opened:
            async for event in opened:
                events.put_nowait(event)
    finally:
        events.put_nowait(None)

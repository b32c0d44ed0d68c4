"""Streams told as one: none waits for another, all are cleaned up."""

import asyncio
from contextlib import aclosing

import pytest

from groqchat.services.compare.merge import merge_streams


async def stream(name, log, *events, held=None):
    try:
        for event in events:
            if isinstance(event, Exception):
                raise event
            yield f"{name}{event}"
        if held is not None:
            await held.wait()
            yield f"{name}!"
    finally:
        log.append(name)


async def heard(streams):
    async with aclosing(merge_streams(streams)) as events:
        return [event async for event in events]


async def test_one_that_waits_holds_up_nobody():
    held, log, told = asyncio.Event(), [], []
    streams = [stream("a", log, held=held), stream("b", log, 1, 2, 3)]
    async with aclosing(merge_streams(streams)) as events:
        async for event in events:
            told.append(event)
            if event == "b3":
                held.set()
    assert told == ["b1", "b2", "b3", "a!"]
    assert sorted(log) == ["a", "b"]


async def test_closed_early_all_are_cleaned_up():
    log = []
    streams = [stream(name, log, 1, held=asyncio.Event()) for name in "ab"]
    async with aclosing(merge_streams(streams)) as events:
        async for _ in events:
            break
    assert sorted(log) == ["a", "b"]


async def test_what_one_raises_stops_the_others():
    log = []
    streams = [stream("a", log, 1, held=asyncio.Event()), stream("b", log, KeyError("bug"))]
    with pytest.raises(KeyError, match="bug"):
        await heard(streams)
    assert sorted(log) == ["a", "b"]

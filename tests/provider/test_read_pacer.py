"""Reads of the network that keep a distance, measured by a clock of the test's own."""

from __future__ import annotations

import asyncio
import time

import pytest

from groqchat.provider.read_pacer import INTERVAL_S, LARGE_READ, ReadPacer


@pytest.fixture
def naps(monkeypatch):
    """The waits that were asked for; none is waited."""
    waits: list[float] = []
    sleep = asyncio.sleep

    async def nap(seconds):
        waits.append(seconds)
        await sleep(0)

    monkeypatch.setattr("groqchat.provider.read_pacer.asyncio.sleep", nap)
    return waits


async def read(pacer, *reads, size=100):
    """Take pieces, so many of each read of the network; between reads the loop goes on."""
    for pieces in reads:
        for _ in range(pieces):
            await pacer.pace(b"x" * size)
        await asyncio.tasks.sleep(0)


async def test_the_first_piece_after_a_silence_is_not_held_up(naps):
    await read(ReadPacer(), 1)
    assert naps == []


async def test_a_read_shortly_after_another_is_followed_by_a_wait(naps):
    await read(ReadPacer(), 1, 1, 1)
    assert len(naps) == 2
    assert all(0 < nap <= INTERVAL_S for nap in naps)


async def test_pieces_of_one_read_wait_for_nothing(naps):
    await read(ReadPacer(), 50)
    assert naps == []


async def test_what_comes_in_plenty_is_read_at_once(naps):
    await read(ReadPacer(), 1, 1, 1, 1, size=LARGE_READ)
    assert naps == []


async def test_little_by_little_is_read_a_hundred_times_a_second_at_most():
    pacer, pieces = ReadPacer(), 0
    begin = time.monotonic()
    while time.monotonic() - begin < 10 * INTERVAL_S:
        await pacer.pace(b"token")
        pieces += 1
        await asyncio.sleep(0)
    # Two reads come before the first wait; a machine that is busy makes fewer.
    assert pieces <= 12

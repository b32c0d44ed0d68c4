"""Reads that are shared by all who ask for them meanwhile."""

import asyncio

import pytest

from groqchat.services.quota.shared_reads import SharedReads


class Source:
    """What is read takes a moment, in which more may be written."""

    def __init__(self):
        self.written = self.known = self.reads = 0
        self.fails = False

    async def read(self):
        self.reads += 1
        found = self.written
        await asyncio.sleep(0.001)
        if self.fails:
            raise OSError
        self.known = found


async def test_everybody_knows_what_was_written_before_they_asked():
    source = Source()
    reads = SharedReads(source.read)

    async def ask():
        for _ in range(10):
            source.written += 1
            mine = source.written
            await reads.join()
            assert source.known >= mine

    await asyncio.gather(*(ask() for _ in range(20)))
    assert source.reads <= 22  # of 200: who asks at the same time shares


async def test_who_reads_for_others_may_go_away():
    source = Source()
    reads = SharedReads(source.read)
    first, second = (asyncio.create_task(reads.join()) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait([second], timeout=5)
    assert second.done()
    assert first.cancelled()
    assert source.known == source.written


async def test_an_error_is_told_to_all():
    source = Source()
    source.fails = True
    reads = SharedReads(source.read)
    told = await asyncio.gather(*(reads.join() for _ in range(3)), return_exceptions=True)
    assert [type(error) for error in told] == [OSError] * 3
    source.fails = False
    await reads.join()


@pytest.mark.parametrize("number", [1, 2])
async def test_a_read_that_nobody_shares_is_made_each_time(number):
    source = Source()
    reads = SharedReads(source.read)
    for _ in range(number):
        await reads.join()
    assert source.reads == number

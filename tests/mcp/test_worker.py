"""The thread of servers ends, and what it has begun ends with it."""

import asyncio
import threading

from groqchat.mcp.worker import Worker


async def test_what_is_ending_ends_before_the_thread():
    worker, ended, begun = Worker(), threading.Event(), threading.Event()

    async def end():
        begun.set()
        await asyncio.sleep(0.05)
        ended.set()

    async def begin():
        worker.ending = asyncio.get_running_loop().create_task(end())

    before = set(threading.enumerate())
    await worker.run(begin())
    [thread] = set(threading.enumerate()) - before
    await asyncio.to_thread(begun.wait)
    worker.close()
    await asyncio.to_thread(thread.join)
    assert ended.is_set()
    assert not worker.is_running

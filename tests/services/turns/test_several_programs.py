"""Programs of one machine that share its limits, with client and server on one driven clock."""

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager

from groqchat.bootstrap import Launch, open_services
from groqchat.domain.models.catalog import Plan
from tests.services.prompt_sets.paced import BIG, in_virtual_time, numbered, pace_of, server
from tests.services.prompt_sets.test_prompt_sets import Listener, begun
from tests.services.turns.test_lanes import chat
from tests.virtual_time import watch_threads


@asynccontextmanager
async def programs(monkeypatch, groqchat_home, number):
    """The services of so many programs, with databases of their own on one file."""
    watch_threads(monkeypatch)
    groqchat_home.mkdir(exist_ok=True)
    (groqchat_home / "config.toml").write_text('plan = "free"\n')
    clock = asyncio.get_running_loop().clock
    async with server(clock, monkeypatch, Plan.FREE) as groq, AsyncExitStack() as stack:
        opened = [await stack.enter_async_context(open_services(Launch())) for _ in range(number)]
        for services in opened:
            services.clock = clock
        yield groq, opened


async def set_of(services, place, prompts):
    connection, run = await begun(services, services.clock, prompts, models=(BIG,), place=place)
    heard = await Listener(run).listen()
    await connection.close()
    return heard


def test_a_chat_comes_before_the_sets_of_other_programs(monkeypatch, groqchat_home):
    async def run():
        async with programs(monkeypatch, groqchat_home, 4) as (groq, (own, *others)):
            sets = [
                asyncio.create_task(set_of(services, f"set{n}", numbered(30)))
                for n, services in enumerate(others)
            ]
            await own.clock.sleep(20)
            connection, waits = own.connect(await own.find_key()), []
            for n in range(6):
                began = own.clock.monotonic()
                accepted, _ = await chat(own, connection, f"chat{n}", words=1)
                waits.append(accepted - began - 1.0)  # as long as the server takes
            heard = await asyncio.gather(*sets)
            await connection.close()
            pace = pace_of(groq, groqchat_home, own.clock, BIG)
            return waits, heard, pace

    waits, heard, pace = in_virtual_time(run())
    assert max(waits) <= 2.1  # a request comes back every two seconds
    assert all(each.ended == {BIG: None} for each in heard)
    assert pace.booked == {200: 96}
    assert pace.ratio <= 1 / 0.95


def test_sets_of_several_programs_that_tokens_bind_are_not_refused(monkeypatch, groqchat_home):
    async def run():
        async with programs(monkeypatch, groqchat_home, 3) as (groq, opened):
            prompts = numbered(24, words=300, answer=150)
            sets = (set_of(each, f"set{n}", prompts) for n, each in enumerate(opened))
            return await asyncio.gather(*sets), pace_of(groq, groqchat_home, opened[0].clock, BIG)

    heard, pace = in_virtual_time(run())
    assert all(each.ended == {BIG: None} for each in heard)
    assert pace.booked == {200: 72}
    assert pace.ratio <= 1.15  # a single program takes 1.09

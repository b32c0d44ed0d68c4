"""What a turn writes down is written down once."""

import asyncio
from contextlib import aclosing

from groqchat.domain.turns.chat import State
from tests.fakes import FakeProvider, answer
from tests.services.desk import Desk


async def test_a_turn_cancelled_just_after_its_answer_was_saved_is_recorded_once():
    desk = Desk(FakeProvider(answer("Because.")))
    saved, refresh = asyncio.Event(), desk.quota.follow

    async def slow_refresh(model):
        if desk.ledger.entries:
            saved.set()
            await asyncio.Event().wait()
        return await refresh(model)

    desk.quota.follow = slow_refresh

    async def listen():
        async with aclosing(desk.ask()) as events:
            async for _ in events:
                pass

    turn = asyncio.create_task(listen())
    await saved.wait()
    desk.quota.follow = refresh
    turn.cancel()
    await asyncio.gather(turn, return_exceptions=True)
    assert [entry.outcome for entry in desk.ledger.entries] == ["ok"]
    assert [message.state for message in desk.answers] == [State.COMPLETE]

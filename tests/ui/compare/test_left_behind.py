"""A comparison that is left while its answers come goes on behind the chat, and is found again."""

import asyncio
from contextlib import aclosing

import pytest

from groqchat.domain.turns.chat import Delta, State
from groqchat.provider.groq_provider import GroqProvider
from groqchat.ui.compare.screen import CompareScreen
from groqchat.ui.widgets.session_list import TurnMark
from tests.ui.chat.test_several_sessions import marks
from tests.ui.compare.driving import A, B, begin, closed, comparing, over, shown
from tests.ui.stage import groqchat, seen, until


@pytest.fixture
def gate(groq, monkeypatch):
    """Holds every answer back in its middle until it is opened."""
    opened, stream = asyncio.Event(), GroqProvider.stream

    async def paused(self, request):
        async with aclosing(stream(self, request)) as events:
            async for event in events:
                yield event
                if isinstance(event, Delta):
                    await opened.wait()

    monkeypatch.setattr(GroqProvider, "stream", paused)
    return opened


async def left_behind(pilot, screen, key="ctrl+s"):
    """The chat, while the columns are being answered behind it."""
    await begin(pilot, screen)
    await until(
        pilot, lambda: screen.is_busy and all(len(shown(c)) > 1 for c in screen.state.columns)
    )
    await pilot.press(key)
    chat = await closed(pilot)
    await until(pilot, lambda: chat.chat.compare.going_on.ids)
    await until(pilot, lambda: TurnMark.WRITING in marks(chat).values())
    return chat, screen.comparison.session.id


async def answers(chat, session_id):
    said = await chat.workspace.services.store.everything(session_id)
    return [each for each in said if each.model]


async def test_it_goes_on_to_its_end_and_its_session_opens_with_its_columns(gate):
    async with comparing(A, B) as (pilot, screen):
        chat, session_id = await left_behind(pilot, screen)
        assert chat.conversation.session.id != session_id
        assert not await chat.chat.leaving.may_end()
        await until(pilot, lambda: "Still answering: “Explain rate limits”" in seen(chat))
        gate.set()
        await until(pilot, lambda: not chat.chat.compare.going_on.ids)
        await until(pilot, lambda: TurnMark.UNREAD in marks(chat).values())
        assert not screen.is_attached
        assert [each.state for each in await answers(chat, session_id)] == [State.COMPLETE] * 2
        chat.chat.session_list.post_message(chat.chat.session_list.Chosen(session_id))
        await until(pilot, lambda: isinstance(pilot.app.screen, CompareScreen))
        await until(pilot, lambda: all(len(shown(c)) == 2 for c in pilot.app.screen.state.columns))


async def test_it_is_shown_again_while_it_is_answered_with_what_was_written_meanwhile(gate):
    async with comparing(A, B) as (pilot, screen):
        chat, session_id = await left_behind(pilot, screen, "ctrl+n")
        chat.chat.session_list.post_message(chat.chat.session_list.Chosen(session_id))
        await until(pilot, lambda: pilot.app.screen is screen)
        assert not chat.chat.compare.going_on.ids
        await pilot.press(*"next")
        gate.set()
        await over(pilot, screen)
        assert screen.prompt.text == "next"
        texts = [each.content for each in await answers(chat, session_id)]
        assert sorted(shown(column)[1] for column in screen.state.columns) == sorted(texts)
        await pilot.press("escape")
        chat = await closed(pilot)
        assert not screen.is_attached


@pytest.mark.parametrize(
    ("is_busy", "keys"), [(True, ["ctrl+n"]), (False, ["ctrl+n"]), (True, [*"/new", "enter"])]
)
async def test_a_new_session_is_begun_from_the_columns_and_not_the_one_before_them(
    gate, is_busy, keys
):
    gate.set()
    app = groqchat()
    async with app.run_test(size=(120, 40)) as pilot:
        chat = app.screen
        await until(pilot, lambda: chat.connection)
        await pilot.press(*"Before", "enter")
        await until(pilot, lambda: chat.conversation.branch.leaf_id)
        await until(pilot, lambda: not chat.conversation.is_busy)
        gate.clear()
        before = chat.conversation.session.id
        chat.chat.dispatch.run("compare", f"{A} {B}")
        await until(pilot, lambda: isinstance(app.screen, CompareScreen) and app.screen.focused)
        screen = app.screen
        await begin(pilot, screen)
        await until(pilot, lambda: screen.is_busy)
        if not is_busy:
            gate.set()
            await over(pilot, screen)
        await pilot.press(*keys)
        chat = await closed(pilot)
        await until(pilot, lambda: chat.conversation.branch.leaf_id is None)
        assert chat.workspace.composer.text == ""
        assert chat.conversation.session.id not in (before, screen.comparison.session.id)
        assert bool(chat.chat.compare.going_on.ids) == is_busy


async def test_a_session_that_is_deleted_stops_its_columns_and_keeps_what_arrived(gate):
    async with comparing(A, B) as (pilot, screen):
        chat, session_id = await left_behind(pilot, screen)
        await chat.conversation.turns.stop(session_id)
        await until(pilot, lambda: not chat.conversation.turns.is_running(session_id))
        assert {each.state for each in await answers(chat, session_id)} == {State.STOPPED}


async def test_what_arrived_is_kept_where_the_program_ends_meanwhile(gate):
    async with comparing(A, B) as (pilot, screen):
        chat, session_id = await left_behind(pilot, screen)
        store = chat.workspace.services.store
        ends = {}
        close = chat.workspace.services.close

        async def closing():
            ends.update(
                {each.id: each.state for each in await store.everything(session_id) if each.model}
            )
            await close()

        chat.workspace.services.close = closing
    assert list(ends.values()) == [State.STOPPED] * 2

"""A key that is rejected while somebody writes: the text stays where it is written."""

import pytest

from groqchat.provider.client import Client
from groqchat.ui.keys.entry import KeyScreen
from groqchat.ui.widgets.toast_cards import ErrorCard
from tests.ui.chat.test_chat_screen import ask, chatting
from tests.ui.stage import held, until

PROMPT, REJECTED = "Explain limits.", "key_rejected*1@chat"


@pytest.mark.parametrize("is_new", [True, False], ids=["a prompt", "a regenerated answer"])
async def test_no_dialog_opens_over_what_is_written_meanwhile(groq, monkeypatch, is_new):
    async with chatting() as (pilot, screen):
        if not is_new:
            await ask(pilot, screen, "Hello")
        groq.arm(REJECTED)
        released = held(monkeypatch, Client, "post_chat")
        if is_new:
            screen.composer.text = PROMPT
            await pilot.press("enter")
        else:
            answer = screen.conversation.branch.leaf_id
            screen.run_work(screen.chat.turns.regenerate(answer), group="command")
        await until(pilot, lambda: screen.conversation.is_busy)
        await until(pilot, lambda: not screen.composer.text)
        await pilot.press(*"next")
        released.set()
        await until(pilot, lambda: screen.query(ErrorCard))
        await pilot.press(*" one")
        assert pilot.app.screen is screen
        assert screen.composer.text == "next one"
        await pilot.press("f8", "k")
        await until(pilot, lambda: isinstance(pilot.app.screen, KeyScreen))


async def test_what_is_written_as_the_dialog_is_to_open_keeps_it_away(groq, monkeypatch):
    async with chatting() as (pilot, screen):
        begun = []
        events = screen.chat.handlers[0].__self__
        inner = events._replace_key

        async def typed_before(*args):
            begun.append(args)
            screen.composer.text = "next"
            await inner(*args)

        monkeypatch.setattr(events, "_replace_key", typed_before)
        groq.arm(REJECTED)
        screen.composer.text = PROMPT
        await pilot.press("enter")
        await until(pilot, lambda: begun)
        await pilot.pause()
        assert pilot.app.screen is screen
        assert screen.composer.text == "next"


async def test_where_nobody_writes_the_dialog_opens_and_the_prompt_is_kept(groq, monkeypatch):
    async with chatting() as (pilot, screen):
        groq.arm(REJECTED)
        screen.composer.text = PROMPT
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, KeyScreen))
        assert screen.composer.text == PROMPT
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert screen.composer.text == PROMPT

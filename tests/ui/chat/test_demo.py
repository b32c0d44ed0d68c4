"""The demo says that it is one: at the start, and for as long as it runs."""

import pytest

from groqchat.bootstrap import Launch, LocalServices
from tests.ui.stage import groqchat, seen, until

SIZES = [(200, 60), (120, 40), (80, 24), (40, 12)]


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_a_newcomer_is_told_that_the_answers_are_pretend_and_nothing_is_kept(size):
    app = groqchat(LocalServices(Launch(demo=True)))
    async with app.run_test(size=size) as pilot:
        chat = app.screen
        await until(pilot, lambda: chat.has_chat and chat.connection)
        told = ("groqchat demo", "are pretend", "Nothing is sent", "nothing is kept", "F1")
        await until(pilot, lambda: all(word in seen(app.screen) for word in told))
        chat.composer.text = "Hi"
        await pilot.press("enter")
        await until(pilot, lambda: chat.workspace.figures.last_turn is not None)
        mark = "demo: pretend, nothing is kept" if size[0] >= 80 else "demo · gpt-oss-120b"
        await until(pilot, lambda: mark in seen(app.screen))
        assert "groqchat demo" not in seen(app.screen)


async def test_the_mark_goes_to_the_status_line_where_the_panel_is_hidden():
    app = groqchat(LocalServices(Launch(demo=True)))
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app.screen.has_chat and app.screen.connection)
        await pilot.press("ctrl+t")
        await until(pilot, lambda: "nothing is kept · gpt-oss-120b" in seen(app.screen))


async def test_a_chat_with_a_key_says_nothing_of_a_demo(groq):
    app = groqchat()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Ask anything. What each answer" in seen(app.screen))
        await until(pilot, lambda: app.screen.has_chat and app.screen.connection)
        await until(pilot, lambda: "gpt-oss-120b" in seen(app.screen))
        assert "demo" not in seen(app.screen)


async def test_who_asks_for_the_demo_keeps_the_prompt(monkeypatch, groq):
    monkeypatch.delenv("GROQ_API_KEY")
    app = groqchat(text="Why is the sky blue?")
    async with app.run_test(size=(120, 40)) as pilot:
        # No dialog opens over a text by itself; the card leads to it.
        await until(pilot, lambda: "k new key" in seen(app.screen))
        await pilot.press("f8", "k")
        await until(pilot, lambda: "demo without a key" in seen(app.screen))
        await pilot.press("ctrl+d")
    assert (app.return_value, app.left[0]) == ("demo", "Why is the sky blue?")
    demo = groqchat(LocalServices(Launch(demo=True)), text=app.left[0])
    async with demo.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: demo.screen.connection)
        assert demo.screen.composer.text == "Why is the sky blue?"

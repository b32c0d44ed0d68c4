"""One letter on a message or a toast acts; several in a row are a prompt."""

from contextlib import asynccontextmanager

import pytest
from textual.events import Key

from groqchat.ui.transcript.view import Transcript
from groqchat.ui.widgets.prompt_area import PromptArea
from groqchat.ui.widgets.toast_cards import ErrorCard
from tests.ui.chat.test_type_ahead import started, typed
from tests.ui.stage import groqchat, seen, until


async def answered(pilot, prompt="Explain rate limits"):
    await started(pilot)
    chat = pilot.app._chat
    await pilot.press(*prompt.replace(" ", ""), "enter")
    await until(pilot, lambda: chat.conversation.branch.leaf_id and not chat.conversation.is_busy)
    return chat


async def test_what_is_typed_on_a_message_is_a_prompt_and_costs_nothing(groq):
    app = groqchat()
    async with app.run_test(size=(120, 40)) as pilot:
        chat = await answered(pilot)
        leaf = chat.conversation.branch.leaf_id
        await pilot.press("tab")
        await until(pilot, lambda: isinstance(app.focused, Transcript))
        for key in typed("regenerate"):
            app.post_message(key)
        await until(pilot, lambda: chat.composer.text == "regenerate")
        assert chat.conversation.branch.leaf_id == leaf
        assert isinstance(app.focused, PromptArea)


async def test_a_command_typed_behind_a_prompt_that_failed_is_a_command(groq):
    """The error has the focus, so that the letters come to the composer by way of its card."""
    prompt = "simulate: too_large"
    app = groqchat()
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        chat = app._chat
        for key in typed(prompt + "\n"):
            app.post_message(key)
        await until(pilot, lambda: "Request too large" in seen(app.screen))
        await until(pilot, lambda: isinstance(app.focused, ErrorCard))
        for said, command in (("10.00", "/budget 10\n"), ("20.00", "/budget 20\n")):
            for key in typed(command):
                app.post_message(key)
            await until(pilot, lambda said=said: said in seen(app.screen))
            await until(pilot, lambda: chat.composer.text == prompt)
        # A command that is refused comes back to be changed; the prompt follows once it is gone.
        for key in typed("/effort nonsense\n"):
            app.post_message(key)
        await until(pilot, lambda: chat.composer.text == "/effort nonsense")
        await pilot.press("ctrl+u")
        await until(pilot, lambda: chat.composer.text == prompt)
        for key in typed("/budget 30\n"):
            app.post_message(key)
        await until(pilot, lambda: "30.00" in seen(app.screen))
        await until(pilot, lambda: chat.composer.text == prompt)
        await pilot.press("slash")
        await until(pilot, lambda: chat.composer.text == "/")
        await pilot.press("backspace")
        await until(pilot, lambda: chat.composer.text == prompt)
        await pilot.press("slash")
        assert chat.composer.text == prompt + "/", "a slash taken back is a letter"


@asynccontextmanager
async def waiting(groq):
    """The chat with a wait in sight, and the focus in its empty composer."""
    app = groqchat()
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        groq.arm("rate_limited=50*1")
        await pilot.press(*"hello", "enter")
        await until(pilot, lambda: "r now" in seen(app.screen))
        app._chat.prompt.focus()
        yield pilot, app, app._chat


async def test_a_key_that_a_wait_names_acts_from_the_empty_composer(groq):
    async with waiting(groq) as (pilot, app, chat):
        app.post_message(Key("r", "r"))
        await until(pilot, lambda: "r now" not in seen(app.screen))
        assert chat.composer.text == ""


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 12)], ids=str)
async def test_the_keys_of_a_message_are_named_while_it_has_the_focus(groq, size):
    app = groqchat()
    async with app.run_test(size=size) as pilot:
        chat = await answered(pilot, "write some code")
        estimate = chat.composer.query_one("#estimate")
        assert "edit" not in str(estimate.render())
        await pilot.press("tab")
        await until(pilot, lambda: "e edit  r regenerate  c copy" in seen(app.screen))
        await pilot.press("tab")
        await until(pilot, lambda: "e edit" not in seen(app.screen))
        assert app.focused is chat.prompt


async def test_letters_that_move_on_a_message_are_written_where_others_follow(groq, monkeypatch):
    monkeypatch.setattr("groqchat.ui.widgets.lone_letter.ALONE_S", 1.0)  # for slow machines
    app = groqchat()
    async with app.run_test(size=(120, 40)) as pilot:
        chat = await answered(pilot)
        transcript = chat.conversation.transcript
        for words in ("just so", "kk and jj", "9", "1 more", "[x] done"):
            transcript.focus()
            await until(pilot, lambda: app.focused is transcript)
            for key in typed(words):
                app.post_message(key)
            await until(pilot, lambda words=words: chat.composer.text == words)
            chat.composer.text = ""
        transcript.focus()
        first, last = transcript.entries[0].id, transcript.entries[-1].id
        app.post_message(Key("k", "k"))
        await until(pilot, lambda: transcript.current == first)
        app.post_message(Key("j", "j"))
        await until(pilot, lambda: transcript.current == last)
        assert chat.composer.text == ""


async def test_a_letter_right_behind_others_is_one_of_them(groq):
    async with waiting(groq) as (pilot, app, chat):
        await pilot.pause()
        for letter in "tier":
            app.post_message(Key(letter, letter))
        await until(pilot, lambda: chat.composer.text == "tier")
        assert "r now" in seen(app.screen)

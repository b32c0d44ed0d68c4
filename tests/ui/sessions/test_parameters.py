"""Parameters of a session: one by its name, all in a form, kept with the session."""

import pytest

from groqchat.ui.dialogs.details import MessageDetails
from groqchat.ui.dialogs.parameters import ParametersForm
from tests.ui.chat.test_chat_screen import ask, chatting
from tests.ui.chat.test_session_options import command, shown
from tests.ui.stage import seen, until

NAMES = ("temperature", "top_p", "seed", "stop", "reasoning_format", "include_reasoning")


def sent(body):
    return {name: body[name] for name in NAMES if name in body}


async def test_what_is_set_is_sent_kept_and_remembered_by_the_answer(groq, asked):
    async with chatting() as (pilot, screen):
        await command(pilot, screen, "/set temperature 0.2")
        await command(pilot, screen, '/set stop END, "\\n\\n"')
        await command(pilot, screen, "/set reasoning-format hidden")
        told = {"temperature": 0.2, "stop": ["END", "\n\n"], "include_reasoning": False}
        await ask(pilot, screen, "One")
        assert sent(asked[-1]) == told
        answer = (await screen.conversation.branch.end_at(screen.conversation.branch.leaf_id))[-1]
        assert sent(answer.asked_with) == told
        session_id = screen.conversation.session.id
        await command(pilot, screen, "/new")
        await ask(pilot, screen, "Other")
        assert sent(asked[-1]) == {}
        await screen.chat.opening.open(session_id)
        await command(pilot, screen, "/set stop off")
        await until(pilot, lambda: "stop: reset to the server's default" in shown(screen))
        await ask(pilot, screen, "Two")
        del told["stop"]
        assert sent(asked[-1]) == told
        await command(pilot, screen, "/set temperature")
        takes = "temperature: 0.2. openai/gpt-oss-120b takes a number from 0 to 2. /set temperature"
        await until(pilot, lambda: takes in shown(screen))
        await command(pilot, screen, "/model qwen3.8-27b")
        await command(pilot, screen, "/set reasoning_format raw")
        await command(pilot, screen, "/model gpt-oss-120b")
        await command(pilot, screen, "/set max_tokens 60,000")
        await command(pilot, screen, "/model qwen3.8-27b")
        said = "Its answers have 16,384 tokens at most, not 60,000."
        await until(pilot, lambda: said in shown(screen))
        await command(pilot, screen, "/model gpt-oss-120b")
        await until(pilot, lambda: "reasoning_format is not sent: openai" in shown(screen))
        head = screen.chat.panel.quota.render().plain
        assert "temperature 0.2" in head
        assert "reasoning format raw, not sent" in head


@pytest.mark.parametrize("size", [(120, 40), (40, 12)])
async def test_the_form_has_what_the_model_takes_and_refuses_the_rest(groq, size):
    async with chatting(size) as (pilot, screen):
        screen.composer.text = "/set"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ParametersForm))
        form = pilot.app.screen
        await until(pilot, lambda: "Takes low, medium, high." in " ".join(seen(form).split()))
        await pilot.press(*"low", "tab", "tab", *"3", "enter")
        await until(pilot, lambda: "temperature 3: " in seen(form))
        await pilot.press("backspace", *"0.5", "tab", "tab", *"7", "enter")
        await until(pilot, lambda: pilot.app.screen is screen)
        options = screen.conversation.options
        assert (options.effort, options.temperature, options.seed) == ("low", 0.5, 7)
        said = "Changed in this session: effort, temperature, seed."
        await until(pilot, lambda: said in shown(screen))


async def test_what_cannot_be_set_is_given_back_to_be_changed(groq):
    async with chatting() as (pilot, screen):
        for written, told in (
            ("/set top_p 2", "/set: top_p 2: openai/gpt-oss-120b takes a number from 0 to 1."),
            ("/set tmperature 1", "/set: no parameter is called tmperature; did you mean temp"),
        ):
            screen.composer.text = written
            await pilot.press("enter")
            await until(pilot, lambda told=told: told in shown(screen))
            assert screen.composer.text == written


async def test_the_details_of_an_answer_tell_what_it_was_asked_with(groq):
    async with chatting((40, 12)) as (pilot, screen):
        await command(pilot, screen, "/info")
        await until(pilot, lambda: "There is no answer yet." in shown(screen))
        await command(pilot, screen, "/set temperature 0.2")
        await ask(pilot, screen, "One")
        screen.composer.text = "/info"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, MessageDetails))
        await pilot.press("end")
        await until(pilot, lambda: "temperature 0.2" in seen(pilot.app.screen))
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)
        await pilot.press("tab", "i")
        await until(pilot, lambda: isinstance(pilot.app.screen, MessageDetails))
        await until(pilot, lambda: "tokens in" in seen(pilot.app.screen))

"""Named prompts in the chat: chosen, filled in, edited; mistakes are said and nothing is lost."""

import pytest

from groqchat.storage.settings.paths import folders
from groqchat.ui.prompts.form import VariablesForm
from groqchat.ui.prompts.picker import PromptPicker
from tests.ui.chat.test_chat_screen import chatting
from tests.ui.chat.test_session_options import command, shown
from tests.ui.stage import seen, until

REVIEW = """\
---
description: A review
system: terse
temperature: 0.2
---
Review this {{language=Python}} code for {{aspect}}:

{{input}}

Be kind.
"""


@pytest.fixture
def prompts(groqchat_home):
    """A folder with a template and a system prompt."""
    folder = folders().prompts
    folder.joinpath("system").mkdir(parents=True)
    folder.joinpath("review.md").write_text(REVIEW)
    folder.joinpath("system", "terse.md").write_text("Be terse\x07 in {{tongue=English}}.")
    return folder


async def opened(pilot, window):
    await until(pilot, lambda: isinstance(pilot.app.screen, window))
    return pilot.app.screen


@pytest.mark.parametrize("size", [(120, 40), (40, 12)])
async def test_a_template_is_chosen_filled_in_and_stands_in_the_composer(groq, prompts, size):
    async with chatting(size) as (pilot, screen):
        screen.composer.text = "/prompts"
        await pilot.press("enter")
        picker = await opened(pilot, PromptPicker)
        await until(pilot, lambda: "system/terse" in seen(picker))
        await pilot.press(*"revi")
        await until(pilot, lambda: "asks for language, aspect and input" in seen_words(picker))
        await pilot.press("enter")
        form = await opened(pilot, VariablesForm)
        await until(pilot, lambda: "≈ " in seen(form))
        await pilot.press("enter")
        await until(pilot, lambda: "Needed: aspect." in seen(form))
        await pilot.press(*"style")
        await until(pilot, lambda: "code for style" in seen_words(form))
        await pilot.press("enter")
        text = "Review this Python code for style:\n\n{}\n\nBe kind."
        await until(pilot, lambda: screen.composer.text == text.format(""))
        await pilot.press(*"x = 1")
        assert screen.composer.text == text.format("x = 1")
        options = screen.conversation.options
        assert (options.temperature, options.system) == (0.2, "Be terse in English.")
        said = "Set by review, in this session: temperature, system prompt."
        await until(pilot, lambda: said in shown(screen))


def seen_words(screen):
    return " ".join(seen(screen).replace("│", " ").split())


async def test_what_is_written_already_is_the_input(groq, prompts):
    prompts.joinpath("short.md").write_text("Explain {{input}} to a child.")
    async with chatting() as (pilot, screen):
        screen.composer.text = "monads"
        screen.chat.dispatch.run("prompts", argument="short")
        await until(pilot, lambda: screen.composer.text == "Explain monads to a child.")
        prompts.joinpath("plain.md").write_text("In one line:")
        screen.chat.dispatch.run("prompts", argument="plain")
        text = "In one line:\n\nExplain monads to a child."
        await until(pilot, lambda: screen.composer.text == text)
        await pilot.pause()


async def test_a_system_prompt_becomes_that_of_the_session(groq, prompts):
    prompts.joinpath("system", "rhyme.md").write_text("Rhyme.")
    async with chatting() as (pilot, screen):
        await command(pilot, screen, "/prompts system/rhyme")
        await until(pilot, lambda: "System prompt system/rhyme set" in shown(screen))
        assert screen.conversation.options.system == "Rhyme."


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("/prompts rewiew", "/prompts: no template is called rewiew; did you mean review?"),
        ("/prompts broken", "broken.md: line 2: sed is no field of the front matter"),
        ("/prompts hot", "hot.md: line 2: temperature 9: a model takes a number from 0"),
        ("/prompts edit a/b", "'a/b' is no name of a prompt"),
    ],
)
async def test_what_cannot_be_used_is_said_and_the_command_given_back(groq, prompts, written, told):
    prompts.joinpath("broken.md").write_text("---\nsed: 1\n---\nHi")
    prompts.joinpath("hot.md").write_text("---\ntemperature: 9\n---\nHi")
    async with chatting() as (pilot, screen):
        screen.composer.text = written
        await pilot.press("enter")
        await until(pilot, lambda: told in shown(screen))
        assert screen.composer.text == written


async def test_a_prompt_is_edited_and_a_new_one_begun(groq, prompts):
    async with chatting() as (pilot, screen):
        actions, given = screen.chat.composing.prompts, []

        def edit(text):
            given.append(text)
            return "Hello {{name}}"

        actions._edit = edit
        await command(pilot, screen, "/prompts edit hello")
        await until(pilot, lambda: "Saved. /prompts hello uses it." in shown(screen))
        assert prompts.joinpath("hello.md").read_text() == "Hello {{name}}\n"
        assert "{{topic}}" in given[0]
        screen.composer.text = "/prompts"
        await pilot.press("enter")
        picker = await opened(pilot, PromptPicker)
        await pilot.press("f3")
        await until(pilot, lambda: "Type a name first." in seen(picker))
        await pilot.press(*"hello", "f2")
        await until(pilot, lambda: "Nothing was changed." in shown(screen))
        assert given[1] == "Hello {{name}}\n"
        assert "hello" in list(actions.words())

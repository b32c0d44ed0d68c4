"""What is written with a slash: a command, a prompt, or something that is asked about first."""

import pytest

from groqchat.ui.commands import BY_SLASH
from groqchat.ui.compare.screen import CompareScreen
from groqchat.ui.models.picker import ModelPicker
from groqchat.ui.slash import doubt_of, read_slash
from tests.ui.chat.test_chat_screen import chatting
from tests.ui.stage import seen, until

PROMPTS = (
    "/quit smoking: how?",
    "/new york in spring",
    "/continue the story with a dragon",
    "/retry the build on Monday or Tuesday?",
    "/tmp is full, what now?",
    "/clear\nwater",
    "/system\nand its parts",
    "/etc/hosts",
    "/readme.md",
    "/modle of the universe",
    "/42",
)


@pytest.mark.parametrize("text", PROMPTS)
def test_what_is_no_command_is_a_prompt(text):
    assert read_slash(text) is None
    assert not doubt_of(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("/modle", "did you mean /model?"),
        ("/modle 20b", "did you mean /model?"),
        ("/serach dragons", "did you mean /search?"),
        ("/clera", "did you mean /clear?"),
        ("/se", "did you mean /set, /sessions, …?"),
        ("/ses", "did you mean /sessions?"),
        ("exit", "exit: did you mean /quit?"),
        ("/nosuchword", "There is no command /nosuchword; /help lists them."),
        ("/tier that into French", "/tier takes one word at most."),
    ],
)
def test_what_may_be_a_command_is_asked_about(text, meant):
    assert read_slash(text) is None
    assert doubt_of(text).partition("Enter")[0].endswith(f"{meant} ")


@pytest.mark.parametrize("word", BY_SLASH)
def test_a_command_is_one_with_as_many_words_as_it_takes(word):
    command = BY_SLASH[word]
    behind = " ".join(["word"] * min(command.words, 12))
    assert read_slash(f" /{word.upper()} {behind} ").command is command
    assert read_slash(f"/{word} {behind}").argument == behind


async def test_prompts_that_begin_like_a_command_are_sent(groq):
    async with chatting() as (pilot, screen):
        conversation = screen.conversation
        for number, text in enumerate(PROMPTS[:5], 1):
            screen.composer.text = text
            await pilot.press("enter")
            await until(pilot, lambda n=number: len(conversation.transcript.entries) == 2 * n)
            await until(pilot, lambda: not conversation.is_busy)
            await until(pilot, lambda: not screen.composer.text)
        prompts = await screen.workspace.services.drafts.prompts()
        assert set(prompts) == set(PROMPTS[:5])


async def test_a_near_miss_stays_until_enter_again_sends_it(groq):
    async with chatting() as (pilot, screen):
        transcript = screen.conversation.transcript
        screen.composer.text = "/modle 20b"
        await pilot.press("enter")
        await until(pilot, lambda: "did you mean /model? Enter again sends" in seen(screen))
        assert screen.composer.text == "/modle 20b"
        screen.composer.text = "/cost"  # something else comes between
        await pilot.press("enter")
        await until(pilot, lambda: "This session: $0" in seen(screen))
        screen.composer.text = "/modle 20b"
        await pilot.press("enter")
        await pilot.pause()
        assert (screen.composer.text, len(transcript.entries)) == ("/modle 20b", 0)
        await pilot.press("enter")
        await until(pilot, lambda: len(transcript.entries) == 2)
        assert transcript.source(transcript.entries[0].id) == "/modle 20b"


async def test_what_is_typed_behind_a_command_stays(groq):
    async with chatting() as (pilot, screen):
        screen.composer.text = "/cost"
        screen.chat.prompting.submit("/cost")
        screen.composer.text = "/costand then"  # typed before the command was read
        screen.chat.prompting.submit("/cost")
        await until(pilot, lambda: "This session" in seen(screen))
        assert screen.composer.text == "and then"


async def test_a_comparison_reads_prompts_by_the_same_rule(groq):
    async with chatting() as (pilot, chat):
        chat.composer.text = "/compare openai/gpt-oss-120b openai/gpt-oss-20b"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, CompareScreen))
        screen = pilot.app.screen
        screen.prompt.write("/modle")
        await pilot.press("enter")
        await until(pilot, lambda: "did you mean /model? Enter again sends" in seen(screen))
        assert (screen.prompt.text, screen.comparison.turn) == ("/modle", 0)
        screen.prompt.write("/quit smoking: how?")
        await pilot.press("enter")
        await until(pilot, lambda: screen.comparison.turn == 1 and not screen.is_busy)
        assert await screen.services.drafts.prompts() == ["/quit smoking: how?"]


@pytest.mark.parametrize(("word", "first"), [("vision", "qwen/qwen3.8-27b"), ("coding", "gpt-oss")])
async def test_what_models_are_for_lists_them(groq, word, first):
    async with chatting() as (pilot, screen):
        screen.composer.text = f"/model {word}"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ModelPicker))
        assert pilot.app.screen.line.value == word
        await until(pilot, lambda: first in (pilot.app.screen.highlighted or ""))
        await pilot.press("enter")
        await until(pilot, lambda: first in screen.conversation.options.model)


async def test_a_model_is_named_in_the_chat_as_everywhere(groq):
    async with chatting() as (pilot, screen):
        for words, said in (
            ("/model whisper-large-v3", "does not chat"),
            ("/model 0b", "'0b' may be"),
        ):
            screen.composer.text = words
            await pilot.press("enter")
            await until(pilot, lambda said=said: said in seen(screen))
            assert screen.composer.text == words  # to be changed
            assert "gpt-oss-120b" in screen.conversation.options.model
        screen.composer.text = "/model openai/gpt-os-20b"
        await pilot.press("enter")
        await until(pilot, lambda: screen.conversation.options.model == "openai/gpt-os-20b")
        await until(pilot, lambda: "openai/gpt-oss-20b?" in seen(screen))
        screen.composer.text = "/model 20b"
        await pilot.press("enter")
        await until(pilot, lambda: screen.conversation.options.model == "openai/gpt-oss-20b")

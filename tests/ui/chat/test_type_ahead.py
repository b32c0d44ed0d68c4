"""What is typed right behind a command goes on in what the command opens, whole and in order."""

import unicodedata

import pytest
from textual.events import Key, Paste
from textual.widgets import Input

from groqchat.ui.commands import COMMANDS
from groqchat.ui.terminal.active_screen import write_on
from tests.ui.chat.test_chat_screen import chatting
from tests.ui.stage import groqchat, seen, until


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    """A folder of the test's own: ``/backup`` writes where the program was started."""
    monkeypatch.chdir(tmp_path)


WORDS = "hello brave new world"
# Commands that leave the chat, or act on what was typed before.
ELSEWHERE = {"quit", "settings", "editor", "incognito"}
NAMES = {"\n": "enter", "/": "slash", " ": "space"}


def typed(text):
    return [Key(NAMES.get(letter, letter), "\r" if letter == "\n" else letter) for letter in text]


def written(app):
    """All that stands in fields, in all windows, the uppermost last."""
    fields = [field for screen in app.screen_stack for field in screen.query("Input, TextArea")]
    return [field.value if isinstance(field, Input) else field.text for field in fields]


async def started(pilot):
    await until(pilot, lambda: pilot.app._chat.has_chat and pilot.app._chat.connection)


async def type_behind(keys, *, size=(120, 40)):
    """Everything at once, as a terminal hands on what was typed while it was busy."""
    app = groqchat()
    async with app.run_test(size=size) as pilot:
        await started(pilot)
        for key in [*keys, *typed(WORDS)]:
            app.post_message(key)
        await until(pilot, lambda: any(WORDS[-5:] in text for text in written(app)))
        return [text for text in written(app) if text], app.screen


@pytest.mark.parametrize(
    "slash", [one.slash for one in COMMANDS if one.slash and one.id not in ELSEWHERE]
)
async def test_letters_behind_a_command_follow_it(groq, slash):
    texts, _ = await type_behind(typed(f"/{slash}\n"))
    assert texts in ([WORDS], [f"/{slash} {WORDS}"])  # a command that lacks its argument stays


KEYS = {key: one.id for one in COMMANDS for key in one.keys.split(",")[:1] if key}


@pytest.mark.parametrize("key", [key for key, command in KEYS.items() if command not in ELSEWHERE])
async def test_letters_behind_a_key_follow_what_it_opens(groq, key):
    texts, _ = await type_behind([Key(key, None)])
    assert texts == [WORDS]


async def test_letters_behind_a_comparison_are_its_prompt(groq):
    texts, screen = await type_behind(typed("/compare gpt-oss-20b gpt-oss-120b\n"))
    assert (texts, screen.prompt.text) == ([WORDS], WORDS)


async def test_keys_in_one_read_act_on_the_row_that_each_was_meant_for(groq):
    """Down and Tab mark the row below, not the one that had the highlight before."""
    app = groqchat()
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        app.post_message(Key("ctrl+k", None))
        await until(pilot, lambda: "1 of 8 marked" in seen(app.screen))
        for key in ("down", "tab", "down", "tab"):
            app.post_message(Key(key, None))
        await until(pilot, lambda: "3 of 8 marked" in seen(app.screen))


@pytest.mark.parametrize("key", ["f1", "ctrl+f", "ctrl+s"])
async def test_all_lines_of_a_paste_are_taken_whatever_is_open(groq, key):
    """By the prompt where nothing can be written, as one line by a field."""
    app = groqchat()
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        app.post_message(Key(key, None))
        app.post_message(Paste("hello\nbrave"))
        app.post_message(Paste(" world"))
        await until(pilot, lambda: any("world" in text for text in written(app)))
        texts = [text for text in written(app) if text]
        assert texts in (["hello brave world"], ["hello\nbrave world"])


async def test_a_letter_is_written_where_the_focus_went_while_it_was_on_its_way(groq):
    app = groqchat()
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        app.screen.set_focus(app.screen.prompt)  # it was elsewhere when the key was pressed
        write_on(app.screen, Key("x", "x"))
        await until(pilot, lambda: app.screen.prompt.text == "x")


async def test_a_prompt_typed_at_once_waits_until_the_name_of_the_model_is_an_id(groq):
    """The list of a server that is not Groq's says only later what a short name means."""
    app = groqchat(model="allam")
    async with app.run_test(size=(120, 40)) as pilot:
        for key in typed("hi\n"):
            app.post_message(key)
        await until(pilot, lambda: app.screen.composer.text == "" and "tok/s" in seen(app.screen))
        assert app.screen.conversation.options.model == "allam-2-7b"


async def test_a_name_that_means_several_models_is_told_and_the_prompt_stays(groq):
    app = groqchat(model="gpt-oss")
    async with app.run_test(size=(120, 40)) as pilot:
        for key in typed("hi\n"):
            app.post_message(key)
        await until(pilot, lambda: "write more of it" in seen(app.screen))
        await until(pilot, lambda: app.screen.composer.text == "hi")
        assert app.screen.conversation.branch.leaf_id is None


async def test_characters_that_are_not_seen_alone_are_typed_like_others(groq):
    async with chatting() as (pilot, screen):
        text = "می\u200cخواهم 👩\u200d💻 10\u00a0km"
        for character in text:
            pilot.app.post_message(Key(unicodedata.name(character).lower(), character))
        await until(pilot, lambda: screen.composer.text == text)

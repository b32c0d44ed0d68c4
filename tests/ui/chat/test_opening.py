"""Keys that come before there is anything to take them, and the look of the first frame."""

import asyncio
import threading

from textual.events import Key, Paste

from groqchat.bootstrap import Launch, LocalServices
from groqchat.storage.first_frame import FirstFrameSettings, read_first_frame_settings
from groqchat.ui.app import GroqchatApp
from groqchat.ui.chat.opening import EarlyKeys, Opening
from tests.ui.stage import seen, until


def letter(character):
    return Key(character, character)


ENTER = Key("enter", "\r")


class TestEarlyKeys:
    def test_letters_wait_for_the_composer_and_what_acts_for_everything(self):
        keys = EarlyKeys()
        typed = [letter("h"), Paste("i"), ENTER, letter("x"), Key("ctrl+l", None)]
        assert all(keys.hold(event) for event in typed)
        assert keys.composer_is_there() == typed[:2]
        assert keys.all_is_there() == typed[2:]
        assert not keys.hold(ENTER)

    def test_letters_pass_until_something_acts(self):
        keys = EarlyKeys()
        assert keys.composer_is_there() == []
        assert not keys.hold(letter("a"))
        assert not keys.hold(Key("backspace", "\x7f"))
        assert keys.hold(ENTER)
        assert keys.hold(letter("b")), "what follows Enter must not overtake it"
        assert [event.key for event in keys.all_is_there()] == ["enter", "b"]

    def test_enter_that_the_terminal_made_a_line_feed_of_is_enter(self):
        keys = EarlyKeys()
        keys.hold(Key("ctrl+j", "\n"))
        keys.composer_is_there()
        assert keys.hold(Key("ctrl+j", "\n")), "a line break that is meant acts on the text"
        assert [event.key for event in keys.all_is_there()] == ["enter", "ctrl+j"]


async def test_one_types_and_sends_before_anything_else_is_loaded(groq):
    loaded = threading.Event()

    def load():
        loaded.wait()
        return LocalServices(Launch())

    app = GroqchatApp(load, Opening())
    async with app.run_test(size=(120, 40)) as pilot:
        # What waits is not pressed by the pilot, which waits for it.
        for key in (*"Hello", "enter", *"/and more"):
            app.post_message(Key(key, "\r" if key == "enter" else key))
        await until(pilot, lambda: app.screen.composer.text == "Hello")
        assert not app.screen.has_chat
        loaded.set()
        await until(pilot, lambda: app.screen.has_chat and app.screen.connection)
        await until(pilot, lambda: "tok/s" in seen(app.screen))
        assert app.screen.conversation.branch.leaf_id
        assert app.screen.composer.text == "/and more"


async def test_leaving_before_anything_is_loaded_is_no_error():
    app = GroqchatApp(lambda: LocalServices(Launch()), Opening())
    async with asyncio.timeout(20), app.run_test():
        app.exit()
    assert app.return_code == 0


class TestLook:
    def test_theme_and_keys_are_read(self, tmp_path):
        file = tmp_path / "config.toml"
        file.write_text(
            'theme = "midnight"\nsend_with_enter = false\nshow_panel = false\n'
            'composer_keys = "vi"\nmotion = "reduced"\n[keys]\nnew = "f5"\n'
        )
        assert read_first_frame_settings(file) == FirstFrameSettings(
            "midnight", {"new": "f5"}, False, False, True, "vi", "reduced"
        )

    def test_whatever_is_wrong_is_as_if_not_written(self, tmp_path):
        file = tmp_path / "config.toml"
        default = FirstFrameSettings("", {}, True, True, True, "default", "full")
        assert read_first_frame_settings(file) == default
        wrong = "theme = 1\nkeys = 2\nsend_with_enter = 3\ncomposer_keys = 4\nmotion = 5"
        for text in ("theme = [", wrong, "\ufeff"):
            file.write_text(text)
            assert read_first_frame_settings(file) == default

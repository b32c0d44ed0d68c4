"""F1 in every window: what it is for, its keys, its guide."""

import importlib
import pkgutil

from textual.screen import Screen

from groqchat import ui
from groqchat.catalog.guides import GUIDES
from groqchat.ui.dialogs.dialog import Dialog
from groqchat.ui.dialogs.guides import GuideScreen
from groqchat.ui.dialogs.help import OF_MESSAGES, OF_THE_LIST, HelpScreen
from groqchat.ui.dialogs.picker import FewPicker, LivePicker, Picker
from groqchat.ui.dialogs.window_help import Explained, WindowHelp
from groqchat.ui.settings.settings_window import SettingsWindow
from tests.ui.stage import groqchat, seen, until

FRAMES = {Dialog, Picker, FewPicker, LivePicker, SettingsWindow}
# Screens that fill the terminal: their F1 lists all commands.
WHOLE = {"ChatScreen", "CompareScreen", "PaintsOnce"}


def subclasses(cls):
    for one in cls.__subclasses__():
        yield one
        yield from subclasses(one)


def windows():
    """All windows and screens of the program."""
    for module in pkgutil.walk_packages(ui.__path__, "groqchat.ui."):
        importlib.import_module(module.name)
    ours = (one for one in subclasses(Screen) if one.__module__.startswith("groqchat."))
    return sorted(set(ours) - FRAMES, key=lambda window: window.__name__)


def test_every_window_says_what_it_is_for_and_names_its_guide():
    explained = [one for one in windows() if one.__name__ not in WHOLE]
    explained = [one for one in explained if not getattr(one, "is_help", False)]
    assert len(explained) > 40
    for window in explained:
        assert "purpose" in vars(window), f"{window} needs its own words"
        assert window.purpose.endswith(".")
        assert 20 < len(window.purpose) < 140, window
        assert window.purpose.count(". ") < 2, window
        assert window.guide in {"", *GUIDES}, window
        keys = {key for each in window.BINDINGS for key in getattr(each, "key", "").split(",")}
        assert "f1" not in keys, window


async def test_f1_explains_what_is_on_top_and_closes_it_again(groq):
    app = groqchat()
    async with app.run_test(size=(40, 12)) as pilot:
        await until(pilot, lambda: app.screen_stack[0].has_chat)
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, Explained))
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(app.screen, WindowHelp))
        await pilot.pause()
        text = seen(app.screen)
        assert "Help: Command palette" in text
        assert "Everything the chat can do" in text
        await pilot.press("f1")
        await until(pilot, lambda: not isinstance(app.screen, WindowHelp))
        await pilot.press("escape", "ctrl+l")
        await until(pilot, lambda: isinstance(app.screen, Picker))
        picker = app.screen
        await pilot.press("2", "0", "f1")
        await until(pilot, lambda: isinstance(app.screen, WindowHelp))
        await pilot.pause()
        assert "Ctrl+F" in seen(app.screen)
        await pilot.press("g")
        await until(pilot, lambda: isinstance(app.screen, GuideScreen))
        await pilot.press("f1")
        await until(pilot, lambda: app.screen is picker)
        assert picker.line.value == "20"


async def test_the_users_own_key_for_the_help_acts_in_windows_too(groq):
    app = groqchat(keys={"help": "f2"})
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen_stack[0].has_chat)
        await pilot.press("ctrl+l")
        await until(pilot, lambda: isinstance(app.screen, Picker))
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, WindowHelp))
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, Picker))


async def test_the_help_of_the_chat_begins_with_what_has_the_focus(groq):
    app = groqchat()
    async with app.run_test(size=(200, 40)) as pilot:
        screen = app.screen_stack[0]
        await until(pilot, lambda: screen.has_chat and screen.connection)
        await pilot.press("h", "i", "enter")
        await until(pilot, lambda: "first token" in seen(screen))
        for key, heading in [
            ("left", "This session is asked with"),
            ("tab", OF_MESSAGES),
            ("ctrl+s", OF_THE_LIST),
        ]:
            await pilot.press(key)
            await pilot.pause()
            await pilot.press("f1")
            await until(pilot, lambda: isinstance(app.screen, HelpScreen))
            await pilot.pause()
            help_text = app.screen.query_one("#help").content.plain
            assert help_text.startswith("You write at the bottom")
            assert help_text.split("\n\n")[1].startswith(heading)
            await pilot.press("f1")
            await until(pilot, lambda: app.screen is screen)

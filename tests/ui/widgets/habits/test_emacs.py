"""Emacs' keys in the composer, and the commands that make way for them."""

from groqchat.ui.settings.screen import SettingsScreen
from groqchat.ui.widgets.keymap import EMACS_KEYS, keys_in_force, other_keys
from tests.ui.chat.test_chat_screen import chatting
from tests.ui.stage import seen, until


async def typed(pilot, area, *keys):
    await pilot.press(*keys)
    return area.text, area.cursor_location


async def test_the_composer_moves_kills_and_yanks_as_emacs_does(groq):
    async with chatting(composer_keys="emacs") as (pilot, screen):
        area = screen.composer.area
        area.text = "one two\nthree four"
        area.move_cursor((0, 0))
        assert await typed(pilot, area, "ctrl+f", "ctrl+n") == ("one two\nthree four", (1, 1))
        assert (await typed(pilot, area, "ctrl+p", "ctrl+b"))[1] == (0, 0)
        assert (await typed(pilot, area, "alt+f", "ctrl+e"))[1] == (0, 7)
        assert (await typed(pilot, area, "alt+b", "ctrl+a"))[1] == (0, 0)
        assert (await typed(pilot, area, "alt+greater_than_sign"))[1] == (1, 10)
        assert (await typed(pilot, area, "alt+less_than_sign"))[1] == (0, 0)
        # Several kills in a row come back together; at its end a line is joined with the next.
        assert (await typed(pilot, area, "ctrl+k", "ctrl+k"))[0] == "three four"
        assert (await typed(pilot, area, "ctrl+e", "ctrl+y"))[0] == "three fourone two\n"
        assert (await typed(pilot, area, "ctrl+underscore"))[0] == "three four"
        assert (await typed(pilot, area, "ctrl+e", "ctrl+w", "ctrl+w"))[0] == ""
        assert (await typed(pilot, area, "ctrl+y", "ctrl+y"))[0] == "three fourthree four"
        assert (await typed(pilot, area, "ctrl+u", "ctrl+y", "ctrl+a", "ctrl+d"))[0] == (
            "hree fourthree four"
        )
        assert (await typed(pilot, area, "alt+d"))[0] == " fourthree four"


async def test_commands_have_other_keys_meanwhile_and_theirs_again_afterwards(groq, groqchat_home):
    async with chatting(composer_keys="emacs", size=(120, 50)) as (pilot, screen):
        await pilot.press("f3")
        await until(pilot, lambda: screen.query("FindBar"))
        await pilot.press("escape")
        for key in ("f2", "alt+x"):
            await pilot.press(key)
            await until(pilot, lambda: "PaletteScreen" in repr(pilot.app.screen))
            await until(pilot, lambda: "New session  F5" in seen(pilot.app.screen))
            await pilot.press("escape")
            await until(pilot, lambda: pilot.app.screen is screen)
        # The setting is changed while the chat runs.
        screen.chat.dispatch.run("settings", "composer_keys")
        await until(pilot, lambda: isinstance(pilot.app.screen, SettingsScreen))
        services = screen.workspace.services
        for choice in ("vi", "default"):
            await until(pilot, lambda: isinstance(pilot.app.screen, SettingsScreen))
            await pilot.press("enter")
            await until(pilot, lambda: not isinstance(pilot.app.screen, SettingsScreen))
            await pilot.press(*choice, "enter")
            await until(pilot, lambda choice=choice: services.settings.composer_keys == choice)
        await until(pilot, lambda: isinstance(pilot.app.screen, SettingsScreen))
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)
        await pilot.press("ctrl+p")
        await until(pilot, lambda: "New session  Ctrl+N" in seen(pilot.app.screen))


def test_no_key_that_moves_is_left_to_a_command_and_the_users_keys_win():
    moves = {"ctrl+f", "ctrl+b", "ctrl+n", "ctrl+p", "ctrl+k", "ctrl+y", "ctrl+u", "ctrl+w"}
    for of_a_browser in ({}, {"new": "ctrl+o,ctrl+n", "quota": "ctrl+b,ctrl+t"}):
        in_force = keys_in_force({}, other_keys("emacs", of_a_browser))
        assert not moves & {key for keys in in_force.values() for key in keys}
        keys = [key for keys in in_force.values() for key in keys]
        assert len(keys) == len(set(keys))
    assert keys_in_force({"find": "ctrl+f"}, EMACS_KEYS)["find"] == ["ctrl+f"]


async def test_a_key_that_the_user_gave_to_a_command_runs_it(groq):
    async with chatting(composer_keys="emacs", keys={"help": "ctrl+k"}) as (pilot, screen):
        screen.composer.text = "kept"
        await pilot.press("ctrl+k")
        await until(pilot, lambda: "HelpScreen" in repr(pilot.app.screen))
        assert screen.composer.text == "kept"

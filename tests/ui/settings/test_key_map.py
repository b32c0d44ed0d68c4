"""The window with the keys: pressed to be bound, conflicts settled, limits of terminals marked."""

import pytest

from groqchat.domain.errors.table import failure
from groqchat.ui.settings.key_conflict import KeyConflict
from groqchat.ui.settings.key_map import KeyMapScreen
from groqchat.ui.widgets.own_keys import of_a_browser
from groqchat.ui.widgets.toast_cards import Notice
from tests.ui.chat.test_chat_screen import chatting
from tests.ui.settings.conftest import told
from tests.ui.stage import seen, until


async def opened(pilot, screen):
    screen.chat.dispatch.run("keymap")
    await until(pilot, lambda: isinstance(pilot.app.screen, KeyMapScreen))
    return pilot.app.screen


async def bind(pilot, window, command, key, *, more=False):
    """Search for a command and press its new key."""
    window.line.value = command
    await until(pilot, lambda: window.highlighted and window.highlighted.id == command)
    await pilot.press("f3" if more else "enter")
    await until(pilot, lambda: "Press" in told(window))
    await pilot.press(key)


async def test_a_key_is_bound_by_pressing_it_and_all_follow_at_once(groq, groqchat_home):
    path = groqchat_home / "config.toml"
    async with chatting() as (pilot, screen):
        window = await opened(pilot, screen)
        await bind(pilot, window, "usage", "ctrl+o")
        await until(pilot, lambda: "Ctrl+O runs “Usage” now." in told(window))
        # Keys that act elsewhere, also on every screen, are taken as they are pressed.
        for key, said in (
            ("ctrl+q", "Ctrl+Q always quits"),
            ("a", "“a” writes a character"),
            ("enter", "Enter sends what is written"),
            ("escape", "Nothing was changed."),
            ("ctrl+o", "runs “Usage” already"),
        ):
            await bind(pilot, window, "usage", key)
            await until(pilot, lambda said=said: said in told(window))
        await bind(pilot, window, "usage", "ctrl+w", more=True)
        await until(pilot, lambda: "In the composer it was: delete left" in told(window))
        assert path.read_text("utf-8") == '[keys]\nusage = "ctrl+o,ctrl+w"\n'
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)
        await pilot.press("ctrl+w")
        await until(pilot, lambda: pilot.app.screen is not screen)
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)
        # Notices, the welcome, help and palette name the new key.
        assert "Ctrl+L switches the model" in seen(screen)
        screen.workspace.services.change_setting("keys.model", "ctrl+e")
        screen.workspace.services.change_setting("keys.sessions", "")
        await screen.chat.watch.take_up()
        screen.tell("Ctrl+L chooses another than “Ctrl+L”; Ctrl+S lists them, Ctrl+J breaks.")
        notices = " ".join(notice.text for notice in screen.query(Notice))
        assert "Ctrl+E chooses another than “Ctrl+L”; /sessions [FILTER] lists them" in notices
        assert "Ctrl+J breaks." in notices
        await until(pilot, lambda: "Ctrl+E switches the model" in seen(screen))
        await pilot.press("f1")
        await until(pilot, lambda: pilot.app.screen is not screen)
        pilot.app.screen.query_one("VerticalScroll").scroll_end(animate=False)
        await until(pilot, lambda: "Ctrl+Q" in seen(pilot.app.screen))
        pilot.app.screen.query_one("VerticalScroll").scroll_page_up(animate=False)
        await until(pilot, lambda: "Ctrl+O" in seen(pilot.app.screen))


async def test_a_conflict_is_settled_by_swapping_or_taking(groq, groqchat_home):
    path = groqchat_home / "config.toml"
    async with chatting() as (pilot, screen):
        window = await opened(pilot, screen)

        async def asked(command, key, *keys):
            await bind(pilot, window, command, key)
            await until(pilot, lambda: isinstance(pilot.app.screen, KeyConflict))
            await until(pilot, lambda: "Enter choose" in seen(pilot.app.screen))
            await pilot.press(*keys)
            await until(pilot, lambda: pilot.app.screen is window)

        await asked("model", "ctrl+n", "escape")
        await until(pilot, lambda: "Nothing was changed." in told(window))
        assert not path.exists()
        await asked("model", "ctrl+n", "enter")
        await until(pilot, lambda: "“New session” has Ctrl+L." in told(window))
        settings = lambda: dict(screen.workspace.services.settings.keys)  # noqa: E731
        assert settings() == {"model": "ctrl+n", "new": "ctrl+l"}
        # Swapped back, nothing of it is left in the file.
        await asked("model", "ctrl+l", "enter")
        await until(pilot, lambda: settings() == {})
        await asked("usage", "ctrl+p", "enter")
        await until(pilot, lambda: "“Command palette” has no key." in told(window))
        assert settings() == {"usage": "ctrl+p", "palette": ""}
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)
        await pilot.press("ctrl+p")
        await until(pilot, lambda: "Usage" in seen(pilot.app.screen))
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)
        window = await opened(pilot, screen)
        window.line.value = "palette"
        await until(pilot, lambda: "the default is Ctrl+P" in told(window))
        await pilot.press("f7")
        await until(pilot, lambda: "palette" in seen(pilot.app.screen) is not window)
        await pilot.press("y")
        await until(pilot, lambda: "All keys are the defaults again." in told(window))
        assert settings() == {}
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)
        await pilot.press("ctrl+p")
        await until(pilot, lambda: "PaletteScreen" in repr(pilot.app.screen))


@pytest.mark.parametrize("is_page", [False, True])
async def test_keys_that_do_not_arrive_are_marked(groq, groqchat_home, monkeypatch, is_page):
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("TMUX", "STY", "XTERM_VERSION"):
        monkeypatch.delenv(name, raising=False)
    wanted = {"usage": "ctrl+shift+u", "cost": "ctrl+t"}
    async with chatting(keys=wanted) as (pilot, screen):
        if is_page:
            monkeypatch.setenv("TEXTUAL_DRIVER", "groqchat.ui.terminal.browser_driver:Driver")
        assert bool(of_a_browser()) is is_page
        services = screen.workspace.services
        for name, keys in wanted.items():
            services.change_setting(f"keys.{name}", keys)
        window = await opened(pilot, screen)
        window.line.value = "usage"
        await until(pilot, lambda: "Ctrl+Shift+U ✗" in told(window))
        await until(pilot, lambda: "only terminals with kitty's keyboard" in told(window))
        window.line.value = "cost"
        sign = "● Ctrl+T ✗" if is_page else "● Ctrl+T !"
        await until(pilot, lambda: sign in told(window))
        await pilot.press("down")
        reason = (
            "the browser keeps it for itself" if is_page else "“Quota and cost panel” has it too"
        )
        await until(pilot, lambda: reason in told(window))


async def test_a_command_without_a_key_is_named_by_what_is_written_for_it(groq, groqchat_home):
    groqchat_home.mkdir(exist_ok=True)
    path = groqchat_home / "config.toml"
    path.write_text('[keys]\nhelp = ""\nquota = ""\nmodel = ""\ntoast = ""\n')
    async with chatting(size=(80, 24)) as (pilot, screen):
        await until(pilot, lambda: "· /quota · /help" in seen(screen))
        assert "/model switches the model" in seen(screen)
        screen.composer.text = "so that the card has no focus"
        screen.workspace.show_error(failure("dns_failed", detail="api.groq.com"))
        await until(pilot, lambda: "click choose" in seen(screen))
        await pilot.press("f1")
        await pilot.pause()
        assert pilot.app.screen is screen

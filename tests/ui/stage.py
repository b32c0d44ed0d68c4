"""What the tests of widgets and screens share: an app in our colours, and looking at its screen."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual.app import App

from groqchat.bootstrap import Launch, LocalServices
from groqchat.storage.first_frame import read_first_frame_settings
from groqchat.ui.app import GroqchatApp
from groqchat.ui.chat.opening import Opening
from groqchat.ui.terminal.control_codes import ControlCodes
from groqchat.ui.workspace.themes import DEFAULT_THEME, load_themes

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot
    from textual.screen import Screen

HOSTILE = (
    "[/x] [@click=app.quit]go[/] [b]bold \x1b]52;c;aGk=\x1b\\ \x1b[2J\x9b31m "
    "\u202eevil\u2066 \ud800 \x07"
)

# How long something may take to come true, in seconds: a guard against never.
PATIENCE_S = 120.0


class Stage(App[None]):
    """An app with our themes and filter, and nothing on it."""

    CSS = "TextArea { height: 3; }"

    def __init__(self) -> None:
        super().__init__()
        for theme in load_themes()[0]:
            self.register_theme(theme)
        self.theme = DEFAULT_THEME

    def get_line_filters(self):
        return [*super().get_line_filters(), ControlCodes()]


def groqchat(services: LocalServices | None = None, **opening: object) -> GroqchatApp:
    """The whole application on these services, or on new ones."""
    made = services or LocalServices(Launch())
    look = read_first_frame_settings(made.settings_path)._asdict()
    look |= {"themes_folder": made.themes_folder, **opening}
    return GroqchatApp(lambda: made, Opening(**look))


async def until(pilot: Pilot, condition: Callable[[], object]) -> None:
    """Wait until something has come true; if it does not, the screen is the failure.

    The condition is asked only while the screen in front is mounted: a pushed screen is the one in
    front at once, but has its widgets a moment later.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + PATIENCE_S
    while not (_is_mounted(pilot.app) and condition()):
        if loop.time() > end or not pilot.app.is_running:
            raise AssertionError(f"waited in vain; on the screen:\n{seen(pilot.app.screen)}")
        await asyncio.sleep(0.01)


def _is_mounted(app: App) -> bool:
    return not app.screen_stack or app.screen.is_mounted


def held(monkeypatch, owner, name):
    """Hold a method back until the event that is returned."""
    method, released = getattr(owner, name), asyncio.Event()

    async def wait(*arguments, **named):
        await released.wait()
        return await method(*arguments, **named)

    monkeypatch.setattr(owner, name, wait)
    return released


def seen(screen: Screen) -> str:
    """The text on the screen, line by line."""
    strips = screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


def is_clean(text: str) -> bool:
    """Whether nothing in it could drive a terminal."""
    return all(
        char == "\n"
        or (char >= " " and not "\x7f" <= char <= "\x9f" and char not in "\u202e\u2066")
        for char in text
    )


async def kept(pilot, screen, session_id, text):
    """Wait until this text is the draft of a session."""
    for _ in range(200):
        if await screen.workspace.services.drafts.draft(session_id) == text:
            return
        await pilot.pause(0.02)
    assert await screen.workspace.services.drafts.draft(session_id) == text

"""A theme that was chosen is there the next time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from groqchat.ui.workspace.themes import DEFAULT_THEME

if TYPE_CHECKING:
    from textual.theme import Theme

    from groqchat.ui.chat.screen import ChatScreen


class ThemeChoice:
    """Writes down which theme the user wants.

    Args:
        screen: The chat screen.
    """

    def __init__(self, screen: ChatScreen) -> None:
        self._screen = screen
        self._writing = asyncio.Lock()

    def keep(self, _: Theme) -> None:
        """Another theme is on the screen, unless it is only tried on there."""
        from groqchat.ui.workspace.theme_picker import ThemePicker

        if isinstance(self._screen.app.screen, ThemePicker):
            return
        self._screen.run_surely(self._write(), group="theme")

    async def _write(self) -> None:
        parts, app = self._screen.parts, self._screen.app
        async with self._writing:  # one after another; the last that was chosen stays
            if app.theme != (parts.settings.theme or DEFAULT_THEME):
                await asyncio.to_thread(parts.change_setting, "theme", app.theme)

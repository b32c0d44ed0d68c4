"""Sees that the settings file was changed beside the running chat, and takes up what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.ui.widgets.keymap import flaws
from groqchat.ui.widgets.own_keys import bind, make_way
from groqchat.ui.workspace.themes import DEFAULT_THEME

if TYPE_CHECKING:
    from groqchat.domain.settings import Settings
    from groqchat.ui.chat.screen import ChatScreen

# How often the file's date is looked at, in seconds.
LOOKS_S = 1.0
# What the account that is asked was made with.
_LATER = (
    "plan", "profile", "organizations", "endpoints", "fallback", "fallback_on", "fallback_after_s",
    "attempts", "longest_wait_s", "longest_total_wait_s", "gap_timeout_s", "prices",
)  # fmt: skip


class SettingsWatch:
    """Compares the file with what is known of it.

    Args:
        screen: The chat, which nothing may lie over when something is said there.
    """

    def __init__(self, screen: ChatScreen) -> None:
        self._screen = screen

    def begin(self) -> None:
        """From now on the file is looked at."""
        self._screen.set_interval(LOOKS_S, self._look)

    async def _look(self) -> None:
        parts = self._screen.parts
        before = parts.settings_before_news() if self._screen.is_active else None
        if before is not None:
            await self.take_up(before, "config.toml was changed. ")

    async def take_up(self, before: Settings, lead: str = "") -> None:
        """Do as the settings say now, and tell what is wrong with them and what has to wait."""
        screen, settings = self._screen, self._screen.parts.settings
        try:
            screen.parts.settings_to_send_by()
        except StorageError as error:
            screen.troubles.show(error)
        for mistake in (*screen.parts.mistakes, *flaws(settings.keys)):
            screen.toasts.notice(mistake, severity="warning")
        bind(screen.app, screen, settings.keys)
        make_way(screen.prompt)
        screen.conversation.follow_settings(before)
        screen.prompt.send_with_enter = settings.send_with_enter
        theme = settings.theme or DEFAULT_THEME
        if settings.theme != before.theme and theme in screen.app.available_themes:
            screen.app.theme = theme
        if said := _told(before, settings):
            screen.toasts.notice(f"{lead}{said}")
        await screen.figures.refresh()


def _told(before: Settings, now: Settings) -> str:
    """What is in force of the settings."""
    later = [name for name in _LATER if getattr(before, name) != getattr(now, name)]
    if later:
        return f"These apply after the next start: {', '.join(later)}."
    return "The settings now apply." if before != now else ""

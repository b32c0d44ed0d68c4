"""Sees that the settings file was changed beside the running chat, and takes up what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.ui.widgets.keymap import flaws
from groqchat.ui.widgets.own_keys import bind, make_way
from groqchat.ui.workspace.themes import DEFAULT_THEME

if TYPE_CHECKING:
    from collections.abc import Mapping

    from groqchat.domain.settings import Settings
    from groqchat.ui.chat.screen import ChatScreen

# How often the file's date is looked at, in seconds.
LOOKS_S = 1.0
# What the account that is asked was made with.
_LATER = (
    "plan", "profile", "organizations", "endpoints", "fallback", "fallback_on", "fallback_after_s",
    "attempts", "longest_wait_s", "longest_total_wait_s", "gap_timeout_s", "prices",
)  # fmt: skip


# The cause of the error that holds prompts back, and what is said of it once its card has gone.
_UNREAD = "config_unread"
_HELD_BACK = "Prompts are held back until that is corrected; /settings opens the file."


class SettingsWatch:
    """Compares the file with what is known of it.

    Args:
        screen: The chat, which nothing may lie over when something is said there.
    """

    def __init__(self, screen: ChatScreen) -> None:
        self._screen = screen
        self._reminder = ""

    def begin(self) -> None:
        """From now on the file is looked at."""
        self._screen.set_interval(LOOKS_S, self._look)

    async def _look(self) -> None:
        if not self._screen.is_active:
            return
        before = self._screen.parts.settings_before_news()
        if before is not None:
            await self.take_up(before, "config.toml was changed. ")
        self._remind()

    def tell(self, keys: Mapping[str, str]) -> None:
        """Say once what is wrong with the settings: what holds prompts back on a card.

        Args:
            keys: The user's own keys by command.
        """
        screen = self._screen
        screen.toasts.clear_errors(_UNREAD)
        on_card = ""
        if error := self._unread():
            screen.troubles.show(error)
            on_card = error.facts.detail
        for mistake in (*screen.parts.mistakes, *flaws(keys)):
            if mistake != on_card:
                screen.toasts.notice(mistake, severity="warning")

    def _unread(self) -> StorageError | None:
        """Why prompts are held back, if they are."""
        try:
            self._screen.parts.settings_to_send_by()
        except StorageError as error:
            return error
        return None

    def _remind(self) -> None:
        """Where the card has gone and prompts are still held back, a notice says so until then."""
        toasts, error = self._screen.toasts, self._unread()
        is_wanted = error is not None and not toasts.shows(_UNREAD)
        reminder = f"{error.facts.detail} {_HELD_BACK}" if error and is_wanted else ""
        if reminder == self._reminder:
            return
        if self._reminder:
            toasts.withdraw(self._reminder)
        self._reminder = reminder
        if reminder:
            toasts.notice(reminder, severity="warning", stays=True)

    async def take_up(self, before: Settings, lead: str = "") -> None:
        """Do as the settings say now, and tell what is wrong with them and what has to wait."""
        screen, settings = self._screen, self._screen.parts.settings
        self.tell(settings.keys)
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

"""Takes up settings whose file was changed while the chat runs."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.setting_facts import LATER
from groqchat.ui.chat.errors import UNREAD
from groqchat.ui.widgets.keymap import flaws
from groqchat.ui.widgets.own_keys import make_way

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from groqchat.domain.settings import Settings
    from groqchat.ui.workspace.workspace import Workspace

# How often the file's date is looked at, in seconds.
LOOKS_S = 1.0

# What is said of settings that hold prompts back, once the card about them has gone.
_HELD_BACK = "Prompts are held back until that is corrected; /settings file opens it."


class SettingsWatch:
    """Compares the settings file with what was read of it, and takes up what changed.

    Args:
        workspace: The parts of the chat.
        bind_keys: Binds the user's own keys, by the ids of their commands, and those that make
            way for the composer's.
        apply_theme: Shows the colours of a theme.
        is_on_top: Whether no window lies over the chat, so that notices are seen.
    """

    later = frozenset(LATER)

    def __init__(
        self,
        workspace: Workspace,
        *,
        bind_keys: Callable[[Mapping[str, str], str], None],
        apply_theme: Callable[[str], bool],
        is_on_top: Callable[[], bool],
    ) -> None:
        self._workspace = workspace
        self._bind_keys = bind_keys
        self._apply_theme = apply_theme
        self._is_on_top = is_on_top
        self._reminder = ""
        # What the account was made with, and what was read last of a file that could be read.
        self._at_start = self._in_force = workspace.services.settings

    def begin(self) -> None:
        """Look at the file at intervals from now on."""
        self._workspace.conversation.set_interval(LOOKS_S, self._look)

    async def _look(self) -> None:
        if not self._is_on_top():
            return
        if self._workspace.services.settings_before_news() is not None:
            await self.take_up("config.toml was changed. ")
        self._remind()

    def tell(self, keys: Mapping[str, str]) -> None:
        """Show the mistakes in the settings once; an error that holds prompts back gets a card.

        Args:
            keys: The user's own keys by command.
        """
        workspace = self._workspace
        workspace.toasts.clear_errors(UNREAD)
        on_card = ""
        if error := self._unread():
            on_card = error.facts.detail
            workspace.show_error(error)
        for mistake in (*workspace.services.mistakes, *flaws(keys)):
            if mistake != on_card:
                workspace.notify(mistake, severity="warning")

    def _unread(self) -> StorageError | None:
        """The error that holds prompts back, if there is one."""
        try:
            self._workspace.services.settings_to_send_by()
        except StorageError as error:
            return error
        return None

    def _remind(self) -> None:
        """Show a notice where prompts are held back and the card that said so has gone."""
        toasts, error = self._workspace.toasts, self._unread()
        is_wanted = error is not None and not toasts.shows(UNREAD)
        reminder = f"{error.facts.detail} {_HELD_BACK}" if error and is_wanted else ""
        if reminder == self._reminder:
            return
        if self._reminder:
            toasts.withdraw(self._reminder)
        self._reminder = reminder
        if reminder:
            toasts.notice(reminder, severity="warning", stays=True)

    async def take_up(self, lead: str = "") -> None:
        """Apply the settings as they are now; notices name mistakes and what has to wait.

        While the file cannot be read, what it said before stays in force.
        """
        self.tell(self._workspace.services.settings.keys)
        if said := await self.apply():
            self._workspace.notify(f"{lead}{said}")

    async def apply(self) -> str:
        """Apply the settings as they are now, unless the file cannot be read.

        Returns:
            The sentence on what of the changes has to wait; empty where nothing has changed.
        """
        workspace, settings = self._workspace, self._workspace.services.settings
        if self._unread():
            return ""
        before, self._in_force = self._in_force, settings
        self._bind_keys(settings.keys, settings.composer_keys)
        make_way(workspace.composer.area)
        workspace.conversation.follow_settings(before)
        workspace.composer.area.send_with_enter = settings.send_with_enter
        workspace.composer.area.edit_as(settings.composer_keys)
        for names_keys in workspace.conversation.screen.query("Welcome, StatusLine"):
            names_keys.refresh()
        if settings.theme != before.theme:
            self._apply_theme(settings.theme)
        await workspace.figures.refresh()
        return _changes(self._at_start, before, settings)


def _changes(at_start: Settings, before: Settings, now: Settings) -> str:
    """The sentence about which changed settings apply now; empty where nothing has changed."""
    names = [field.name for field in fields(now)]
    changed = {name for name in names if getattr(before, name) != getattr(now, name)}
    later = [name for name in LATER if getattr(at_start, name) != getattr(now, name)]
    waiting = [name for name in later if name in changed]
    if not changed:
        return ""
    if not waiting:
        return "The settings now apply."
    rest = " The others now apply." if changed - set(LATER) else ""
    return f"These apply after the next start: {', '.join(waiting)}.{rest}"

"""Commands about the program itself: palette, theme, settings, help, the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.text.spelling import did_you_mean
from groqchat.ui.chat.settings_watch import SettingsWatch
from groqchat.ui.sessions.options import OFF
from groqchat.ui.widgets.text import line
from groqchat.ui.workspace.themes import DEFAULT_THEME, load_themes

if TYPE_CHECKING:
    from groqchat.ui.chat.screen import ChatScreen

LONGEST_NAME = 40


class ProgramActions:
    """Acts on the program."""

    def __init__(self, screen: ChatScreen) -> None:
        self._screen = screen
        self.watch = SettingsWatch(screen)

    async def do_reasoning(self, _: str) -> None:
        """Fold or unfold the reasoning of the answers."""
        is_shown = self._screen.conversation.toggle_reasoning()
        self._screen.toasts.notice(f"Reasoning is {'unfolded' if is_shown else 'folded'} now.")

    async def do_palette(self, _: str) -> None:
        """Everything by name."""
        self._screen.app.action_command_palette()

    async def do_theme(self, argument: str) -> None:
        """Take a theme by name, or choose one; it is kept, and ``off`` is the default one."""
        app = self._screen.app
        if not argument:
            argument = await self._tried_on() or app.theme
        if argument == OFF:
            argument = DEFAULT_THEME
        if argument not in app.available_themes:
            self._screen.prompting.refuse(self._themes(argument), "theme", argument)
            return
        app.theme = argument

    async def _tried_on(self) -> str | None:
        """The theme that is chosen from the list; until then nothing is kept."""
        from groqchat.ui.workspace.theme_picker import ThemePicker

        app = self._screen.app
        before = app.theme
        ours = [theme.name for theme in load_themes(self._screen.parts.themes_folder)[0]]
        names = [*ours, *sorted(set(app.available_themes) - set(ours))]
        chosen = await app.push_screen_wait(ThemePicker(names, before))
        app.theme = before
        return chosen

    def _themes(self, wanted: str) -> str:
        """Names our own and the user's; Textual brings some more."""
        ours = [theme.name for theme in load_themes(self._screen.parts.themes_folder)[0]]
        more = len(set(self._screen.app.available_themes) - set(ours))
        meant = did_you_mean(wanted, self._screen.app.available_themes) or "."
        return (
            f"There is no theme {line(wanted, LONGEST_NAME)}{meant} There are {', '.join(ours)} "
            f"and {more} more: /theme opens the list."
        )

    async def do_settings(self, _: str) -> None:
        """Open the settings file in an editor and take up what changed."""
        from groqchat.ui.terminal.editor import edit_file

        screen = self._screen
        before = screen.parts.settings
        try:
            edit_file(screen.app, screen.parts.settings_path)
        except StorageError as error:
            screen.troubles.show(error)
            return
        screen.parts.reload_settings()
        await self.watch.take_up(before)

    async def do_help(self, _: str) -> None:
        """Keys and commands."""
        from groqchat.ui.commands import COMMANDS
        from groqchat.ui.dialogs.help import HelpScreen
        from groqchat.ui.workspace.options_summary import in_full

        screen = self._screen
        options = screen.conversation.options
        asked_with = in_full(options, screen.catalog.get(options.model))
        await screen.app.push_screen_wait(HelpScreen(COMMANDS, asked_with))

    async def do_quit(self, _: str) -> None:
        """Leave; what was written is stored already."""
        await self._screen.last_words()
        self._screen.app.exit()

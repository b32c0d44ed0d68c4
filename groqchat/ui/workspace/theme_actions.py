"""The command that changes the theme, and the setting that keeps the choice."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from groqchat.domain.text.spelling import did_you_mean
from groqchat.ui.commands import OFF
from groqchat.ui.widgets.text import line
from groqchat.ui.workspace.themes import DEFAULT_THEME, load_themes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.theme import Theme

    from groqchat.ui.workspace.workspace import Workspace

LONGEST_NAME = 40


class Themed(Protocol):
    """The program whose colours change."""

    theme: str

    @property
    def available_themes(self) -> Mapping[str, Theme]:
        """The themes by their names."""


class ThemeActions:
    """The command ``theme``, and the theme that is in the settings.

    Args:
        workspace: The parts of the chat; services, composer and windows are used.
        program: The program that has the themes.
    """

    def __init__(self, workspace: Workspace, program: Themed) -> None:
        self._workspace = workspace
        self._program = program
        self._is_trying = False
        self._writing = asyncio.Lock()

    async def choose_theme(self, argument: str) -> None:
        """Take a theme by name, or choose one; it is kept, and ``off`` is the default one."""
        if not argument:
            argument = await self._chosen() or self._program.theme
        if argument == OFF:
            argument = DEFAULT_THEME
        if not self.apply(argument):
            self._workspace.prompt.refuse(self._themes(argument), "theme", argument)

    def apply(self, name: str) -> bool:
        """Show the colours of a theme; returns whether there is such a theme."""
        is_there = name in self._program.available_themes
        if is_there:
            self._program.theme = name
        return is_there

    def keep(self, _: Theme) -> None:
        """Write the theme on the screen into the settings, unless it is only tried."""
        if not self._is_trying:
            self._workspace.run(self._write(), group="theme")

    async def _write(self) -> None:
        services, program = self._workspace.services, self._program
        async with self._writing:  # one after another; the last that was chosen stays
            if program.theme != (services.settings.theme or DEFAULT_THEME):
                await asyncio.to_thread(services.change_setting, "theme", program.theme)

    async def _chosen(self) -> str | None:
        """The theme that is chosen from the list, where each is tried; the old one is on again."""
        from groqchat.ui.workspace.theme_picker import ThemePicker

        before = self._program.theme
        ours = self._ours()
        names = [*ours, *sorted(set(self._program.available_themes) - set(ours))]
        self._is_trying = True
        try:
            chosen = await self._workspace.ask(ThemePicker(names, before))
        finally:
            self._is_trying = False
        self._program.theme = before
        return chosen

    def _ours(self) -> list[str]:
        """The names of the shipped themes and the user's; Textual brings some more."""
        return [theme.name for theme in load_themes(self._workspace.services.themes_folder)[0]]

    def _themes(self, wanted: str) -> str:
        """The sentence about a name that no theme has."""
        available, ours = self._program.available_themes, self._ours()
        more = len(set(available) - set(ours))
        meant = did_you_mean(wanted, available) or "."
        return (
            f"There is no theme {line(wanted, LONGEST_NAME)}{meant} There are {', '.join(ours)} "
            f"and {more} more: /theme opens the list."
        )

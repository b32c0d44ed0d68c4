"""The command that changes the theme, and the setting that keeps the choice."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from groqchat.domain.text.spelling import did_you_mean
from groqchat.ui.commands import OFF
from groqchat.ui.widgets.text import line
from groqchat.ui.workspace.themes import AUTO, load_themes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.theme import Theme

    from groqchat.ui.workspace.workspace import Workspace

LONGEST_NAME = 40


class Themed(Protocol):
    """The program whose colours change."""

    theme: str
    is_following: bool

    @property
    def available_themes(self) -> Mapping[str, Theme]:
        """The themes by their names."""

    @property
    def automatic_theme(self) -> str:
        """The name of the theme that suits the terminal."""

    def follow_terminal(self) -> None:
        """Show what suits the terminal, from now on."""


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
        """Take and keep a theme by name, or choose one; ``auto``, ``off``: as the terminal is."""
        if not argument:
            argument = await self._chosen()
        if not argument:
            return
        if not self.apply(argument):
            self._workspace.prompt.refuse(self._themes(argument), "theme", argument)
            return
        self._workspace.run(self._write(), group="theme")

    def apply(self, name: str) -> bool:
        """Show the colours of a theme; returns whether there is such a theme.

        Args:
            name: The theme; empty, ``auto`` or ``off``: the one that suits the terminal.
        """
        program = self._program
        if name in {"", OFF, AUTO}:
            program.follow_terminal()
            return True
        is_there = name in program.available_themes
        if is_there:
            program.is_following = False
            program.theme = name
        return is_there

    def keep(self, _: Theme) -> None:
        """Write the theme on the screen into the settings, unless it is tried or automatic."""
        program = self._program
        if self._is_trying or (program.is_following and program.theme == program.automatic_theme):
            return
        program.is_following = False
        self._workspace.run(self._write(), group="theme")

    async def _write(self) -> None:
        services, program = self._workspace.services, self._program
        async with self._writing:  # one after another; the last that was chosen stays
            wanted = AUTO if program.is_following else program.theme
            if wanted != (services.settings.theme or AUTO):
                await asyncio.to_thread(services.change_setting, "theme", wanted)

    async def _chosen(self) -> str:
        """The theme that is chosen from the list, where each is tried; the old one is on again."""
        from groqchat.ui.workspace.theme_picker import ThemePicker

        program, ours = self._program, self._ours()
        before, was_following = program.theme, program.is_following
        names = [AUTO, *ours, *sorted(set(program.available_themes) - set(ours) - {AUTO})]
        present = AUTO if was_following else before
        self._is_trying, program.is_following = True, False
        try:
            chosen = await self._workspace.ask(ThemePicker(names, present, program.automatic_theme))
        finally:
            program.theme = program.automatic_theme if was_following else before
            self._is_trying, program.is_following = False, was_following
        return chosen or ""

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

"""The theme that follows the terminal: light or dark, as its background is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.app import App

from groqchat.ui.terminal.browser import is_in_browser
from groqchat.ui.terminal.colour_scheme import ASK, ask_for_background, telling_background
from groqchat.ui.terminal.textual_internals import driver_of, is_tried
from groqchat.ui.workspace.themes import (
    AUTO,
    DEFAULT_THEME,
    LIGHT_THEME,
    THEME_OF_FEW_COLOURS,
    load_theme,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.driver import Driver

    from groqchat.ui.terminal.colour_scheme import BackgroundTold


class ThemedApp(App[Any]):
    """An app whose theme follows the terminal until one is chosen.

    Attributes:
        is_following: Whether it does.
        background_told: Called with whether the background is light, when the terminal has told it.
    """

    is_following = False
    background_told: Callable[[bool], object] = staticmethod(lambda _: None)
    is_light = _has_few_colours = False
    _folder: Path | None = None

    def begin_with(self, wanted: str, folder: Path | None, *, is_light: bool, few: bool) -> None:
        """Show the theme of the first frame.

        Args:
            wanted: The theme in the settings; empty or ``auto``: as the terminal is.
            folder: The folder with the user's themes.
            is_light: Whether the background was light when it was told last.
            few: Whether the terminal shows sixteen colours or fewer.
        """
        self.is_light, self._has_few_colours, self._folder = is_light, few, folder
        self.is_following = wanted in {"", AUTO}
        # Before the stylesheets are read: they would be read again.
        theme = load_theme(self.automatic_theme if self.is_following else wanted, folder)
        self.register_theme(theme)
        self.theme = theme.name

    @property
    def automatic_theme(self) -> str:
        """The name of the theme that suits the terminal."""
        if self._has_few_colours:
            return THEME_OF_FEW_COLOURS
        return LIGHT_THEME if self.is_light else DEFAULT_THEME

    @property
    def _asks(self) -> bool:
        """Whether the terminal is asked; another parser would take its answer for keys."""
        may_answer = is_tried() and not self._has_few_colours and not is_in_browser()
        return self.is_following and may_answer

    def follow_terminal(self) -> None:
        """Show what suits the terminal, from now on."""
        self.is_following = True
        self._suit_terminal()
        if self._asks:
            ask_for_background(driver_of(self))

    def on_background_told(self, event: BackgroundTold) -> None:
        """Take the theme for the background; a change is only a hint at its colour."""
        self.is_light = event.is_light
        self.background_told(event.is_light)
        if self.is_following:
            self._suit_terminal()
        if event.is_change:
            self._ask_again()

    def on_app_focus(self) -> None:
        """Ask again: the colours may have changed meanwhile, which few terminals tell."""
        self._ask_again()

    def _ask_again(self) -> None:
        driver = driver_of(self)
        if self._asks and driver is not None:
            driver.write(ASK)

    def _suit_terminal(self) -> None:
        if self.automatic_theme not in self.available_themes:  # before all themes are read
            self.register_theme(load_theme(self.automatic_theme, self._folder))
        self.theme = self.automatic_theme

    def telling(self, driver: type[Driver]) -> type[Driver]:
        """A driver that asks for the background while the theme follows it."""
        return telling_background(driver, lambda: self._asks)


def themed(app: App[Any]) -> ThemedApp:
    """An app as one whose theme may follow the terminal.

    Raises:
        TypeError: It is none.
    """
    if not isinstance(app, ThemedApp):
        raise TypeError(f"{app} has no theme of its own")
    return app

"""The application: themes, safety of the terminal, an orderly end, and the one screen."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from typing import TYPE_CHECKING

from rich.segment import Segments
from textual.app import App
from textual.events import Key, Paste

from groqchat.domain.errors import StorageError
from groqchat.domain.redact import redact
from groqchat.ui.chat_screen import ChatScreen
from groqchat.ui.commands import COMMANDS
from groqchat.ui.filters import ControlCodes
from groqchat.ui.palette import CommandPalette
from groqchat.ui.pastes import with_safe_pastes
from groqchat.ui.themes import DEFAULT_THEME, load_themes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.driver import Driver
    from textual.events import Event
    from textual.filter import LineFilter
    from textual.screen import Screen
    from textual.theme import Theme

    from groqchat.ui.parts import Parts
    from groqchat.ui.startup import Opening

# A turn that is being written down when the program ends gets this long, in seconds.
LAST_WORDS_S = 3.0
# 128 + the signal's number, as shells have it.
SIGNALS = (("SIGTERM", 143), ("SIGHUP", 129))


class GroqchatApp(App[str]):
    """groqchat on a terminal. Its result is ``"demo"`` when the user asked for the demo instead.

    Args:
        parts: The services.
        opening: What to show first.
    """

    TITLE = "groqchat"
    # Textual loads no stylesheet of a default screen, so the app names it.
    CSS_PATH = "chat_screen.tcss"
    COMMANDS = {CommandPalette}  # noqa: RUF012 - typed by Textual

    def __init__(self, parts: Parts, opening: Opening) -> None:
        super().__init__()
        self._parts = parts
        self._opening = opening
        self._chat: ChatScreen | None = None
        self._clean = ControlCodes()
        self._typed_early: list[Event] = []
        self._takes_keys = False

    def on_load(self) -> None:
        """Themes and keys are the user's before the first frame."""
        themes, mistakes = load_themes(self._parts.themes_folder)
        for theme in themes:
            self.register_theme(theme)
        wanted = self._parts.settings.theme or DEFAULT_THEME
        if wanted not in self.available_themes:
            mistakes.append(f"There is no theme {wanted}.")
            wanted = DEFAULT_THEME
        self.theme = wanted
        self._parts.notices.extend(mistakes)
        known = {command.id for command in COMMANDS}
        keys = self._parts.settings.keys
        self.set_keymap({name: key for name, key in keys.items() if name in known and key})

    def get_default_screen(self) -> Screen[None]:
        """The chat is all there is; the rest opens over it."""
        self._chat = ChatScreen(self._parts, self._opening)
        return self._chat

    def on_mount(self) -> None:
        """End in order when the terminal closes or the system asks."""
        loop = asyncio.get_running_loop()
        for name, code in SIGNALS:
            if hasattr(signal, name):  # Windows has neither the signals nor the handlers
                loop.add_signal_handler(getattr(signal, name), self.exit, None, code)
        self.theme_changed_signal.subscribe(self, self._keep_theme)

    def _keep_theme(self, theme: Theme) -> None:
        """A theme that was chosen is there the next time."""
        if theme.name == (self._parts.settings.theme or DEFAULT_THEME):
            return
        try:
            self._parts.change_setting("theme", theme.name)
        except StorageError as error:
            if self._chat is not None:
                self._chat.troubles.show(error)

    async def on_event(self, event: Event) -> None:
        """What is typed before there is anything to write into waits for it."""
        if isinstance(event, Key | Paste) and not self._takes_keys:
            # Until the driver takes over, the terminal itself makes a line feed of Enter.
            is_enter = isinstance(event, Key) and event.key == "ctrl+j"
            self._typed_early.append(Key("enter", "\r") if is_enter else event)
        else:
            await super().on_event(event)

    def on_descendant_focus(self) -> None:
        """The composer is ready: it gets what was typed so far, in order."""
        self._takes_keys = True
        while self._typed_early:
            self.post_message(self._typed_early.pop(0))

    async def on_unmount(self) -> None:
        """Whatever is still being answered is saved before the database closes."""
        if self._chat is not None:
            # If it takes longer, the last checkpoint is still at most a second old.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._chat.last_words(), LAST_WORDS_S)
            if self._chat.connection is not None:
                await self._chat.connection.close()
        await self._parts.close()

    def action_help_quit(self) -> None:
        """Ctrl+C that copied nothing."""
        if self._chat is not None:
            self._chat.run_surely(self._chat.interrupt(), group="command")

    def get_driver_class(self) -> type[Driver]:
        """The terminal's driver, with pastes that cannot act."""
        return with_safe_pastes(super().get_driver_class())

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Whatever a widget shows, no control code of it reaches the terminal."""
        return [*super().get_line_filters(), self._clean]

    def _fatal_error(self) -> None:
        """A bug ends the program; neither local variables nor messages of its report hold a key."""
        # Loads the highlighter, for which no start should wait.
        from rich.traceback import Traceback

        self.bell()
        report = Traceback(show_locals=False, width=None)
        for stack in report.trace.stacks:
            stack.exc_value = redact(stack.exc_value)
        self._exit_renderables.append(Segments(self.console.render(report, self.console.options)))
        self._close_messages_no_wait()

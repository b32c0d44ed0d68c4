"""The application: themes, safety of the terminal, an orderly end, and the one screen."""

from __future__ import annotations

import asyncio
import contextlib
import os
from typing import TYPE_CHECKING

from textual.events import Key, Paste

from groqchat.domain.errors.tree import StorageError
from groqchat.ui.chat.key_order import KeyOrder
from groqchat.ui.chat.palette_screen import PaletteScreen
from groqchat.ui.chat.screen import ChatScreen
from groqchat.ui.terminal.active_screen import expect_paste, interrupt, offer, write_on
from groqchat.ui.terminal.control_codes import line_filters
from groqchat.ui.terminal.copying import Copying
from groqchat.ui.terminal.hang_up import end_in_order, outlasting
from groqchat.ui.terminal.leaving import clearing
from groqchat.ui.terminal.motion import Still
from groqchat.ui.terminal.replacements import with_safe_pastes
from groqchat.ui.terminal.textual_internals import QuietEnd
from groqchat.ui.terminal.unmarked_pastes import Lines
from groqchat.ui.widgets.own_keys import bind
from groqchat.ui.workspace.explaining import Explaining
from groqchat.ui.workspace.terminal_theme import ThemedApp

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.command import Provider
    from textual.driver import Driver
    from textual.events import Event
    from textual.filter import LineFilter
    from textual.screen import Screen

    from groqchat.ui.chat.opening import Opening
    from groqchat.ui.dialogs.dialog import Dialog
    from groqchat.ui.services import Services

# A turn that is being written down when the program ends gets this long, in seconds.
LAST_WORDS_S = 3.0


def _palette() -> type[Provider]:
    from groqchat.ui.chat.palette import CommandPalette

    return CommandPalette


class GroqchatApp(Still, QuietEnd, Copying, Explaining, ThemedApp):
    """groqchat on a terminal; its result is ``"demo"`` when the user asked for that instead.

    It is ``"unfound"`` when the session to open is not there.

    Args:
        load: Makes the services, in a thread: importing them takes longer than the first frame.
        opening: What to show first.
    """

    TITLE = "groqchat"
    # Textual loads no stylesheet of a default screen, so the app names it.
    CSS_PATH = "app.tcss"
    COMMANDS = {_palette}  # noqa: RUF012 - typed by Textual

    def __init__(self, load: Callable[[], Services], opening: Opening) -> None:
        super().__init__()
        self.keep_still(opening.motion)
        self._chat = ChatScreen(load, opening)
        self._own_filters = line_filters(os.environ)
        self._keys = KeyOrder(self, self._hand_on)
        few, is_light = opening.has_few_colours, opening.is_light
        self.begin_with(opening.theme, opening.themes_folder, is_light=is_light, few=few)
        bind(self, self._chat, opening.keys, opening.composer_keys)

    def get_default_screen(self) -> Screen[None]:
        """The screen of the chat, over which all others open."""
        return self._chat

    def on_mount(self) -> None:
        """End in order when the terminal closes or the system asks."""
        end_in_order(self)

    async def on_event(self, event: Event) -> None:
        """Hold back keys and pastes until the screen can handle them."""
        self._chat.attention.note(event)
        if isinstance(event, Key | Paste | Lines) and not event.is_forwarded:
            await self._keys.take(event)
        else:
            await super().on_event(event)

    async def _hand_on(self, event: Key | Paste) -> None:
        if isinstance(event, Paste):
            if (paste := expect_paste(self.screen, event)) is not None:
                await super().on_event(paste)
        elif not offer(self.screen, event):
            await super().on_event(event)

    async def on_descendant_focus(self) -> None:
        """Give the composer, once it has the focus, what was typed so far."""
        await self._keys.composer_is_there()

    async def on_chat_screen_chat_mounted(self) -> None:
        """Let the keys act that waited for the whole chat."""
        await self._keys.all_is_there()

    async def on_unmount(self) -> None:
        """Save answers that are still growing before the database closes."""
        # If it takes longer, or cannot be, the last checkpoint is still at most a second old.
        with contextlib.suppress(TimeoutError, StorageError):
            await asyncio.wait_for(self._chat.save(), LAST_WORDS_S)
        await self._chat.close_services()
        self._chat.attention.restore()

    def on_key(self, event: Key) -> None:
        """A letter that meant nothing where the focus was belongs to the prompt."""
        write_on(self.screen, event)

    async def on_dialog_typed_on(self, event: Dialog.TypedOn) -> None:
        """Hand on a key or a paste that came to a closing window, before any later one."""
        await self._keys.take_first(event.event)

    async def action_quit(self) -> None:
        """End, unless answers still come that nobody was asked about."""
        if not self._chat.has_chat or await self._chat.chat.leaving.may_end(self.screen):
            self.exit()

    def action_help_quit(self) -> None:
        """Act on a Ctrl+C that copied nothing."""
        self._chat.run_work(interrupt(self.screen), group="command")

    def action_command_palette(self) -> None:
        """Open it unless there is one: Textual looks only on top, and then ends with an error."""
        if not any(isinstance(screen, PaletteScreen) for screen in self.screen_stack):
            self.push_screen(PaletteScreen())

    def get_driver_class(self) -> type[Driver]:
        """The terminal's driver, with pastes that cannot act, and an end when it is gone."""
        return outlasting(clearing(self.telling(with_safe_pastes(super().get_driver_class()))))

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Whatever a widget shows, no control code of it reaches the terminal."""
        return [*super().get_line_filters(), *self._own_filters]

    @property
    def left(self) -> tuple[str, str]:
        """The text in the composer, and what is to be said on the terminal, also after the end."""
        return self._chat.composer.text, self._chat.last_words

"""F1 in windows: the help on whatever is open, by the key that opens the help of the chat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.app import App

from groqchat.ui.commands import BY_ID
from groqchat.ui.terminal.textual_internals import keymap_of

if TYPE_CHECKING:
    from textual.events import Key

_HELP = BY_ID["help"]


class Explaining(App[Any]):
    """An app whose windows F1 explains; a screen that has more to say binds the key itself."""

    def on_key(self, event: Key) -> None:
        """Explain the window on top, or close what explains it: its help was asked for."""
        if event.key not in {_HELP.keys, *keymap_of(self).get(_HELP.id, "").split(",")}:
            return
        from groqchat.ui.dialogs.dialog import Dialog
        from groqchat.ui.dialogs.window_help import Explained, explain

        window: object = self.screen
        if isinstance(window, Explained):
            event.prevent_default()  # the screen below would take the key that closes its help
            if isinstance(window, Dialog) and window.is_help:
                window.action_close()
            else:
                self.run_worker(explain(window, self.push_screen_wait), group="help")

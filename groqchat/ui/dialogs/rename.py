"""Gives a session, or a key, another name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input

from groqchat.ui.dialogs.dialog import CLOSE, Dialog
from groqchat.ui.widgets.text import KeyHint, line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.widget import Widget

LONGEST_TITLE = 120


class RenameScreen(Dialog[str]):
    """The new name, or None.

    Args:
        title: The present one.
        heading: What gets a name.
        verb: What Enter does.
    """

    DEFAULT_CSS = """
    RenameScreen > #frame { max-width: 72; }
    RenameScreen Input { margin: 1 0; }
    RenameScreen.-low Input { margin: 0; }
    """
    purpose = "A new name. Nothing else changes."
    guide = "sessions"

    def __init__(
        self, title: str, heading: str = "Rename the session", verb: str = "rename"
    ) -> None:
        self.heading, self._verb = heading, verb
        super().__init__()
        self._title = line(title, LONGEST_TITLE)

    def content(self) -> Iterable[Widget]:
        """The title, ready to be overwritten."""
        return (Input(self._title, max_length=LONGEST_TITLE, select_on_focus=True),)

    def hints(self) -> Sequence[KeyHint]:
        """The keys: Enter takes the title."""
        return (KeyHint("Enter", self._verb, "enter"), CLOSE)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the title, unless it is empty."""
        event.stop()
        title = line(event.value, LONGEST_TITLE)
        if title:
            self.finish(title)

"""Asks once before something is done for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Static

from groqchat.ui.screens.dialog import Dialog
from groqchat.ui.text import KeyHint, block, line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.widget import Widget


class Confirm(Dialog[bool]):
    """True when confirmed, else False. Enter does nothing: it may have been meant for the chat.

    Args:
        question: What is to be done.
        verb: The word that does it.
    """

    DEFAULT_CSS = """
    Confirm > #frame { max-width: 64; border: round $warning; border-title-color: $text-warning; }
    Confirm #question { height: auto; max-height: 12; margin: 1 0; }
    Confirm.-low #question { margin: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "confirm", show=False),
        Binding("n", "close", show=False),
    ]

    def __init__(self, question: str, verb: str) -> None:
        self.heading = line(verb, 40)
        super().__init__()
        self._question = question

    def content(self) -> Iterable[Widget]:
        """The question."""
        return (Static(block(self._question, 600), id="question", markup=False),)

    def hints(self) -> Sequence[KeyHint]:
        """Yes or no."""
        return (KeyHint("y", self.heading.lower(), "y"), KeyHint("Esc", "cancel", "escape"))

    def action_confirm(self) -> None:
        """Do it."""
        self.finish(True)

    def action_close(self) -> None:
        """Do not."""
        self.finish(False)

"""Asks once before something is done for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Static

from groqchat.ui.dialogs.dialog import Dialog
from groqchat.ui.widgets.lone_letter import LoneLetter
from groqchat.ui.widgets.text import KeyHint, block, line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from textual.events import Key
    from textual.widget import Widget

    from groqchat.domain.errors.tree import GroqchatError


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
    yes = "y"
    purpose = "One question before something is done. Nothing is done until you say yes."
    guide = "chat"

    def __init__(self, question: str, verb: str) -> None:
        self.heading = line(verb, 40)
        super().__init__()
        self._question = question

    def content(self) -> Iterable[Widget]:
        """The question."""
        return (Static(block(self._question, 600), id="question", markup=False),)

    def hints(self) -> Sequence[KeyHint]:
        """Yes or no."""
        return (
            KeyHint(self.yes, self.heading.lower(), self.yes),
            KeyHint("Esc", "cancel", "escape"),
        )

    def action_confirm(self) -> None:
        """Do it."""
        self.finish(True)

    def action_close(self) -> None:
        """Do not."""
        self.finish(False)


class SendThisOne(Confirm, inherit_bindings=False):
    """Offers to send a prompt once that something stands in the way of, by the key on a toast.

    Args:
        error: What stands in the way.
        write: Takes what is typed on: the letter acts only alone.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", show=False)]
    yes = "o"
    purpose = (
        "The prompt was not sent, for the reason above. The letter sends this one all the same."
    )
    guide = "settings"

    def __init__(self, error: GroqchatError, write: Callable[[str], object]) -> None:
        super().__init__(f"{error.message}\n\n{error.suggestion}", "Send this one")
        self._write = write
        self._lone = LoneLetter(self, lambda _: self.action_confirm(), self._type_on)

    def on_key(self, event: Key) -> None:
        """Act on a letter; other text goes on in the field where it was begun."""
        self._lone.take(event, (self.yes,))

    def _type_on(self, text: str) -> None:
        self.action_close()
        self._write(text)

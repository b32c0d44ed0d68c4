"""Asks for a few words, of which there may be none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input, Static

from groqchat.ui.dialogs.dialog import CLOSE, Dialog
from groqchat.ui.widgets.text import KeyHint, line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.widget import Widget


class Words(Dialog[str]):
    """A dialog for one line of text. The result is the text, or None if it was closed.

    Args:
        heading: What they are for.
        words: The present ones.
        longest: How many characters there may be.
        said: What stands below the line.
        verb: What Enter does with it.
        replaces: Whether typing replaces the present words.
    """

    DEFAULT_CSS = """
    Words > #frame { max-width: 72; }
    Words Input { margin: 1 0; }
    Words.-low Input { margin: 0; }
    """
    purpose = "One line of text. Enter takes it; Esc leaves everything as it was."
    guide = "chat"

    def __init__(
        self,
        heading: str,
        words: str,
        longest: int,
        said: str = "",
        *,
        verb: str = "keep",
        replaces: bool = True,
    ) -> None:
        self.heading = heading
        self._verb = verb
        super().__init__()
        self._words, self._longest, self._said = words, longest, said
        self._replaces = replaces
        self._is_warned = False

    def content(self) -> Iterable[Widget]:
        """The line to write on, with the words about it below."""
        self._input = Input(self._words, max_length=self._longest, select_on_focus=self._replaces)
        self._below = Static(self._said, id="said", markup=False)
        yield self._input
        yield self._below

    def hints(self) -> Sequence[KeyHint]:
        """The keys: Enter takes the text."""
        return (KeyHint("Enter", self._verb, "enter"), CLOSE)

    def action_close(self) -> None:
        """Leave without a result; what was written goes only if Esc is meant."""
        if self._input.value == self._words or self._is_warned:
            self.finish(None)
            return
        self._is_warned = True
        self._below.update("Enter keeps your text; Esc again discards it.")

    def on_input_changed(self) -> None:
        """Ask again before the next Esc, since the text has changed."""
        self._is_warned = False

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what is written."""
        event.stop()
        self.finish(line(event.value, self._longest))

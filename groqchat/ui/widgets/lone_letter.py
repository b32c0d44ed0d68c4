"""A letter is a command when it stays alone for a moment; several in a row are a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.ui.terminal.textual_internals import call_after

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from textual.events import Key
    from textual.timer import Timer
    from textual.widget import Widget

# A letter acts when no other follows within this time, in seconds; who writes a text is faster.
ALONE_S = 0.3


class LoneLetter:
    """Tells commands of one letter from a text, for a widget in which nothing can be written.

    Args:
        widget: Has the focus while letters come.
        act: Does what a letter stands for.
        write: Takes text that belongs elsewhere.
    """

    def __init__(
        self, widget: Widget, act: Callable[[str], object], write: Callable[[str], object]
    ) -> None:
        self._widget = widget
        self._act = act
        self._write = write
        self._letter = ""
        self._timer: Timer | None = None
        self._is_text = self._has_acted = False

    def take(self, event: Key, commands: Container[str], moves: Container[str] = "") -> bool:
        """Take a key, if it is a letter.

        Args:
            event: The key.
            commands: The letters that stand for something.
            moves: The letters that cost and change nothing; they act at once, and are written all
                the same where others follow.

        Returns:
            Whether it was one; then the event goes no further.
        """
        letter = event.character or ""
        if not (event.is_printable and letter):
            return False
        event.stop()
        event.prevent_default()
        if letter in moves and not self._is_text and all(one in moves for one in self._letter):
            self._wait(self._take_letter() + letter, has_acted=True)
            self._act(letter)
        elif letter in commands and not self._letter and not self._is_text:
            self._wait(letter)
        else:
            self._is_text = True
            self._write(self._take_letter() + letter)
        return True

    @property
    def is_waiting(self) -> bool:
        """Whether a letter that may be a command is held back."""
        return bool(self._letter)

    def begin_anew(self) -> None:
        """Let the next letter be a command again, since the focus has moved."""
        self._is_text = False

    def _wait(self, letter: str, *, has_acted: bool = False) -> None:
        self._letter, self._has_acted = letter, has_acted
        self._timer = call_after(self._widget, ALONE_S, self._stayed_alone)

    def _stayed_alone(self) -> None:
        if (letter := self._take_letter()) and not self._has_acted:
            self._act(letter)

    def _take_letter(self) -> str:
        if self._timer is not None:
            self._timer.stop()
        letter, self._letter = self._letter, ""
        return letter

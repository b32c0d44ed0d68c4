"""Calls a user whose terminal is not in front: bell, desktop notification, title."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from textual.events import AppBlur, AppFocus, Event, Key

from groqchat.domain.terminals import Multiplexer, Notice, has_title, multiplexer, notice
from groqchat.domain.text.sanitize import sanitize
from groqchat.ui.terminal.textual_internals import driver_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.screen import Screen

BELL = "\a"
# The terminal keeps its title, and takes it back (XTWINOPS of xterm; others know them, too).
KEEP_TITLE, RESTORE_TITLE = "\x1b[22;2t", "\x1b[23;2t"
_LONGEST = 80


def title(text: str) -> str:
    """The sequence that sets the title of the terminal's window, or of tmux's pane."""
    return f"\x1b]2;{text}\a"


def notification(text: str, environ: Mapping[str, str]) -> str:
    """The sequence that shows a notification; empty where the terminal would print it.

    tmux hands it on where its option ``allow-passthrough`` is set, and drops it elsewhere.
    """
    match notice(environ):
        case Notice.NONE:
            return ""
        case Notice.URXVT:
            sequence = f"\x1b]777;notify;groqchat;{text.replace(';', ',')}\a"
        case Notice.ITERM2:
            # A number in front would be a command of ConEmu's.
            sequence = f"\x1b]9;groqchat: {text}\a"
    if multiplexer(environ) is Multiplexer.TMUX:
        return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    return sequence


class Attention:
    """Knows whether the terminal is in front, as far as it reports that, and calls if it is not.

    Args:
        screen: A screen of the app on the terminal.
    """

    def __init__(self, screen: Screen[Any]) -> None:
        self._screen = screen
        # None until the terminal has reported it once: many never do.
        self._is_in_front: bool | None = None
        self._has_title = False

    def note(self, event: Event) -> None:
        """Note a report of the terminal, or a key: whoever presses one has read the title."""
        match event:
            case AppBlur():
                self._is_in_front = False
            case AppFocus():
                self._is_in_front = True
                self.restore()
            case Key():
                if self._is_in_front is False:
                    self._is_in_front = True
                self.restore()

    def call(self, text: str, *, rings_unseen: bool) -> None:
        """Tell what has ended, unless the terminal is in front.

        Args:
            text: What has ended, cleaned and cut here.
            rings_unseen: Whether the bell rings where the terminal never reported its focus.
        """
        if self._is_in_front:
            return
        said = " ".join(sanitize(text).split())[:_LONGEST]
        environ, sequence = os.environ, ""
        if has_title(environ):
            sequence = ("" if self._has_title else KEEP_TITLE) + title(f"● {said}")
            self._has_title = True
        if self._is_in_front is False:
            sequence += notification(said, environ) + BELL
        elif rings_unseen:
            sequence += BELL
        if sequence:
            self._write(sequence)

    def _write(self, sequence: str) -> None:
        if (driver := driver_of(self._screen.app)) is not None:
            driver.write(sequence)
            driver.flush()

    def restore(self) -> None:
        """Give the terminal the title back that it had, if it was changed."""
        if self._has_title:
            self._has_title = False
            # An empty title first, for terminals that keep none.
            self._write(title("") + RESTORE_TITLE)

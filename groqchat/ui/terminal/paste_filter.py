"""Keeps what is pasted inside the paste, and reads Alt+Enter.

Textual's parser reads escape sequences even in a bracketed paste and hands unknown ones on as
keys, so that a pasted terminal log could press Ctrl+G or Enter. Here everything that could begin
a sequence is taken out of pastes before the parser sees them.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from textual._xterm_parser import XTermParser
from textual.events import Key, Paste

from groqchat.ui.terminal.active_screen import MOST_PASTED
from groqchat.ui.terminal.colour_scheme import BackgroundReports
from groqchat.ui.terminal.escape_sequences import SequenceParser
from groqchat.ui.terminal.unmarked_pastes import TogetherRead

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from textual.driver import Driver
    from textual.message import Message

START, END = "\x1b[200~", "\x1b[201~"
# Alt+Enter in terminals without the kitty protocol, and in the form of xterm's modifyOtherKeys.
_ESCAPE_ENTER, ALT_ENTER = "\x1b\r", "\x1b[27;3;13~"
# What Textual's parser makes an Enter of, or a ctrl+@ to which nothing can be bound. Escape and
# Enter of two reads are two keys.
_KEYS = {ALT_ENTER: ("alt+enter",), _ESCAPE_ENTER: ("escape", "enter"), "\0": ("ctrl+space",)}
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
# As much of the start as no key begins with that a person would press alone.
SURELY_A_MARK = 3


class PasteFilter:
    """Takes control characters out of pastes, however the input is cut into pieces."""

    def __init__(self) -> None:
        self._is_pasting = False
        self._held = ""

    def filter(self, data: str) -> str:
        """The next piece of input, its pastes made harmless."""
        data, self._held = self._held + data, ""
        clean = []
        while data:
            mark = END if self._is_pasting else START
            piece, found, data = data.partition(mark)
            if not found:
                piece, self._held = _without_beginning_of(mark, piece)
            clean.append(_harmless(piece) if self._is_pasting else _unambiguous(piece))
            if found:
                clean.append(mark)
                self._is_pasting = not self._is_pasting
        if not self._is_pasting and len(self._held) < SURELY_A_MARK:
            # Outside a paste an escape must not wait: it may be the key itself.
            clean.append(self._held)
            self._held = ""
        return "".join(clean)


class PasteSafeParser(SequenceParser):
    """The parser of all input, behind the filter."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._pastes = PasteFilter()
        self._together = TogetherRead()
        self._background = BackgroundReports()
        # What is being pasted, piece by piece, and its characters; None: nothing is.
        self._pasted: list[str] | None = None
        self._length = 0

    def feed(self, data: str) -> Iterable[Message]:
        """Parse the next piece of input."""
        # An empty piece tells the parser that the input has ended.
        return super().feed(data) if not data else self._feed_clean(data)

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[Key]:
        if names := _KEYS.get(sequence):
            return [Key(name, None) for name in names]
        return super()._sequence_to_key_events(sequence, alt)

    def _feed_clean(self, data: str) -> Iterable[Message]:
        clean = self._pastes.filter(data)
        return self._together.gathered(self._parsed(clean)) if clean else ()

    def _parsed(self, clean: str) -> Iterator[Message]:
        """The events of filtered input; Textual's parser, slow by the letter, sees no pasted text.

        It reads the marks alone, so that it knows where it stands.
        """
        while clean:
            if self._pasted is None:
                typed, mark, clean = clean.partition(START)
                self._pasted = [] if mark else None
                typed, told = self._background.taken(typed)
                yield from told
                seen = f"{typed}{START}{END}" if mark else typed
                # An empty piece tells the parser that the input has ended.
                events = super().feed(seen) if seen else ()
                yield from (event for event in events if not isinstance(event, Paste))
                continue
            text, mark, clean = clean.partition(END)
            room = MOST_PASTED + 1 - self._length
            self._pasted.append(text[:room])
            self._length += min(room, len(text))
            if mark:
                yield Paste("".join(self._pasted))
                self._pasted, self._length = None, 0


def use_safe_parser(driver: type[Driver]) -> None:
    """Let a driver use the safe parser, where it uses Textual's."""
    module = sys.modules[driver.__module__]
    if getattr(module, "XTermParser", None) is XTermParser:
        module.XTermParser = PasteSafeParser  # type: ignore[attr-defined]  # looked up when it starts


def _harmless(text: str) -> str:
    """A text without anything but line breaks, tabs and characters to be seen."""
    return _CONTROLS.sub("", text)


def _unambiguous(typed: str) -> str:
    """Keys with Alt+Enter in a form that cannot be taken for anything else."""
    return typed.replace(_ESCAPE_ENTER, ALT_ENTER)


def _without_beginning_of(mark: str, text: str) -> tuple[str, str]:
    """A text, and the end of it that may be the beginning of a mark cut in two."""
    for length in range(min(len(mark) - 1, len(text)), 0, -1):
        if mark.startswith(text[-length:]):
            return text[:-length], text[-length:]
    return text, ""

"""Text that a terminal pastes without marks: lines that come faster than anybody types.

The Linux console and ``tmux paste-buffer`` write a paste as if it were typed, so that each of its
lines would be sent, and each tab would move the focus. One read tells it apart: whoever types
presses one key after another, and rarely anything behind an Enter.
"""

from __future__ import annotations

import re
from itertools import groupby
from time import monotonic
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from textual.events import Event, Key, Paste
from textual.widgets import Input, TextArea

from groqchat.ui.slash import read_slash
from groqchat.ui.terminal.active_screen import prompt_elsewhere
from groqchat.ui.terminal.textual_internals import call_after

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence

    from textual.app import App
    from textual.message import Message

# Lines that come within this time of each other are pasted, in seconds.
TOGETHER_S = 0.03
_BREAKS = {"enter": "\r", "ctrl+j": "\n", "tab": "\t"}
_MODIFIED = re.compile(r"(?:^|\+)(?:alt|ctrl|super|hyper|meta)\+")
_LINE_END = re.compile(r"\r\n|\r|\n")
_BEHIND_A_BREAK = re.compile(r"[\r\n\t]+[^\r\n\t]")
# More line ends than one Enter.
_SEVERAL = 2


@runtime_checkable
class GivesWay(Protocol):
    """A field whose text makes way for a command that is typed into it."""

    @property
    def is_untouched(self) -> bool:
        """Whether the text was inserted by the program and not changed since."""


class Lines(Event):
    """Keys that came together, letters with line ends or tabs among them.

    Args:
        keys: The keys, in their order.
    """

    def __init__(self, keys: Sequence[Key]) -> None:
        super().__init__()
        self.keys = keys

    @property
    def text(self) -> str:
        """The text that the keys write, with the line ends as they came."""
        return "".join(_BREAKS.get(key.key, key.character or "") for key in self.keys)

    def with_enters(self) -> Lines:
        """A copy with Enter in the place of line feeds, which some terminals send for Enter."""
        return Lines([Key("enter", "\r") if key.key == "ctrl+j" else key for key in self.keys])

    def for_focus(self, app: App[object]) -> list[Key | Paste]:
        """A paste, where these are lines and something takes them, else the keys themselves."""
        field = app.focused
        if not isinstance(field, Input | TextArea):
            field = prompt_elsewhere(app.screen)
        text = _LINE_END.sub("\n", self.text)
        if field is not None and _is_pasted(text, field):
            return [Paste(text)]
        return list(_without_line_feeds_behind_enters(self.keys))


def _is_pasted(text: str, field: Input | TextArea) -> bool:
    """Whether a text was pasted into a field, and does not begin with a command."""
    is_several = text.count("\n") >= _SEVERAL
    if isinstance(field, Input):
        return is_several
    first = _before(field) + text.split("\n", 1)[0]
    if read_slash(first) is not None:
        return False
    return is_several or (not first.startswith("/") and bool(_BEHIND_A_BREAK.search(text)))


def _before(field: TextArea) -> str:
    """The text of a field before a paste; a prompt that was given back makes way."""
    return "" if isinstance(field, GivesWay) and field.is_untouched else field.text


def _without_line_feeds_behind_enters(keys: Sequence[Key]) -> Iterator[Key]:
    before = ""
    for key in keys:
        if (before, key.key) != ("enter", "ctrl+j"):
            yield key
        before = key.key


class TogetherRead:
    """Finds the keys of one read, or of two right behind each other, that may be pasted lines."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._until = 0.0

    def gathered(self, messages: Iterable[Message]) -> Iterator[Message]:
        """The messages of one read, with such keys as one event."""
        for writes, run in groupby(messages, _writes):
            together = list(run)
            keys = [one for one in together if writes and isinstance(one, Key)]
            if keys and self._is_together(keys):
                yield Lines(keys)
            else:
                yield from together

    def _is_together(self, keys: Sequence[Key]) -> bool:
        has_letters = len(keys) > 1 and any(key.is_printable for key in keys)
        now = self._clock()
        if not has_letters and now >= self._until:
            return False
        self._until = now + TOGETHER_S
        return any(key.key in _BREAKS for key in keys)


def _writes(message: Message) -> bool:
    """Whether a key writes something into a text."""
    if not isinstance(message, Key):
        return False
    is_letter = message.is_printable and not _MODIFIED.search(message.key)
    return is_letter or message.key in _BREAKS


def _written_behind(kept: Sequence[Key], event: Key | Paste) -> Sequence[Key]:
    """A key that goes on with what is kept, if there is anything."""
    return [event] if kept and isinstance(event, Key) and _writes(event) else []


class Together:
    """Keeps lines until nothing has come for a moment, since a paste is read in pieces.

    Args:
        app: The application.
        hand_on: Takes all that was kept, in order.
    """

    def __init__(
        self, app: App[object], hand_on: Callable[[Key | Paste | Lines], Awaitable[None]]
    ) -> None:
        self._app = app
        self._hand_on = hand_on
        self._kept: list[Key] = []

    async def keeps(self, event: Key | Paste | Lines) -> bool:
        """Whether an event is held back; the event that ends a paste releases what was held."""
        keys = event.keys if isinstance(event, Lines) else _written_behind(self._kept, event)
        if keys:
            self._kept += keys
            count = len(self._kept)
            call_after(self._app, TOGETHER_S, lambda: self._let_go(count))
            return True
        await self._let_go(len(self._kept))
        return False

    async def _let_go(self, count: int) -> None:
        """Hand on what was kept, unless more has come since."""
        if self._kept and count == len(self._kept):
            keys, self._kept = self._kept, []
            await self._hand_on(Lines(keys))

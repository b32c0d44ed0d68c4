"""The options that the chat is opened with, and keys that are typed before it is complete."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from textual.events import Key

from groqchat.ui.terminal.unmarked_pastes import Lines
from groqchat.ui.workspace.sides import Side

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from textual.events import Paste

# What changes nothing but the text, whatever else is there yet.
_WRITING = frozenset({"backspace", "delete", "left", "right", "home", "end"})


@dataclass(frozen=True, slots=True)
class Opening:
    """The options that the chat is opened with.

    ``session_id`` is an id or a unique beginning of one; ``resume`` asks for the session used
    last; ``model`` is taken instead of the session's own; ``text`` stands in the composer;
    ``incognito`` says that nothing is kept. ``theme`` (empty: as the terminal is), ``keys`` by the
    commands' ids and the rest are the user's settings, which the first frame cannot wait for.
    ``has_few_colours`` and ``is_light`` tell of the terminal: sixteen colours at most, and what its
    background was when it was told last.
    """

    session_id: str | None = None
    resume: bool = False
    model: str | None = None
    text: str = ""
    theme: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)
    send_with_enter: bool = True
    composer_keys: str = "default"
    motion: str = "full"
    show_panel: bool = True
    show_sessions: bool = True
    themes_folder: Path | None = None
    incognito: bool = False
    has_few_colours: bool = False
    is_light: bool = False

    @property
    def sides(self) -> frozenset[Side]:
        """The sides that are wanted beside the text."""
        wanted = {Side.PANEL: self.show_panel, Side.SESSIONS: self.show_sessions}
        return frozenset(side for side in Side if wanted[side])


class EarlyKeys:
    """Keys and pastes that are typed before a widget can take them, in order.

    Once there is a composer, letters go to it; the first key that would act (Enter, a command)
    and all after it wait for the rest of the screen.
    """

    def __init__(self) -> None:
        self._held: list[Key | Paste | Lines] = []
        self._has_composer = False
        self._has_all = False

    def hold(self, event: Key | Paste | Lines) -> bool:
        """Keep an event that has to wait; returns whether it has to."""
        if self._has_all or (self._has_composer and not self._held and _only_writes(event)):
            return False
        self._held.append(event if self._has_composer else _with_enters(event))
        return True

    def composer_is_there(self) -> list[Key | Paste | Lines]:
        """Let letters pass from now on; returns those that waited."""
        self._has_composer = True
        acting = (place for place, event in enumerate(self._held) if not _only_writes(event))
        first = next(acting, len(self._held))
        released, self._held = self._held[:first], self._held[first:]
        return released

    def all_is_there(self) -> list[Key | Paste | Lines]:
        """Let all events pass from now on; returns those that still waited."""
        self._has_composer = self._has_all = True
        released, self._held = self._held, []
        return released


def _with_enters(event: Key | Paste | Lines) -> Key | Paste | Lines:
    """An event with Enter restored: terminals make a line feed of it until the driver is there."""
    if isinstance(event, Lines):
        return event.with_enters()
    is_enter = isinstance(event, Key) and event.key == "ctrl+j"
    return Key("enter", "\r") if is_enter else event


def _only_writes(event: Key | Paste | Lines) -> bool:
    if isinstance(event, Lines):
        return False
    return not isinstance(event, Key) or event.is_printable or event.key in _WRITING

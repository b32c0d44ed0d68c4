"""The modes of vi in the composer; what keys do is in ``domain/text/vi``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.text.vi import Mode, ViState, Wish, press
from groqchat.domain.text.vi_motions import Text
from groqchat.ui.terminal.active_screen import is_answering
from groqchat.ui.widgets.own_keys import is_chosen

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.events import Key
    from textual.widgets.text_area import Location

    from groqchat.ui.widgets.attaching.chip_area import ChipArea

_KEYS = frozenset({"escape", "ctrl+r", "backspace"})


class ViKeys:
    """The modes of a text; the frame of the text names the present one.

    Esc leaves insert mode. Where that is left already, or an answer is written and the text is
    empty, it does what it does elsewhere. A slash in an empty text begins a command.

    Args:
        area: The text.
        older: Goes up a line, or to an older prompt.
        newer: Goes down a line, or to a newer prompt.
    """

    def __init__(
        self, area: ChipArea, older: Callable[[], None], newer: Callable[[], None]
    ) -> None:
        self._area, self._older, self._newer = area, older, newer
        self._state = ViState()
        area.add_class("-modal")
        self._show()

    def take(self, event: Key) -> bool:
        """Do what a key means in normal mode; in insert mode only Esc means anything."""
        key = event.key if event.key in _KEYS else event.character or ""
        if self._state.mode is Mode.INSERT:
            if key == "escape" and not self._stops_an_answer:
                self._leave_insert_mode()
                return True
            return False
        is_idle_escape = key == "escape" and not self._state.typed
        is_command = event.key in _KEYS or event.is_printable
        if is_idle_escape or not is_command or is_chosen(event.key, self._area.app):
            self._become(ViState(Mode.NORMAL, "", self._state.register, self._state.has_lines))
            return False
        if event.key.startswith("alt+"):
            return True  # the letter of a key that means nothing
        if key == "/" and not self._area.text:
            self.begin_writing()
            return False
        self._press(key)
        return True

    def begin_writing(self) -> None:
        """Go to insert mode."""
        self._become(ViState(Mode.INSERT, "", self._state.register, self._state.has_lines))

    def end(self) -> None:
        """Take the mode off the frame."""
        self._area.border_subtitle = ""
        self._area.remove_class("-modal")

    @property
    def _stops_an_answer(self) -> bool:
        return not self._area.text and is_answering(self._area.screen)

    def _leave_insert_mode(self) -> None:
        at = self._text
        self._become(ViState(Mode.NORMAL, "", self._state.register, self._state.has_lines))
        if at.cursor > at.line_start:
            self._area.move_cursor(_location(at.text, at.cursor - 1))

    def _press(self, key: str) -> None:
        before = self._text
        step = press(self._state, key, before)
        self._change(before, step.after)
        self._become(step.state)
        if step.wish is not None:
            self._grant(step.wish)

    def _grant(self, wish: Wish) -> None:
        area = self._area
        match wish:
            case Wish.UNDO:
                area.undo()
            case Wish.REDO:
                area.redo()
            case Wish.OLDER:
                self._older()
            case Wish.NEWER:
                self._newer()
            case Wish.PALETTE:
                area.app.action_command_palette()
        if wish in {Wish.UNDO, Wish.REDO}:
            now = self._text
            area.move_cursor(_location(now.text, now.on_a_character.cursor))

    @property
    def _text(self) -> Text:
        area = self._area
        row, column = area.cursor_location
        lines = area.shown.split("\n")
        return Text(area.shown, sum(len(line) + 1 for line in lines[:row]) + column)

    def _change(self, before: Text, after: Text) -> None:
        """Replace only what differs, so that undo and chips see a small edit."""
        area = self._area
        if after.text != before.text:
            start = _same(before.text, after.text)
            behind = _same(before.text[start:][::-1], after.text[start:][::-1])
            end = len(before.text) - behind
            area.history.checkpoint()
            area.replace(
                after.text[start : len(after.text) - behind],
                _location(before.text, start),
                _location(before.text, end),
                maintain_selection_offset=False,
            )
        area.move_cursor(_location(area.shown, min(after.cursor, len(area.shown))))

    def _become(self, state: ViState) -> None:
        is_other = state.mode is not self._state.mode
        self._state = state
        if is_other:
            self._show()

    def _show(self) -> None:
        self._area.border_subtitle = self._state.mode.value


def _same(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (this, that) in pairs if this != that), min(len(one), len(other)))


def _location(text: str, place: int) -> Location:
    """A place in a text as row and column."""
    start = text.rfind("\n", 0, place) + 1
    return text.count("\n", 0, place), place - start

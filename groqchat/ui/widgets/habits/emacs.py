"""The keys of Emacs and of shells in the composer: movements, and a kill ring of one text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.ui.widgets.own_keys import is_chosen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual.events import Key

    from groqchat.ui.widgets.attaching.chip_area import ChipArea


class EmacsKeys:
    """What Emacs' keys do in a text; keys that the user gave to commands are left to them.

    Ctrl+A, Ctrl+E, Ctrl+D and Alt+Backspace are those of the text area already. What several kills
    in a row take away comes back as one text.

    Args:
        area: The text.
        older: Goes up a line, or to an older prompt.
        newer: Goes down a line, or to a newer prompt.
    """

    def __init__(
        self, area: ChipArea, older: Callable[[], None], newer: Callable[[], None]
    ) -> None:
        self._area = area
        self._killed = ""
        self._goes_on = False
        self._moves: Mapping[str, Callable[[], object]] = {
            "ctrl+f": area.action_cursor_right,
            "ctrl+b": area.action_cursor_left,
            "ctrl+n": newer,
            "ctrl+p": older,
            "alt+f": area.action_cursor_word_right,
            "alt+b": area.action_cursor_word_left,
            "alt+less_than_sign": lambda: area.move_cursor((0, 0)),
            "alt+greater_than_sign": lambda: area.move_cursor(area.document.end),
            "ctrl+underscore": area.undo,
            "ctrl+y": self._yank,
        }
        self._kills: Mapping[str, Callable[[], object]] = {
            "ctrl+k": self._to_line_end,
            "ctrl+u": area.action_delete_to_start_of_line,
            "ctrl+w": self._word_or_selection,
            "alt+d": area.action_delete_word_right,
            "alt+backspace": area.action_delete_word_left,
        }

    def take(self, event: Key) -> bool:
        """Move, kill or yank."""
        key = event.key
        if key in self._kills and not is_chosen(key, self._area.app):
            self._kill(self._kills[key], is_before=key in {"ctrl+u", "ctrl+w", "alt+backspace"})
            return True
        self._goes_on = False
        if key not in self._moves or is_chosen(key, self._area.app):
            return False
        self._moves[key]()
        return True

    def begin_writing(self) -> None:
        """Begin another kill."""
        self._goes_on = False

    def end(self) -> None:
        """Nothing stays."""

    def _kill(self, delete: Callable[[], object], *, is_before: bool) -> None:
        before = self._area.shown
        delete()
        after = self._area.shown
        row, column = self._area.cursor_location
        start = len("".join(f"{line}\n" for line in after.split("\n")[:row])) + column
        killed = before[start : start + len(before) - len(after)]
        if self._goes_on:
            killed = killed + self._killed if is_before else self._killed + killed
        if killed:
            self._killed, self._goes_on = killed, True

    def _to_line_end(self) -> None:
        """Delete to the end of the line; at its end, the line break."""
        area = self._area
        row, column = area.cursor_location
        at_end = column == len(area.document.get_line(row))
        is_last = row == area.document.line_count - 1
        end = (row + 1, 0) if at_end and not is_last else area.get_cursor_line_end_location()
        area.delete((row, column), end, maintain_selection_offset=False)

    def _word_or_selection(self) -> None:
        if self._area.selection.is_empty:
            self._area.action_delete_word_left()
        else:
            self._area.action_delete_left()

    def _yank(self) -> None:
        area = self._area
        result = area.replace(self._killed, *area.selection, maintain_selection_offset=False)
        area.move_cursor(result.end_location)

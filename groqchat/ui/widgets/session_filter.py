"""The line above the list of sessions, in which a filter is typed."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input

# What the line leaves to the list and to the screen.
_ELSEWHERE = frozenset({"delete_right_word", "submit"})


class SessionFilter(Input):
    """A line of text; keys that act on the list or the screen are left to them."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+z", "nothing", show=False)]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave Delete to the list where there is nothing to delete in the line."""
        if action in _ELSEWHERE or action == "nothing":
            return False
        if action == "delete_right":
            return self.cursor_position < len(self.value)
        return super().check_action(action, parameters)

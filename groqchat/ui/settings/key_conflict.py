"""Asks what is to become of a command whose key another one gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from groqchat.ui.dialogs.picker import FewPicker
from groqchat.ui.widgets.text import key_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.ui.commands import Command


class KeyConflict(FewPicker["list[str]"]):
    """The ways out; the result is the keys that the other command has then, or None.

    Args:
        key: The key.
        other: The command that has it.
        its: The keys of that command.
        freed: The keys that the command has none of any more that gets this one.
    """

    DEFAULT_CSS = """
    KeyConflict > #frame { max-width: 64; height: auto; max-height: 85%; }
    KeyConflict #rows { height: auto; max-height: 4; }
    """
    heading = "Key in use"
    purpose = "Another command has the key that you pressed; the two can swap keys."
    guide = "settings"

    def __init__(self, key: str, other: Command, its: Sequence[str], freed: Sequence[str]) -> None:
        super().__init__()
        self._key, self._other = key, other
        self._left = [each for each in its if each != key]
        self._freed = list(freed)

    def narrow(self, query: str) -> None:
        """To swap the keys, or to take this one."""
        title, left = self._other.title, self._left
        rest = f"keeps {_names(left)}" if left else "has no key then"
        rows = [(Content(f"Take it: “{title}” {rest}"), left)]
        if self._freed:
            swap = Content(f"Swap: “{title}” gets {_names(self._freed)}")
            rows.insert(0, (swap, [*left, *self._freed]))
        self.show_rows(rows)

    def describe(self, value: list[str]) -> Content:
        """What is asked."""
        runs = f"{key_name(self._key)} runs “{self._other.title}”."
        return Content(f"{runs} Esc leaves everything as it is.")


def _names(keys: Sequence[str]) -> str:
    return ", ".join(map(key_name, keys))

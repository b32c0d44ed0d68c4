"""The keys of all commands as a table: in force, set by the user, shared, or not sent here."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from textual.content import Content

from groqchat.domain.terminal_keys import why_not_sent
from groqchat.ui.commands import COMMANDS
from groqchat.ui.terminal.browser import is_in_browser
from groqchat.ui.widgets.keymap import keys_in_force, other_keys
from groqchat.ui.widgets.own_keys import of_a_browser
from groqchat.ui.widgets.text import key_name, line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from groqchat.ui.commands import Command
    from groqchat.ui.settings.desk import SettingsDesk

_KEYS = 24
# What marks a key that does not arrive, and one that two commands have.
_LOST, _SHARED = "✗", "!"


class KeyTable:
    """The keys as the settings have them now.

    Args:
        desk: Reads the settings.
    """

    def __init__(self, desk: SettingsDesk) -> None:
        self._desk = desk

    @property
    def wanted(self) -> Mapping[str, str]:
        """The user's own keys, by the ids of commands."""
        return self._desk.settings.keys

    def in_force(self, wanted: Mapping[str, str] | None = None) -> dict[str, list[str]]:
        """The keys of all commands, by their ids, with these keys of the user's or with theirs."""
        others = other_keys(self._desk.settings.composer_keys, of_a_browser())
        return keys_in_force(self.wanted if wanted is None else wanted, others)

    def default(self, command: Command) -> str:
        """The keys that a command has without the user's own, in words."""
        without = {name: keys for name, keys in self.wanted.items() if name != command.id}
        return ", ".join(map(key_name, self.in_force(without)[command.id])) or "no key"

    def matching(self, query: str) -> list[Command]:
        """The commands whose title, name or keys hold every word, those with keys first."""
        words, in_force = query.casefold().split(), self.in_force()
        texts = {
            each.id: f"{each.title} {each.id} {','.join(in_force[each.id])}".casefold()
            for each in COMMANDS
        }
        found = [each for each in COMMANDS if all(word in texts[each.id] for word in words)]
        return sorted(found, key=lambda each: not in_force[each.id])

    def row(self, command: Command, width: int) -> Content:
        """A command and its keys, in so many cells."""
        in_force = self.in_force()
        marks = {key: _mark(key, command, in_force) for key in in_force[command.id]}
        names = ", ".join(f"{key_name(key)} {mark}".strip() for key, mark in marks.items())
        cells = min(_KEYS, width // 2 - 1)
        style = "$text-warning" if any(marks.values()) else "bold" if marks else "$text-muted"
        return Content.assemble(
            ("● " if command.id in self.wanted else "  ", "$text-success"),
            (f"{line(names, cells - 1) or '–':<{cells}}", style),
            line(command.title, max(8, width - cells - 2)),
        )

    def words(self, command: Command) -> str:
        """What is wrong with its keys, what the command does, and what its default is."""
        in_force = self.in_force()
        keys = in_force[command.id]
        lost = [f"{key_name(key)} {_LOST}: {why}." for key in keys if (why := _unsent(key))]
        shared = [
            f"{key_name(key)} {_SHARED}: “{other.title}” has it too; give one of them another."
            for key in keys
            for other in others_with(key, command, in_force)
        ]
        slash = f"Also {command.usage}." if command.slash else ""
        is_own = command.id in self.wanted
        own = f"Set in [keys]; the default is {self.default(command)}." if is_own else ""
        return " ".join(filter(None, (*lost, *shared, f"{command.help}.", slash, own)))


def others_with(key: str, command: Command, in_force: Mapping[str, list[str]]) -> list[Command]:
    """The other commands that have a key."""
    return [each for each in COMMANDS if each is not command and key in in_force[each.id]]


def _mark(key: str, command: Command, in_force: Mapping[str, list[str]]) -> str:
    if _unsent(key):
        return _LOST
    return _SHARED if others_with(key, command, in_force) else ""


def _unsent(key: str) -> str:
    return why_not_sent(key, os.environ, in_browser=is_in_browser())

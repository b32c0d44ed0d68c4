"""Lets the user's own keys act, whatever a text area would make of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unicodedata import category

from textual.binding import Binding
from textual.events import Key

from groqchat.ui.commands import BY_ID
from groqchat.ui.terminal.browser import KEYS_IN_A_BROWSER, is_in_browser
from groqchat.ui.terminal.textual_internals import bindings_of, keymap_of
from groqchat.ui.widgets.keymap import keymap, keys_in_force, other_keys

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import App
    from textual.screen import Screen
    from textual.widgets import TextArea

    from groqchat.ui.commands import Command


# A text area has a use of its own for these.
_PRIORITY = frozenset({"ctrl+k", "ctrl+y"})


def binding(command: Command, keys: str) -> Binding:
    """The binding that runs a command of the chat."""
    action, has_priority = f"run('{command.id}')", command.keys in _PRIORITY
    return Binding(keys, action, command.title, id=command.id, show=False, priority=has_priority)


def bind(
    app: App[Any], chat: Screen[Any], wanted: Mapping[str, str], composer_keys: str = "default"
) -> None:
    """Bind the keys of all commands as the user wants them, and no others.

    Args:
        app: The application.
        chat: The screen of the chat.
        wanted: The table ``[keys]`` of the settings.
        composer_keys: The setting of that name.
    """
    others = other_keys(composer_keys, of_a_browser())
    in_force, bound = keys_in_force(wanted, others), bindings_of(chat)
    for key in list(bound):
        bound[key] = [one for one in bound[key] if one.id not in BY_ID]
        if not bound[key]:
            del bound[key]
    for name, keys in in_force.items():
        for key in keys:
            bound.setdefault(key, []).append(binding(BY_ID[name], key))
    _bind_palette(app, in_force["palette"])
    own, plain = keymap(wanted), keys_in_force({}, {})
    # A command without a key has an empty text there, which Textual passes over.
    other = [name for name, keys in in_force.items() if name in own or keys != plain[name]]
    app.set_keymap({name: ",".join(in_force[name]) for name in other})


def _bind_palette(app: App[Any], keys: Sequence[str]) -> None:
    """Move the key that Textual itself gives the palette on every screen."""
    bound = bindings_of(app)
    for key in [each for each, its in bound.items() if its[0].action == "command_palette"]:
        del bound[key]
    for key in keys:
        bound[key] = [Binding(key, "command_palette", show=False, priority=True)]


def of_a_browser() -> dict[str, str]:
    """The keys in the place of those that a browser keeps, where there is one."""
    return KEYS_IN_A_BROWSER if is_in_browser() else {}


def make_way(area: TextArea) -> None:
    """Take the user's keys from a text area that has another use for them, such as F6."""
    for key in _chosen(area.app):
        bindings_of(area).pop(key, None)


def as_pressed(key: Key, app: App[Any]) -> Key:
    """A key as it is meant: Alt and a letter are no letter where they do something.

    Characters that are seen only in what stands around them are text like others.
    """
    writes = key.is_printable and key.key.startswith("alt+")
    if writes and (key.key in _chosen(app) or key.key in app.screen.active_bindings):
        return Key(key.key, None)
    if key.character and not key.is_printable and category(key.character[0]) in _WRITTEN:
        return Key(key.key, _Written(key.character))
    return key


# What people type though Python calls it not printable: joiners of Persian and Indic words and of
# emoji sequences, marks of direction, and the spaces that do not break.
_WRITTEN = frozenset({"Cf", "Zs"})


class _Written(str):
    """A character that every text field takes."""

    __slots__ = ()

    def isprintable(self) -> bool:
        """Text fields of Textual ask this before they take a key as text."""
        return True


def is_chosen(key: str, app: App[Any]) -> bool:
    """Whether the user gave a key to a command, or it was given one in the place of another."""
    return key in _chosen(app)


def _chosen(app: App[Any]) -> set[str]:
    return {key for keys in keymap_of(app).values() for key in keys.split(",")}

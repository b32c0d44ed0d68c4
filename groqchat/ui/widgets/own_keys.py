"""Lets the user's own keys act, whatever a text area would make of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unicodedata import category

from textual.binding import Binding
from textual.events import Key

from groqchat.ui.commands import BY_ID
from groqchat.ui.terminal.browser import KEYS_IN_A_BROWSER, is_in_browser
from groqchat.ui.terminal.textual_internals import bindings_of, keymap_of
from groqchat.ui.widgets.keymap import keymap

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import App
    from textual.screen import Screen
    from textual.widgets import TextArea


def bind(app: App[Any], chat: Screen[Any], wanted: Mapping[str, str]) -> None:
    """Bind the user's keys, and no others of theirs; also to commands that have none by default."""
    keys, bound = keymap(_of_a_browser() | dict(wanted)), bindings_of(chat)
    for key, bindings in bound.items():
        bound[key] = [one for one in bindings if one.id is None or BY_ID[one.id].keys]
    for name in keys:
        if not BY_ID[name].keys:
            first = keys[name].partition(",")[0]
            binding = Binding(first, f"run('{name}')", BY_ID[name].title, id=name, show=False)
            bound.setdefault(first, []).append(binding)
    app.set_keymap(keys)


def _of_a_browser() -> dict[str, str]:
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


def _chosen(app: App[Any]) -> set[str]:
    return {key for keys in keymap_of(app).values() for key in keys.split(",")}

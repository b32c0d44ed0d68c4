"""The user's own keys: which of them can act, and what is wrong with the others."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from groqchat.domain.text.spelling import nearest
from groqchat.ui.commands import BY_ID

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# What terminals send for these is that of another key.
_ANOTHER = {
    "ctrl+i": "Tab",
    "ctrl+m": "Enter",
    "ctrl+h": "Backspace",
    "ctrl+left_square_bracket": "Esc",
}
_NAMED = frozenset(
    {f"f{number}" for number in range(1, 25)}
    | {"tab", "escape", "up", "down", "left", "right", "home", "end", "pageup", "pagedown"}
    | {"insert", "delete", "backspace", "enter", "space"}
)
_SIGNS = frozenset({"slash", "backslash", "at", "minus", "plus", "underscore"})
_MODIFIERS = frozenset({"ctrl", "alt", "shift", "super", "hyper", "meta"})
# What terminals without kitty's protocol have a way to send.
_TOLD = re.compile(
    r"(ctrl|alt|alt\+shift)\+[a-z]|alt\+\d|(shift\+|ctrl\+|ctrl\+shift\+)?"
    r"(f\d+|up|down|left|right|home|end|pageup|pagedown|insert|delete)"
    r"|shift\+tab|tab|escape|backspace|ctrl\+(space|backslash|underscore)"
)
_EXAMPLES = "write ctrl+o, alt+m or f6"


def keymap(wanted: Mapping[str, str]) -> dict[str, str]:
    """The keys that can act, by the ids of the commands that they run.

    Args:
        wanted: The table ``[keys]`` of the settings.
    """
    known = ((name, keys) for name, keys in wanted.items() if name in BY_ID)
    acting = ((name, [key for key in _split(keys) if not _flaw(key)]) for name, keys in known)
    return {name: ",".join(keys) for name, keys in acting if keys}


def flaws(wanted: Mapping[str, str]) -> list[str]:
    """A sentence for each command that there is not, and for each key that cannot act."""
    return list(_flaws(wanted))


def only_by_protocol(wanted: Mapping[str, str]) -> list[str]:
    """The keys that can act which only terminals with kitty's keyboard protocol send."""
    acting = (key for keys in keymap(wanted).values() for key in keys.split(","))
    return [key for key in acting if not _TOLD.fullmatch(key)]


def _flaws(wanted: Mapping[str, str]) -> Iterator[str]:
    for name, keys in wanted.items():
        if name not in BY_ID:
            alike = nearest(name, BY_ID, farthest=2)
            meant = f"did you mean {alike[0]}?" if alike else f"they are {', '.join(BY_ID)}"
            yield f"[keys] names no command with “{name}”; {meant}"
            continue
        yield from (f"[keys] {name}: {flaw}" for key in _split(keys) if (flaw := _flaw(key)))


def _flaw(key: str) -> str:
    """The reason why a key runs no command; empty where it can."""
    *modifiers, name = key.split("+")
    if len(key) == 1:
        return f"“{key}” writes a character; {_EXAMPLES}"
    if key == "enter":
        return "Enter sends what is written; choose another key"
    if another := _ANOTHER.get(key):
        return f"terminals send {another} for “{key}”; choose another key"
    if not set(modifiers) <= _MODIFIERS or not _is_a_name(name):
        return f"“{key}” is not a key; {_EXAMPLES}"
    return f"“{key}” writes a character; {_EXAMPLES}" if _writes(modifiers, name) else ""


def _writes(modifiers: list[str], name: str) -> bool:
    return set(modifiers) <= {"shift"} and (name == "space" or name not in _NAMED)


def _is_a_name(name: str) -> bool:
    """Whether Textual has a key of that name."""
    if name.isalnum() and len(name) == 1:
        return True
    try:
        return name in _NAMED | _SIGNS or bool(unicodedata.lookup(name.replace("_", " ")))
    except KeyError:
        return False


def _split(keys: str) -> list[str]:
    """The single keys; ``Ctrl+O`` is written as ``ctrl+o``."""
    return [key.lower() if len(key) > 1 else key for key in map(str.strip, keys.split(",")) if key]

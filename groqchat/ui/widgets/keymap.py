"""The user's own keys: which of them can act, and what is wrong with the others."""

from __future__ import annotations

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
# What these do stays as it is.
_FIXED = {"ctrl+q": "Ctrl+Q always quits", "ctrl+c": "Ctrl+C copies, stops or clears"}
# Without these nobody could write, take a completion, or leave a field.
_WRITING = frozenset(
    {"tab", "shift+tab", "up", "down", "left", "right", "home", "end", "pageup", "pagedown"}
    | {"backspace", "delete"}
)
_EXAMPLES = "write ctrl+o, alt+m or f6"
EMACS_KEYS = {
    "new": "f5", "palette": "f2,alt+x", "find": "f3", "compare": "f6", "copy": "f7,alt+w",
}  # fmt: skip
"""The keys of commands whose own keys move in the composer where it is edited as in Emacs."""
# The key of the quota panel in a browser is one that moves, too.
_EMACS_IN_A_BROWSER = {"quota": "f10"}


def other_keys(composer_keys: str, of_a_browser: Mapping[str, str]) -> dict[str, str]:
    """The keys in the place of default ones, by the ids of commands.

    Args:
        composer_keys: The setting of that name.
        of_a_browser: The keys in the place of those that a browser keeps; empty in a terminal.
    """
    if composer_keys != "emacs":
        return dict(of_a_browser)
    return {**of_a_browser, **EMACS_KEYS, **(_EMACS_IN_A_BROWSER if of_a_browser else {})}


def keys_in_force(wanted: Mapping[str, str], others: Mapping[str, str]) -> dict[str, list[str]]:
    """The keys of every command, by its id; none for one whose keys the user took away.

    Args:
        wanted: The table ``[keys]`` of the settings.
        others: The keys in the place of default ones.
    """
    chosen = {**others, **keymap(wanted)}
    return {
        name: [] if _is_none(wanted.get(name)) else _split(chosen.get(name, command.keys))
        for name, command in BY_ID.items()
    }


def _is_none(keys: str | None) -> bool:
    return keys is not None and not keys.strip()


def keymap(wanted: Mapping[str, str]) -> dict[str, str]:
    """The keys that can act, by the ids of the commands that they run.

    Args:
        wanted: The table ``[keys]`` of the settings.
    """
    known = ((name, keys) for name, keys in wanted.items() if name in BY_ID)
    acting = (
        (name, [key for key in _split(keys) if not key_flaw(key, name)]) for name, keys in known
    )
    return {name: ",".join(keys) for name, keys in acting if keys}


def flaws(wanted: Mapping[str, str]) -> list[str]:
    """A sentence for each command that there is not, and for each key that cannot act."""
    return list(_flaws(wanted))


def only_by_protocol(wanted: Mapping[str, str]) -> list[str]:
    """The keys that can act which only terminals with kitty's keyboard protocol send."""
    from groqchat.domain.terminal_keys import needs_protocol

    acting = (key for keys in keymap(wanted).values() for key in keys.split(","))
    return [key for key in acting if needs_protocol(key)]


def _flaws(wanted: Mapping[str, str]) -> Iterator[str]:
    for name, keys in wanted.items():
        if name not in BY_ID:
            alike = nearest(name, BY_ID, farthest=2)
            meant = f"did you mean {alike[0]}?" if alike else f"they are {', '.join(BY_ID)}"
            yield f"[keys] names no command with “{name}”; {meant}"
            continue
        yield from (
            f"[keys] {name}: {flaw}" for key in _split(keys) if (flaw := key_flaw(key, name))
        )


def key_flaw(key: str, command_id: str = "") -> str:
    """The reason why a key cannot run a command; empty where it can."""
    *modifiers, name = key.split("+")
    if len(key) == 1:
        return f"“{key}” writes a character; {_EXAMPLES}"
    if kept := _kept(key, command_id):
        return f"{kept}; choose another key"
    if another := _ANOTHER.get(key):
        return f"terminals send {another} for “{key}”; choose another key"
    if not set(modifiers) <= _MODIFIERS or not _is_a_name(name):
        return f"“{key}” is not a key; {_EXAMPLES}"
    return f"“{key}” writes a character; {_EXAMPLES}" if _writes(modifiers, name) else ""


def _kept(key: str, command_id: str) -> str:
    """What a key is for that has to stay as it is; empty where it may run the command."""
    if key == "enter":
        return "Enter sends what is written"
    if key in _WRITING or (key == "escape" and command_id != "stop"):
        return f"text fields and windows need “{key}”"
    return "" if command_id == "quit" else _FIXED.get(key, "")


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

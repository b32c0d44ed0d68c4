"""The words of the screen for somebody who has lines: keys become the commands they stand for."""

from __future__ import annotations

import re

from groqchat.ui.commands import COMMANDS

_OTHERS = {
    "Esc": "Ctrl+C",
    "F6 in /mcp": "`groqchat mcp remove NAME`",
    "Enter in the empty composer": "an empty line",
    "Enter again": "an empty line",
    "the composer": "your prompt",
}
_SLASHES = {
    "+".join(part.capitalize() for part in key.split("+")): f"/{command.slash}"
    for command in COMMANDS
    if command.slash
    for key in command.keys.split(",")
    if key
}
_BY_KEY = {**_SLASHES, **_OTHERS}
_KEYS = re.compile(
    "|".join(rf"(?<![\w+]){re.escape(key)}(?!\w)" for key in sorted(_BY_KEY, key=len, reverse=True))
)


def in_plain(sentence: str) -> str:
    """A sentence of the screen with commands in the place of keys.

    >>> in_plain("Ctrl+L lists them; Esc stops it.")
    '/model lists them; Ctrl+C stops it.'
    """
    return _KEYS.sub(lambda key: _BY_KEY[key[0]], sentence)

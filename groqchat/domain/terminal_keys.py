"""The keys that terminals and browsers do not send, or send as another key.

Seen with Debian 12's packages and Chromium on 2026-11-28 to 2026-11-30.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from groqchat.domain.terminals import Multiplexer, multiplexer

if TYPE_CHECKING:
    from collections.abc import Mapping

# What terminals without kitty's keyboard protocol have a way to send.
_WITHOUT_PROTOCOL = re.compile(
    r"(ctrl|alt|alt\+shift)\+[a-z]|alt\+\d|(alt\+|shift\+|ctrl\+|ctrl\+shift\+)?"
    r"(f\d+|up|down|left|right|home|end|pageup|pagedown|insert|delete)"
    r"|shift\+tab|tab|escape|backspace"
    r"|ctrl\+(space|backslash|underscore|right_square_bracket|circumflex_accent)"
)
_SCROLLS = r"shift\+(pageup|pagedown|insert)"
# What terminals do themselves as they come: kitty 0.26.5, foot 1.13.1, Alacritty 0.11, xterm 379.
_KEPT = {
    "kitty": re.compile(
        r"shift\+insert|ctrl\+tab|ctrl\+shift\+([abcefghjklnopqrstuvwxz\d]|f1|f2|f5|f6|f7|f8|f10|f11"
        r"|up|down|left|right|home|end|pageup|pagedown|enter|backspace|delete|escape|tab|minus|plus"
        r"|equals_sign|comma|full_stop|grave_accent|(left|right)_square_bracket)"
    ),
    "foot": re.compile(rf"{_SCROLLS}|ctrl\+shift\+[cnruvxz]|ctrl\+(minus|plus|equals_sign|0)"),
    "Alacritty": re.compile(rf"{_SCROLLS}|shift\+(home|end)"),
    "xterm": re.compile(_SCROLLS),
}
# The beginnings of what these terminals call themselves in TERM.
_NAMES = {
    "kitty": "xterm-kitty", "foot": "foot", "Ghostty": "xterm-ghostty", "Alacritty": "alacritty"
}  # fmt: skip
# Those that speak kitty's protocol as they come.
_SPEAK_PROTOCOL = ("kitty", "foot", "Ghostty")
_ONLY_BY_PROTOCOL = "only terminals with kitty's keyboard protocol send it, such as kitty and foot"
_OF_A_BROWSER = re.compile(r"ctrl\+(?:shift\+)?[nt]|ctrl\+w|ctrl\+\d")
_CHANGED_BY_A_BROWSER = {
    "alt+f": "Ctrl+→", "alt+left": "Ctrl+←", "ctrl+h": "Backspace", "alt+enter": "Enter",
    "shift+enter": "Enter", "ctrl+enter": "Enter",
}  # fmt: skip
# Alt with a letter or a digit.
_ALT = re.compile(r"alt\+(?:shift\+)?[a-z0-9]")


def needs_protocol(key: str) -> bool:
    """Whether only terminals with kitty's keyboard protocol send a key, such as ctrl+shift+m."""
    return not _WITHOUT_PROTOCOL.fullmatch(key)


def why_not_sent(key: str, environ: Mapping[str, str], *, in_browser: bool) -> str:
    """The reason why a key does not arrive, as a sentence without its subject; empty if it does.

    >>> why_not_sent("ctrl+n", {}, in_browser=True)
    'the browser keeps it for itself'

    Args:
        key: The key by Textual's name.
        environ: The environment, which tells the terminal.
        in_browser: Whether the terminal is a page of ``groqchat serve``.
    """
    return _why_not_of_a_browser(key) if in_browser else _why_not_from(_terminal(environ), key)


def _why_not_of_a_browser(key: str) -> str:
    if _OF_A_BROWSER.fullmatch(key):
        return "the browser keeps it for itself"
    if other := _CHANGED_BY_A_BROWSER.get(key):
        return f"the browser sends {other} for it"
    return _ONLY_BY_PROTOCOL if needs_protocol(key) else ""


def _terminal(environ: Mapping[str, str]) -> str:
    """The name of a terminal in the tables of this module, or another one; empty if unknown."""
    term = environ.get("TERM", "")
    if multiplexer(environ) is not Multiplexer.NONE:
        return ""
    if term.startswith("xterm") and environ.get("XTERM_VERSION"):
        return "xterm"
    return next((name for name in _NAMES if term.startswith(_NAMES[name])), "")


def _why_not_from(terminal: str, key: str) -> str:
    if (kept := _KEPT.get(terminal)) and kept.fullmatch(key):
        return f"{terminal} keeps it for itself"
    if needs_protocol(key) and terminal not in _SPEAK_PROTOCOL:
        return _ONLY_BY_PROTOCOL
    if terminal == "xterm" and _ALT.fullmatch(key):
        return "xterm writes a letter for it, unless XTerm*metaSendsEscape is true"
    return ""

"""The keys that terminals and browsers do not send, or send as another key.

Seen with Debian 12's packages and Chromium on 2026-11-28 and 2026-11-29.
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
    r"|shift\+tab|tab|escape|backspace|ctrl\+(space|backslash|underscore)"
)
# Names of terminals that speak it as they come.
_SPEAK_PROTOCOL = ("xterm-kitty", "foot", "xterm-ghostty")
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
    if in_browser:
        if _OF_A_BROWSER.fullmatch(key):
            return "the browser keeps it for itself"
        if other := _CHANGED_BY_A_BROWSER.get(key):
            return f"the browser sends {other} for it"
    term, is_direct = environ.get("TERM", ""), multiplexer(environ) is Multiplexer.NONE
    speaks = is_direct and not in_browser and term.startswith(_SPEAK_PROTOCOL)
    if needs_protocol(key) and not speaks:
        return "only terminals with kitty's keyboard protocol send it, such as kitty and foot"
    is_xterm = is_direct and term.startswith("xterm") and bool(environ.get("XTERM_VERSION"))
    if is_xterm and _ALT.fullmatch(key):
        return "xterm writes a letter for it, unless XTerm*metaSendsEscape is true"
    return ""

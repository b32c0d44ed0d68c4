"""What is known of a terminal by its environment.

Sources: the terminals' own manuals, and what Debian 12's packages were seen to do on 2026-11-28.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Names of terminals that take a text for the clipboard (OSC 52) as they come.
_TAKES = ("xterm-kitty", "foot", "alacritty", "wezterm", "xterm-ghostty", "contour")
# Names of those that would print it, or know nothing of it.
_PRINTS = ("linux", "vt", "ansi", "rxvt", "Eterm", "eterm", "cons25", "sun", "dumb")
# Variables that are set by terminals that refuse it unless they are told otherwise.
_REFUSE = ("XTERM_VERSION", "VTE_VERSION", "KONSOLE_VERSION")
_PROGRAMS_THAT_TAKE = frozenset({"WezTerm", "ghostty", "vscode"})


class Multiplexer(StrEnum):
    """What stands between the program and the terminal."""

    NONE = ""
    SCREEN = "GNU screen"
    TMUX = "tmux"


class Clipboard(StrEnum):
    """What a terminal does with a text for its clipboard (OSC 52)."""

    TAKES = "takes it"
    REFUSES = "refuses it unless it is told otherwise"
    PRINTS = "prints it, or knows nothing of it"
    UNKNOWN = "unknown"


def multiplexer(environ: Mapping[str, str]) -> Multiplexer:
    """The one that the program runs in.

    Over SSH only ``TERM`` tells it; tmux passes on nothing of what screen is told, and prints
    nothing of it. Where one runs in the other, both variables are there, and screen counts.
    """
    if environ.get("STY"):
        return Multiplexer.SCREEN
    if environ.get("TMUX") or environ.get("TERM", "").startswith("tmux"):
        return Multiplexer.TMUX
    return Multiplexer.SCREEN if environ.get("TERM", "").startswith("screen") else Multiplexer.NONE


def clipboard(environ: Mapping[str, str]) -> Clipboard:
    """What the terminal does with a text for its clipboard."""
    term = environ.get("TERM", "")
    if multiplexer(environ) is not Multiplexer.NONE:
        return Clipboard.UNKNOWN
    if not term or term.startswith(_PRINTS):
        return Clipboard.PRINTS
    if term.startswith(_TAKES) or environ.get("TERM_PROGRAM") in _PROGRAMS_THAT_TAKE:
        return Clipboard.TAKES
    refuses = term.startswith("st-") or any(environ.get(name) for name in _REFUSE)
    return Clipboard.REFUSES if refuses else Clipboard.UNKNOWN

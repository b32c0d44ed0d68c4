"""The abilities of a terminal, concluded from its environment.

Sources: the terminals' own manuals, and what Debian 12's packages were seen to do on 2026-11-28.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

# Names of terminals that take a text for the clipboard (OSC 52) as they come.
_TAKES = ("xterm-kitty", "foot", "alacritty", "wezterm", "xterm-ghostty", "contour")
# Names of consoles with sixteen colours or fewer, whatever ``COLORTERM`` came along.
_CONSOLES = ("linux", "vt", "ansi", "cons25", "sun", "dumb")
# Names of those that would print such a text, or know nothing of it.
_PRINTS = (*_CONSOLES, "rxvt", "Eterm", "eterm")
# Names of those with kitty's keyboard protocol, by which every key is told apart.
_SEND_ALL_KEYS = ("xterm-kitty", "foot", "xterm-ghostty")
# Variables that are set by terminals that refuse it unless they are told otherwise.
_REFUSE = ("XTERM_VERSION", "VTE_VERSION", "KONSOLE_VERSION")
# Names of those that show a notification of urxvt's form (OSC 777), or drop it unprinted.
_NOTIFY_AS_URXVT = ("rxvt", "foot")
# The last is the page of textual-serve.
_PROGRAMS_THAT_TAKE = frozenset({"WezTerm", "ghostty", "vscode", "textual"})
# Terminals called xterm that show 24 bits set one of these; xterm itself does since version 331.
_SHOW_ALL = ("VTE_VERSION", "KONSOLE_VERSION", "WT_SESSION")
_XTERM_VERSION = re.compile(r"XTerm\((\d+)\)")
_DIRECT_XTERM = 331


class Multiplexer(StrEnum):
    """A terminal multiplexer between the program and the terminal."""

    NONE = ""
    SCREEN = "GNU screen"
    TMUX = "tmux"


class Clipboard(StrEnum):
    """The reaction of a terminal to a text for its clipboard (OSC 52)."""

    TAKES = "takes it"
    REFUSES = "refuses it unless it is told otherwise"
    PRINTS = "prints it, or knows nothing of it"
    UNKNOWN = "unknown"

    @property
    def told(self) -> str:
        """What the terminal does with a copy, as the end of a sentence."""
        return {
            Clipboard.TAKES: "takes copies",
            Clipboard.REFUSES: "refuses copies by default",
            Clipboard.PRINTS: "knows no copies",
            Clipboard.UNKNOWN: "may not take copies",
        }[self]


class Notice(StrEnum):
    """The form of a desktop notification that a terminal is sent."""

    NONE = ""
    ITERM2 = "OSC 9"
    URXVT = "OSC 777"


class Depth(StrEnum):
    """The number of colours that are sent, by the names of Textual and Rich."""

    SIXTEEN = "standard"
    INDEXED = "256"
    TRUE = "truecolor"

    @property
    def words(self) -> str:
        """The number of colours in words."""
        return {"standard": "16 colours", "256": "256 colours"}.get(self, "24-bit colours")


def clipboard_fix(environ: Mapping[str, str]) -> str:
    """The way to have copies reach the clipboard where that is not sure."""
    tool = "install wl-clipboard" if environ.get("WAYLAND_DISPLAY") else "install xclip"
    desktop = f"On a desktop, {tool}."
    if multiplexer(environ) is Multiplexer.TMUX:
        return f"tmux hands copies on with “set -g set-clipboard on”. {desktop}"
    if environ.get("XTERM_VERSION"):
        return f"xterm takes them with “XTerm*disallowedWindowOps: 20,21,SetXprop”. {desktop}"
    return f"{desktop} Over SSH only a terminal such as kitty, foot, WezTerm or Ghostty takes them."


def unsent_keys(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The keys that do not reach the program, or reach it as others, in words."""
    term = environ.get("TERM", "")
    is_direct = multiplexer(environ) is Multiplexer.NONE
    if is_direct and term.startswith(_SEND_ALL_KEYS):
        return ()
    keys = ["Shift+Enter", "Ctrl+Enter"]
    if is_direct and environ.get("XTERM_VERSION"):
        keys += ["Alt+Enter (it fills the screen)", "Alt with a letter (it writes á for a)"]
    return tuple(keys)


def opens_links(environ: Mapping[str, str]) -> bool:
    """Whether the terminal opens links (OSC 8), or ignores them at least."""
    name = environ.get("TERM", "")
    return multiplexer(environ) is not Multiplexer.SCREEN and not name.startswith(_PRINTS)


def multiplexer(environ: Mapping[str, str]) -> Multiplexer:
    """The multiplexer that the program runs in.

    Over SSH only ``TERM`` tells it; tmux passes on nothing of what screen is told, and prints
    nothing of it. Where one runs in the other, both variables are there, and screen counts.
    """
    if environ.get("STY"):
        return Multiplexer.SCREEN
    if environ.get("TMUX") or environ.get("TERM", "").startswith("tmux"):
        return Multiplexer.TMUX
    return Multiplexer.SCREEN if environ.get("TERM", "").startswith("screen") else Multiplexer.NONE


def clipboard(environ: Mapping[str, str]) -> Clipboard:
    """The reaction of the terminal to a text for its clipboard."""
    term = environ.get("TERM", "")
    if multiplexer(environ) is not Multiplexer.NONE:
        return Clipboard.UNKNOWN
    if not term or term.startswith(_PRINTS):
        return Clipboard.PRINTS
    if term.startswith(_TAKES) or environ.get("TERM_PROGRAM") in _PROGRAMS_THAT_TAKE:
        return Clipboard.TAKES
    refuses = term.startswith("st-") or any(environ.get(name) for name in _REFUSE)
    return Clipboard.REFUSES if refuses else Clipboard.UNKNOWN


def notice(environ: Mapping[str, str]) -> Notice:
    """The form of notifications; a terminal that knows neither drops it, consoles would print it.

    GNU screen takes no such sequence, and what is behind it is unknown.
    """
    term = environ.get("TERM", "")
    if not has_title(environ):
        return Notice.NONE
    as_urxvt = term.startswith(_NOTIFY_AS_URXVT)
    as_urxvt |= any(environ.get(name) for name in ("VTE_VERSION", "KONSOLE_VERSION"))
    # Of the terminal behind tmux these variables may be old.
    is_direct = multiplexer(environ) is Multiplexer.NONE
    return Notice.URXVT if as_urxvt and is_direct else Notice.ITERM2


def has_title(environ: Mapping[str, str]) -> bool:
    """Whether a title (OSC 2) can be set and restored; GNU screen does not restore it."""
    term = environ.get("TERM", "")
    is_window = bool(term) and not term.startswith((*_CONSOLES, "Eterm", "eterm"))
    return is_window and multiplexer(environ) is not Multiplexer.SCREEN


def depth(environ: Mapping[str, str], terminfo: Callable[[], int]) -> Depth:
    """The number of colours to send.

    ``COLORTERM`` is inherited by whatever is started in a terminal, and not passed on over SSH, so
    that it is believed only where nothing stands between. GNU screen before 5 takes 24 bits for
    other attributes; tmux takes them, and shows what the terminal can.

    Args:
        environ: The environment.
        terminfo: Returns the number of colours in the terminal's description.
    """
    term = environ.get("TERM", "")
    between = multiplexer(environ)
    if between is Multiplexer.SCREEN:
        # Its name says what it believes of the terminal, which it sends no more than that.
        return Depth.INDEXED if "256color" in term else Depth.SIXTEEN
    if term.startswith(_CONSOLES):
        return Depth.SIXTEEN
    if between is Multiplexer.TMUX or _shows_all(term, environ):
        return Depth.TRUE
    if "256color" in term or term.startswith("xterm"):
        return Depth.INDEXED
    return Depth.INDEXED if terminfo() >= 256 else Depth.SIXTEEN


def _shows_all(term: str, environ: Mapping[str, str]) -> bool:
    if environ.get("COLORTERM", "").lower() in {"truecolor", "24bit"}:
        return True
    if term.startswith(_TAKES) or term.endswith("-direct"):
        return True
    if not term.startswith("xterm"):
        return False
    version = _XTERM_VERSION.match(environ.get("XTERM_VERSION", ""))
    if version:
        return int(version[1]) >= _DIRECT_XTERM
    return any(environ.get(name) for name in _SHOW_ALL)


def advice(environ: Mapping[str, str], colours: Depth) -> Iterator[str]:
    """Sentences on what could be better in this terminal, and how."""
    match multiplexer(environ):
        case Multiplexer.SCREEN:
            yield (
                "GNU screen shows 256 colours with “term screen-256color” in ~/.screenrc, and no "
                "italics; tmux shows more."
            )
        case Multiplexer.TMUX:
            yield (
                "Where the terminal shows 24-bit colours and takes copies, tmux passes both on "
                "with “set -as terminal-features ',*:RGB:clipboard'” in its settings."
            )
        case _ if colours is Depth.SIXTEEN:
            yield (
                "Where the terminal shows more colours, set TERM to its own name or COLORTERM to "
                "truecolor."
            )
        case _ if colours is Depth.INDEXED:
            yield (
                "Where the terminal shows 24-bit colours, set COLORTERM to truecolor; SSH does not "
                "pass it on."
            )
        case _ if environ.get("XTERM_VERSION") and environ.get("TERM", "").startswith("xterm"):
            yield (
                "In ~/.Xresources “XTerm*metaSendsEscape: true” lets Alt with a letter act, "
                "“XTerm*omitTranslation: fullscreen” lets Alt+Enter break the line, and "
                "“XTerm*disallowedWindowOps: 20,21,SetXprop” lets copies through."
            )
    if environ.get("TERM", "").startswith("linux"):
        yield "The console marks no pastes; several lines at once become a draft."

"""Copies text by every way that can work here, and says what is known of each."""

from __future__ import annotations

import asyncio
import os
from base64 import b64encode
from typing import TYPE_CHECKING, Any

from groqchat.domain.terminals import Clipboard, Multiplexer, clipboard, multiplexer
from groqchat.services.clipboard_tools import TMUX, desktop_tools, first_that_took
from groqchat.ui.terminal.textual_internals import driver_of, remember_copy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import App
    from textual.driver import Driver

# Beyond it many terminals drop or cut the sequence that carries the text.
LONGEST_OSC52 = 75_000
# GNU screen passes on pieces of no more than 255 characters, in versions before 4.3.
_LONGEST_PIECE = 200
_SENT = "sent to the terminal"


async def copy(app: App[Any], text: str) -> str:
    """Copy a text: to tmux's buffer, by a tool of the desktop, and through the terminal (OSC 52).

    The terminal is asked in any case where it can carry the text: over SSH only it reaches the
    clipboard of the person. It does not say whether it obeyed.

    Args:
        app: The application, which writes to the terminal.
        text: What to copy.

    Returns:
        A sentence about it for a notice: ``Copied 12 characters (xclip, sent to the terminal).``
    """
    environ = os.environ
    tmux, desktop = await asyncio.gather(
        first_that_took(TMUX if environ.get("TMUX") else (), text),
        first_that_took(desktop_tools(environ), text),
    )
    remember_copy(app, text)
    # What tmux took, it hands on to the terminal itself.
    sent = "" if tmux else _send(driver_of(app), text, environ)
    held = [word for word in (desktop, tmux and "in tmux's buffer") if word]
    return _sentence(len(text), held, sent, clipboard(environ))


def _send(driver: Driver | None, text: str, environ: Mapping[str, str]) -> str:
    """Send a text to the terminal's clipboard; what is known of it, in words, if it was."""
    carried = sequence(text, environ)
    if driver is None or not carried:
        return ""
    driver.write(carried)
    is_long = len(text.encode(errors="replace")) > LONGEST_OSC52
    return f"{_SENT}, which may cut a text this long" if is_long else _SENT


def sequence(text: str, environ: Mapping[str, str]) -> str:
    """The sequence that fills the terminal's clipboard; empty where it would be printed."""
    if clipboard(environ) is Clipboard.PRINTS:
        return ""
    carried = f"\x1b]52;c;{b64encode(text.encode(errors='replace')).decode()}\x07"
    if multiplexer(environ) is not Multiplexer.SCREEN:
        return carried
    # Screen would print it; what stands in a device control string it hands on as it is.
    starts = range(0, len(carried), _LONGEST_PIECE)
    return "".join(f"\x1bP{carried[at : at + _LONGEST_PIECE]}\x1b\\" for at in starts)


def _sentence(length: int, held: Sequence[str], sent: str, known: Clipboard) -> str:
    characters = f"{length:,} character{'' if length == 1 else 's'}"
    if held:
        return f"Copied {characters} ({', '.join((*held, sent) if sent else held)})."
    if not sent:
        return f"Nothing here takes a copy: {_HELP}."
    if known is Clipboard.TAKES:
        return f"Copied {characters} ({sent})."
    doubt = "refuses copies by default" if known is Clipboard.REFUSES else "may not take them"
    return f"{characters.capitalize()} {sent}, which {doubt}; {_HELP}."


_HELP = "xclip or wl-copy reach the desktop"

"""Copies text by the first way that works on this terminal, and says which it was."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

from groqchat.services.programs import run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from textual.app import App

# Beyond it many terminals drop or cut the sequence that carries the text.
LONGEST_OSC52 = 75_000
_TIMEOUT_S = 2.0


async def copy(app: App[object], text: str) -> str:
    """Copy text: through tmux, a tool of the desktop, and the terminal itself (OSC 52).

    The terminal is asked in any case where it can carry the text: over SSH only it reaches the
    clipboard of the person. It does not say whether it obeyed.

    Args:
        app: The application, which writes to the terminal.
        text: What to copy.

    Returns:
        The way taken, in words for a notice.
    """
    tool = await _tool_that_took(text)
    ways = [tool] if tool else []
    if len(text.encode(errors="replace")) <= LONGEST_OSC52:
        app.copy_to_clipboard(text)
        ways.append("terminal")
    elif not ways:
        app.copy_to_clipboard(text)
        ways.append("terminal, which may cut a text this long")
    return " and ".join(ways)


async def _tool_that_took(text: str) -> str | None:
    for command in _commands(os.environ):
        if await _ran(command, text):
            return command[0]
    return None


def _commands(environ: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """The tools that make sense here, best first."""
    if environ.get("TMUX"):
        yield ("tmux", "load-buffer", "-w", "-")
    if sys.platform == "darwin":
        yield ("pbcopy",)
    if environ.get("WSL_DISTRO_NAME") or sys.platform == "win32":
        yield ("clip.exe",)
    if environ.get("WAYLAND_DISPLAY"):
        yield ("wl-copy",)
    if environ.get("DISPLAY"):
        yield ("xclip", "-selection", "clipboard", "-in")
        yield ("xsel", "--clipboard", "--input")


async def _ran(command: tuple[str, ...], text: str) -> bool:
    """Whether the tool is there and took the text in time."""
    program = shutil.which(command[0])
    if program is None:
        return False
    encoding = "utf-16-le" if command[0] == "clip.exe" else "utf-8"
    words = (program, *command[1:])
    said = text.encode(encoding, errors="replace")
    try:
        # A session of its own: tools that keep the clipboard alive must outlive the program.
        ended = await run(words, limit_s=_TIMEOUT_S, stdin=said, own_session=True)
    except OSError:  # it cannot be started, or not in time
        return False
    return ended.code == 0

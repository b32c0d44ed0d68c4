"""The programs that take a copy: of the desktop, and tmux."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

from groqchat.services.programs import run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TIMEOUT_S = 2.0
TMUX = (("tmux", "load-buffer", "-w", "-"), ("tmux", "load-buffer", "-"))


def desktop_tools(environ: Mapping[str, str]) -> list[tuple[str, ...]]:
    """The tools that make sense here, best first."""
    tools: list[tuple[str, ...]] = []
    if sys.platform == "darwin":
        tools.append(("pbcopy",))
    if environ.get("WSL_DISTRO_NAME") or sys.platform == "win32":
        tools.append(("clip.exe",))
    if environ.get("WAYLAND_DISPLAY"):
        tools.append(("wl-copy",))
    if environ.get("DISPLAY"):
        tools += [("xclip", "-selection", "clipboard", "-in"), ("xsel", "--clipboard", "--input")]
    return tools


async def first_that_took(commands: Sequence[tuple[str, ...]], text: str) -> str:
    """The name of the first program that took a text; empty if none did."""
    for command in commands:
        if await _ran(command, text):
            return command[0]
    return ""


async def _ran(command: tuple[str, ...], text: str) -> bool:
    """Whether the tool exists and accepted the text in time."""
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

"""The number of colours that this terminal is sent, for the chat and the doctor."""

from __future__ import annotations

import os
import sys

from groqchat.domain.terminals import Depth, depth


def colours() -> Depth:
    """The depth of colours; Textual's own environment variable comes first."""
    if sys.platform == "win32":
        return Depth.TRUE  # what its consoles show, Rich asks them
    wanted = os.environ.get("TEXTUAL_COLOR_SYSTEM", "")
    return Depth(wanted) if wanted in set(Depth) else depth(os.environ, _terminfo)


def _terminfo() -> int:
    """The number of colours in the terminal's description; 0 where there is none."""
    try:
        import curses

        curses.setupterm()
        return curses.tigetnum("colors")
    except (ImportError, OSError, ValueError):
        return 0
    except curses.error:
        return 0

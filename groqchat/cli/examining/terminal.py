"""The checks of what a terminal sends and takes: keys, and texts for the clipboard."""

from __future__ import annotations

import os
import shutil

from groqchat.cli.examining.finding import Finding
from groqchat.domain.terminals import (
    Clipboard,
    Multiplexer,
    clipboard,
    clipboard_fix,
    multiplexer,
    unsent_keys,
)
from groqchat.services.clipboard_tools import desktop_tools


def keyboard() -> Finding:
    """The check for keys that the terminal does not tell from others."""
    keys = unsent_keys(os.environ)
    if not keys:
        return Finding("keyboard", True, "Enter with Shift, Ctrl and Alt arrives")
    hint = "Ctrl+J breaks the line in every terminal; `[keys]` rebinds the others."
    return Finding("keyboard", True, f"does not arrive: {', '.join(keys)}", hint)


def copying() -> Finding:
    """The check for the ways by which a copy reaches the clipboard."""
    tools = [tool for tool, *_ in desktop_tools(os.environ) if shutil.which(tool)]
    known, is_tmux = clipboard(os.environ), multiplexer(os.environ) is Multiplexer.TMUX
    ways = [*tools[:1], *(["tmux's buffer"] if is_tmux else [])]
    ways += [] if known is Clipboard.PRINTS else [f"the terminal, which {known.told}"]
    detail = f"copies go to {', '.join(ways)}" if ways else "nothing here takes a copy"
    is_sure = bool(tools) or known is Clipboard.TAKES
    is_lost = not tools and known in {Clipboard.REFUSES, Clipboard.PRINTS}
    hint = "" if is_sure else clipboard_fix(os.environ)
    return Finding("clipboard", True if is_sure else False if is_lost else None, detail, hint)

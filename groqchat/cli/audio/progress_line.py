"""A line of progress on the terminal, written over in place; nothing where stderr is none."""

from __future__ import annotations

import os
import sys

from groqchat.domain.text.sanitize import sanitize

_FULL, _REST = "━", "╌"
_BAR = 24


class ProgressLine:
    """One line on stderr that shows how far something is."""

    def __init__(self) -> None:
        self._is_shown = sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self._has_line = False

    def show(self, share: float, notes: str) -> None:
        """Draw a bar for a share from 0 to 1, with notes behind it."""
        if not self._is_shown:
            return
        full = round(_BAR * min(1.0, max(0.0, share)))
        width = os.get_terminal_size(sys.stderr.fileno()).columns - 1
        line = f"{_FULL * full}{_REST * (_BAR - full)}  {sanitize(notes)}"
        sys.stderr.write(f"\r{line[:width]}\x1b[K")
        sys.stderr.flush()
        self._has_line = True

    def clear(self) -> None:
        """Take the line away, before something else is printed."""
        if self._has_line:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._has_line = False

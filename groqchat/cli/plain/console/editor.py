"""The user's own editor, which has the terminal meanwhile."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from groqchat.services.editor import run_editor

if TYPE_CHECKING:
    from groqchat.cli.plain.console.lines import Lines
    from groqchat.cli.plain.console.reader import Reader


class Editor:
    """Opens files and texts in ``$VISUAL`` or ``$EDITOR``.

    Args:
        lines: Where it is said that there is no terminal for it.
        reader: Leaves the terminal alone meanwhile.
    """

    def __init__(self, lines: Lines, reader: Reader) -> None:
        self._lines = lines
        self._reader = reader

    def edited(self, text: str) -> str | None:
        """The text after the user edited it; None where there is no editor here.

        Raises:
            StorageError: The editor could not be started.
        """
        with tempfile.TemporaryDirectory(prefix="groqchat-") as folder:
            path = Path(folder) / "prompt.md"
            path.write_text(text, "utf-8")
            if not self.open(path):
                return None
            return path.read_text("utf-8", errors="replace").rstrip("\n")

    def open(self, path: Path) -> bool:
        """Open a file, and wait until it is closed; False where there is no terminal.

        Raises:
            StorageError: The editor could not be started.
        """
        if not sys.stdin.isatty():
            self._lines.say("There is no terminal for an editor here.")
            return False
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._reader.pause()
        try:
            run_editor(path)
        finally:
            self._reader.start()
        return True

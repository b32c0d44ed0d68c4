"""Hands a text to the user's own editor and takes it back."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import StorageError
from groqchat.services.editor import run_editor
from groqchat.ui.terminal.browser import is_in_browser

if TYPE_CHECKING:
    from textual.app import App


def edited(app: App[object], text: str) -> str:
    """The text after the user edited it; the screen is handed over meanwhile.

    Raises:
        StorageError: The editor could not be started.
    """
    with tempfile.TemporaryDirectory(prefix="groqchat-") as folder:
        path = Path(folder) / "prompt.md"
        path.write_text(text, "utf-8")
        edit_file(app, path)
        return path.read_text("utf-8", errors="replace").rstrip("\n")


def edit_file(app: App[object], path: Path) -> None:
    """Open a file in ``$VISUAL``, ``$EDITOR`` or the platform's editor; wait until it is closed.

    Raises:
        StorageError: The editor could not be started, or its folder could not be made, or there is
            no terminal for it.
    """
    if is_in_browser():
        raise failure("no_editor_here")
    _make_folder(path.parent)
    problem = None
    with app.suspend():
        try:
            run_editor(path)
        except StorageError as error:  # raised once the screen is back
            problem = error
    if problem is not None:
        raise problem


def _make_folder(folder: Path) -> None:
    """Editors save no file into a folder that is missing."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise failure("disk", detail=f"{folder}: {error.strerror or error}") from error

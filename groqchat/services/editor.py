"""The user's own editor."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from groqchat.domain.errors.table import failure
from groqchat.domain.text.secret import without_keys
from groqchat.services.programs import command_words

if TYPE_CHECKING:
    from pathlib import Path

FALLBACK_EDITOR = "notepad" if sys.platform == "win32" else "vi"


def run_editor(path: Path) -> None:
    """Open a file in ``$VISUAL``, ``$EDITOR`` or the platform's editor; wait until it is closed.

    Raises:
        StorageError: The editor could not be started.
    """
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or FALLBACK_EDITOR
    environment = without_keys(os.environ)
    try:
        subprocess.run([*command_words(editor), str(path)], env=environment, check=False)  # noqa: S603 - the user's own editor
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise failure("editor", detail=f"“{editor}” could not be started: {reason}") from error

"""Files that a person names: read with a clear word when it does not work."""

from __future__ import annotations

import os
from pathlib import Path

from groqchat.domain.causes import failure


def path_from(written: str) -> Path:
    """The path that a person wrote, with or without quotes or a tilde."""
    return Path(written.strip().strip("'\"")).expanduser()


def is_file(path: Path) -> bool:
    """Whether there is a file; not even a path that none could have is an error."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_folder(path: Path) -> bool:
    """Whether there is a folder; not even a path that none could have is an error."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def read_text(path: Path) -> str:
    """The text of a file.

    Raises:
        StorageError: It cannot be read, or is no text.
    """
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise failure("disk", detail=f"{path} is no text file") from None
    except OSError as error:
        raise failure("disk", detail=f"{path}: {reason_of(error)}") from None


def reason_of(error: OSError) -> str:
    """The system's reason in words, without its number."""
    return os.strerror(error.errno) if error.errno else str(error)

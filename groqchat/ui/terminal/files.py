"""Files that a person names: read with a clear word when it does not work."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from groqchat.domain.errors.table import failure

# Far more than any model takes; a composer holds no more of it.
MOST_BYTES = 16 * 2**20
NOT_REGULAR = "it is no regular file, but a pipe, socket or device"

# The screen stands still while a PDF is read.
_PDF_S = 2.0


def path_from(written: str) -> Path:
    """The path that a person wrote, with or without quotes or a tilde."""
    return in_home(written.strip().strip("'\""))


def in_home(path: str) -> Path:
    """A path with the home that a tilde stands for; one of a user without a home stays."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


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


def is_special(path: Path) -> bool:
    """Whether a path is there, but neither a file nor a folder: a pipe, a socket, a device."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def absence(path: Path) -> str:
    """Why there is no file to be read at a path."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return "there is no such file"
    except OSError as error:
        return reason_of(error)
    return "it is a folder" if is_folder(path) else NOT_REGULAR


def read_text(path: Path) -> str:
    """The text of a file.

    Raises:
        StorageError: It cannot be read, or is no text, or no model could take it.
    """
    try:
        if path.exists() and not path.is_file():
            raise failure("disk", detail=f"{path}: {absence(path)}")
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise failure("disk", detail=f"{path} is larger than {MOST_BYTES // 2**20} MB")
        from groqchat.services.file_text import file_text  # not before the first frame

        return file_text(data, _PDF_S)
    except OSError as error:
        raise failure("disk", detail=f"{path}: {reason_of(error)}") from None
    except ValueError as mistake:
        raise failure("disk", detail=f"{path} {mistake}") from None


def reason_of(error: OSError) -> str:
    """The system's reason in words, without its number."""
    return os.strerror(error.errno) if error.errno else str(error)

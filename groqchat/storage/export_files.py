"""Writes exports, and overwrites only earlier exports."""

from __future__ import annotations

import os
from contextlib import suppress
from itertools import chain, count
from secrets import token_hex
from shutil import copymode
from typing import TYPE_CHECKING

from groqchat.domain.errors.table import failure

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def save_export(
    path: Path, text: str, is_ours: Callable[[str], bool], *, is_chosen: bool = False
) -> Path | None:
    """Write a file, unless it exists and is not an unchanged export.

    Args:
        path: The file, or a pipe or device.
        text: The content.
        is_ours: Whether a file with this text may be overwritten.
        is_chosen: Whether groqchat has chosen the name, so that a number may be added to it.

    Returns:
        The path that was written; None where another file is in the way.

    Raises:
        StorageError: The file cannot be written.
    """
    data = text.encode("utf-8", "replace")
    others = (path.with_stem(f"{path.stem}-{number}") for number in count(2))
    for place in chain((path,), others if is_chosen else ()):
        if _written(place, data, is_ours):
            return place
    return None


def _written(path: Path, data: bytes, is_ours: Callable[[str], bool]) -> bool:
    try:
        return _write_new(path, data) or _write_over(path, data, is_ours)
    except (OSError, ValueError) as error:
        number = error.errno if isinstance(error, OSError) else None
        reason = os.strerror(number) if number else str(error)
        raise failure("disk", detail=f"{path}: {reason}") from error


def _write_new(path: Path, data: bytes) -> bool:
    """Create a file; returns False if it exists. A partial file is removed."""
    try:
        file = path.open("xb")
    except FileExistsError:
        return False
    try:
        with file:
            file.write(data)
    except OSError:
        with suppress(OSError):
            path.unlink()
        raise
    return True


def _write_over(path: Path, data: bytes, is_ours: Callable[[str], bool]) -> bool:
    target = path.resolve()
    if not target.is_file():
        target.write_bytes(data)
    elif not _holds(target, is_ours):
        return False
    else:
        anew = target.with_name(f".{target.name[:100]}.{token_hex(16)}")
        if _write_new(anew, data):
            copymode(target, anew)
            anew.replace(target)
    return True


def _holds(path: Path, is_ours: Callable[[str], bool]) -> bool:
    try:
        return is_ours(path.read_bytes().decode())
    except UnicodeDecodeError:
        return False

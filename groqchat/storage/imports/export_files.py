"""The files of images in an export: in its archive, or in the folder that it was unpacked to.

ChatGPT names them by their ids, with more behind (``file-AbC-photo.png``, ``file_00ab.dat``), in
the export's own folder or in ``dalle-generations`` and ``user-…`` (public importers of 2026).
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING

from groqchat.domain.images.limits import MOST_BYTES_READ

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from zipfile import ZipFile

_ID = re.compile(r"file[-_][A-Za-z0-9]+")
_FOLDERS = ("dalle-generations", "user-*")


def damages() -> tuple[type[Exception], ...]:
    """What a damaged, locked or unusual member of an archive raises when it is read."""
    import zlib
    from zipfile import BadZipFile

    return BadZipFile, ValueError, RuntimeError, EOFError, OSError, zlib.error


def files_in(archive: ZipFile) -> Callable[[str], bytes | None]:
    """Reads the files of an archive by their ids; None where there is none, or it is damaged."""
    names, broken = _by_id(archive.namelist()), damages()

    def read(identifier: str) -> bytes | None:
        name = names.get(identifier)
        try:
            return None if name is None else _bounded(archive.open(name))
        except broken:
            return None

    return read


def files_beside(path: Path) -> Callable[[str], bytes | None]:
    """Reads the files beside one of an export by their ids; the folder is listed when asked."""
    names: dict[str, str] = {}

    def read(identifier: str) -> bytes | None:
        if not names:
            folders = (path.parent, *(each for name in _FOLDERS for each in path.parent.glob(name)))
            files = (each for folder in folders for each in folder.glob("file*"))
            names.update(_by_id(map(str, files)) or {"": ""})
        name = names.get(identifier)
        try:
            return None if not name else _bounded((path.parent / name).open("rb"))
        except OSError:
            return None

    return read


def _by_id(names: Iterable[str]) -> dict[str, str]:
    """The first file of each id."""
    found: dict[str, str] = {}
    for name in names:
        if (begun := _ID.match(PurePosixPath(name.replace("\\", "/")).name)) is not None:
            found.setdefault(begun[0], name)
    return found


def _bounded(file: IO[bytes]) -> bytes:
    """The bytes of a file; one byte more than an image may have, where it is larger."""
    with file:
        return file.read(MOST_BYTES_READ + 1)

"""Reads the sessions in files of any kind that is known: JSON, archives of it, and databases."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from groqchat.domain.text.plain_text import plain_text
from groqchat.services.sessions.importers.formats import IMPORTERS
from groqchat.services.sessions.importers.images import ImportedImages
from groqchat.services.sessions.session_imports import Omission, ParsedFile, read_sessions
from groqchat.storage.imports.export_files import damages, files_beside, files_in

if TYPE_CHECKING:
    from collections.abc import Callable

    Progress = Callable[[int, int], None]

MOST_BYTES = 1024 * 2**20
"""The size of a file, and of all the text in an archive."""

OURS = "groqchat"
DATABASES = ("llm", "elia", "oterm")
"""The formats that are databases, as `groqchat.storage.imports.sqlite_files` reads them."""

FORMS = (OURS, *IMPORTERS, *DATABASES)
"""The names of all formats."""

# The first bytes of files. What reads them is imported where one is found.
_SQLITE = b"SQLite format 3\0"
_ZIP = b"PK\x03\x04"
# ChatGPT's and Claude's conversations; large exports have several such files.
_CONVERSATIONS = re.compile(r"conversations(-\d+)?\.json")
_PROJECT = re.compile(r"projects(/.*)?\.json")


def read_source(
    path: Path,
    now: float,
    progress: Progress = lambda _done, _all: None,
    form: str | None = None,
) -> ParsedFile:
    """Read the sessions in a file, which is not changed.

    Args:
        path: The file.
        now: The Unix time that stands in where the source has none.
        progress: Called for each part of the file with the number that is done, and that of all.
        form: One of ``FORMS``; None finds it by the content.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is too large, or no text; the message goes on a sentence that names it.
    """
    with path.open("rb") as file:
        start = file.read(len(_SQLITE))
        if start == _SQLITE:
            if form in {None, *DATABASES}:
                from groqchat.storage.imports.sqlite_files import read_database

                return read_database(path, path.stat().st_mtime, form)
            raise ValueError(f"is a database, and none of {form}")
        file.seek(0)
        return read_stream(file, now, progress, form, ImportedImages(files_beside(path)))


def read_stream(
    file: IO[bytes],
    now: float,
    progress: Progress = lambda _done, _all: None,
    form: str | None = None,
    images: ImportedImages | None = None,
) -> ParsedFile:
    """Read the sessions in an open file or a pipe.

    Args:
        file: The file.
        now: The Unix time that stands in where the source has none.
        progress: Called for each part of the file with the number that is done, and that of all.
        form: One of ``FORMS``; None finds it by the content.
        images: Takes the images of the chats, for a file that is no archive.

    Raises:
        ValueError: It is too large, or no text; the message goes on a sentence that names it.
    """
    if not file.seekable():
        file = BytesIO(_bounded(file, MOST_BYTES))
    begun = file.tell()
    start = file.read(len(_SQLITE))
    file.seek(begun)
    if form in DATABASES or start == _SQLITE:
        raise ValueError(f"is no database of {form}" if form else "is a database: name its file")
    if start.startswith(_ZIP):
        return _read_archive(file, now, progress, form)
    return read_sessions(plain_text(_bounded(file, MOST_BYTES)), now, progress, form, images)


def _bounded(file: IO[bytes], most: int) -> bytes:
    data = file.read(most + 1)
    if len(data) > most:
        raise ValueError(f"holds more than {MOST_BYTES // 2**20:,} MB")
    return data


def _read_archive(file: IO[bytes], now: float, progress: Progress, form: str | None) -> ParsedFile:
    """The sessions in the files of conversations of an archive."""
    import zipfile

    broken = damages()
    reading = ParsedFile()
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise ValueError(f"is a damaged archive ({error})") from None
    with archive:
        names = [each for each in archive.namelist() if not each.endswith("/")]
        found = [each for each in names if _CONVERSATIONS.fullmatch(PurePosixPath(each).name)]
        # An archive of anything else may have its sessions in any JSON.
        chosen = sorted(found) or sorted(
            each for each in names if each.endswith((".json", ".jsonl"))
        )
        reading.omitted["project"] += sum(bool(_PROJECT.search(name)) for name in names)
        room, images = MOST_BYTES, ImportedImages(files_in(archive))
        for number, name in enumerate(chosen, 1):
            try:
                with archive.open(name) as member:
                    content = _bounded(member, room)
                room -= len(content)
                found_there = read_sessions(plain_text(content), now, form=form, images=images)
                reading.add(found_there, name)
            except broken as error:
                reading.failed.append(Omission(name, f"it cannot be read: {error}"))
            progress(number, len(chosen))
    if not chosen:
        reading.failed.append(Omission("the archive", "there is no conversations.json in it"))
    return reading

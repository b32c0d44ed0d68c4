"""Files that whole sessions come from and go to, read and written when they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from groqchat.services.sessions.session_imports import ParsedFile
    from groqchat.storage.backups.copies import Contents

    Progress = Callable[[int, int], None]


class ArchiveFiles:
    """Files of other programs, and copies of the database. Every call waits for the disk.

    Args:
        database: The database.
    """

    def __init__(self, database: Path) -> None:
        self._database = database

    def read(self, path: Path, now: float, progress: Progress) -> ParsedFile:
        """Read the sessions in a file, as `groqchat.storage.imports.sources.read_source` does."""
        from groqchat.storage.imports.sources import read_source

        return read_source(path, now, progress)

    def back_up(self, target: Path, progress: Progress) -> Contents:
        """Copy the database to a new file, as `groqchat.storage.backups.backup.back_up` does."""
        from groqchat.storage.backups.backup import back_up

        return back_up(self._database, target, progress=progress)

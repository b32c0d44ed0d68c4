"""New databases as copies of one that was migrated: fifty small steps less for each."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress

from groqchat.storage.database import database_file
from groqchat.storage.database.read_only import wal_of
from groqchat.storage.settings.paths import PRIVATE, make_private_folder


def copy_new_databases(patch, template):
    """Let databases that do not exist yet begin as a copy of ``template``, which is made if needed.

    ``connection.open_file`` itself, and each process that a test starts, migrate as ever.
    """
    open_file = database_file.open_file

    def opened(path, *, original=None, **how):
        if not template.exists():
            open_file(template).close()
        if path is None:
            original = original or template
        elif not path.exists() and not wal_of(path).exists():
            with suppress(OSError):  # which opening it will tell
                _copy(template, path)
        return open_file(path, original=original, **how)

    patch.setattr(database_file, "open_file", opened)


def _copy(template, path):
    """Copy the file at once: several processes or threads may want it at the same moment."""
    make_private_folder(path.parent)
    part = path.with_name(f"{path.name}.{os.getpid()}.{id(path)}")
    shutil.copyfile(template, part)
    part.chmod(PRIVATE)
    try:
        os.link(part, path)
    finally:
        part.unlink()

"""Opens databases of other programs without changing them, and finds whose they are."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from groqchat.services.sessions.importers.images import ImportedImages
from groqchat.services.sessions.session_imports import Omission, ParsedFile
from groqchat.storage.database.transactions import FAILURES, read_leniently
from groqchat.storage.imports import elia, llm, oterm
from groqchat.storage.imports.tables import Tables

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator

    from groqchat.services.sessions.importers.conversation import Conversation

_OURS = frozenset({"sessions", "messages", "ledger"})
_RESTORED = "it is groqchat's own: `groqchat restore` puts it in the place of the present one"
_SIDE_FILES = ("-wal", "-journal")
# The owner of the file may just be writing it.
_BUSY_S = 10.0
# The bytes of the header that are 1, and 2 in WAL mode.
_MODE = slice(18, 20)


class DatabaseImporter(Protocol):
    """The module that reads the database of one program.

    ``REMARK`` tells what the format does not keep; ``TABLES`` is what the program's database has.
    """

    NAME: str
    REMARK: str
    TABLES: frozenset[str]

    def conversations(
        self, tables: Tables, omitted: Counter[str], images: ImportedImages
    ) -> Iterator[tuple[str, Callable[[], Conversation]]]:
        """The conversations, each with its place and a function that reads it."""


# Those with more tables first, since one's may be among another's.
DATABASES = {module.NAME: cast("DatabaseImporter", module) for module in (llm, elia, oterm)}
"""The readers by the names of the programs."""


def read_database(path: Path, now: float, form: str | None = None) -> ParsedFile:
    """Read the sessions in a database.

    Args:
        path: The file.
        now: The Unix time that stands in where the source has none.
        form: The name of the program; None finds it by the tables.
    """
    reading = ParsedFile()
    with ExitStack() as stack:
        try:
            db = stack.enter_context(_opened(path))
            _read(Tables(db, reading), reading, now, form)
        except (*FAILURES, OSError) as error:
            why = f"this database cannot be read: {error}"
            reading.failed.append(Omission("the file", why))
    return reading


def _read(tables: Tables, reading: ParsedFile, now: float, form: str | None) -> None:
    found = (each for each in DATABASES.values() if tables.names >= each.TABLES)
    importer = next(found, None)
    if importer is None or (form and form != importer.NAME):
        whose = form or "elia, llm or oterm"
        is_ours = tables.names >= _OURS
        why = f"it has not the tables of {whose}" if not is_ours else _RESTORED
        reading.failed.append(Omission("the database", why))
        return
    for where, read in importer.conversations(tables, reading.omitted, ImportedImages()):
        reading.add_conversation(read, where, now)
    if importer.REMARK:
        reading.remarks[importer.REMARK] = None


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that reads a database; one that is in use, or was left unclean, is copied first.

    To read those, SQLite would write beside them.
    """
    with ExitStack() as stack:
        place = path
        if _needs_copy(path):
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="groqchat-"))
            place = Path(folder) / "copy.db"
            shutil.copyfile(path, place)
            for suffix in _SIDE_FILES:
                with suppress(FileNotFoundError):
                    side = path.with_name(path.name + suffix)
                    shutil.copyfile(side, place.with_name(place.name + suffix))
        address = place.absolute().as_uri() + ("?mode=ro" if place == path else "")
        db = stack.enter_context(closing(sqlite3.connect(address, uri=True, timeout=_BUSY_S)))
        read_leniently(db)
        yield db


def _needs_copy(path: Path) -> bool:
    with path.open("rb") as file:
        header = file.read(_MODE.stop)
    has_side_file = any(path.with_name(path.name + suffix).exists() for suffix in _SIDE_FILES)
    return has_side_file or header[_MODE] != b"\1\1"

"""Reads tables of other programs, whose columns differ from version to version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from groqchat.services.sessions.session_imports import Omission
from groqchat.storage.database.recovery import readable_rows

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from groqchat.services.sessions.session_imports import ParsedFile
    from groqchat.storage.database.rows import Row


class Tables:
    """The tables of a database that may be damaged.

    Args:
        db: The connection.
        reading: Where tables are named of which rows cannot be read.

    Raises:
        sqlite3.Error: Nothing in the file can be read.
    """

    def __init__(self, db: sqlite3.Connection, reading: ParsedFile) -> None:
        found = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        self.names = frozenset(row[0] for row in found)
        self._db = db
        self._reading = reading

    def rows(self, table: str, *columns: str) -> list[Row]:
        """The rows in the order in which they were added; a column that is missing is None."""
        if table not in self.names:
            return []
        there = {row[1] for row in self._db.execute(f"PRAGMA table_info({table})")}
        wanted = [f'"{name}"' if name in there else "NULL" for name in columns]
        damage: list[Omission] = []

        def skipping() -> None:
            why = "some rows cannot be read, since the file is damaged"
            damage[:] = [Omission(f"table {table}", why)]

        rows = list(readable_rows(self._db, table, wanted, skipping))
        self._reading.failed += damage
        return rows

    def grouped(self, table: str, key: str, *columns: str) -> dict[Any, list[Row]]:
        """The rows by the value of a column, which is not among them."""
        groups: dict[Any, list[Row]] = {}
        for row in self.rows(table, key, *columns):
            groups.setdefault(row[0], []).append(row[1:])
        return groups


def text_of(value: object) -> str:
    """A value as a text; anything but a text is empty."""
    return value if isinstance(value, str) else ""


def joined(texts: Sequence[str], between: str) -> str:
    """The texts that are not empty, as one."""
    return between.join(filter(None, texts))

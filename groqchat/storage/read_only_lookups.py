"""Read-only look-ups in the database for shell completion."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from groqchat.storage.database.rows import Row

# The user waits after pressing Tab.
BUSY_S = 0.2
MOST_SESSIONS = 200


def sessions(database_file: Path) -> list[tuple[str, str]]:
    """The ids and titles of the last sessions, newest first."""
    # Sessions dated in the future come last, as in the full list.
    order = "updated > strftime('%s', 'now') + 60, updated DESC"
    query = f"SELECT id, title FROM sessions WHERE deleted IS NULL ORDER BY {order} LIMIT ?"
    return [(row[0], row[1]) for row in _rows(database_file, query, MOST_SESSIONS)]


def deleted_sessions(database_file: Path) -> list[tuple[str, str]]:
    """The ids and titles of the sessions in the bin, the last deleted first."""
    query = "SELECT id, title FROM sessions WHERE deleted IS NOT NULL ORDER BY deleted DESC LIMIT ?"
    return [(row[0], row[1]) for row in _rows(database_file, query, MOST_SESSIONS)]


def batches(database_file: Path) -> list[tuple[str, str]]:
    """The ids of the last batches, as they are shown, with the names of their files."""
    query = """
        SELECT iif(count(*) = 1, coalesce(max(batch_id), id), id), name
        FROM batch_jobs JOIN batch_parts ON job_id = id
        GROUP BY id ORDER BY created DESC LIMIT ?
    """
    return [(row[0], row[1]) for row in _rows(database_file, query, MOST_SESSIONS)]


def profiles(database_file: Path) -> list[str]:
    """The names of the stored keys' profiles."""
    return [row[0] for row in _rows(database_file, "SELECT name FROM profiles ORDER BY name")]


def listed_models(database_file: Path) -> list[str]:
    """The model ids in the saved lists of all accounts."""
    lists = _rows(database_file, "SELECT models FROM model_lists")
    return [model["id"] for row in lists for model in json.loads(row[0])]


def _rows(database_file: Path, query: str, *values: int) -> list[Row]:
    """The rows of a query; empty where the database is missing or cannot be read."""
    try:
        address = f"{database_file.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=BUSY_S)) as db:
            return db.execute(query, values).fetchall()
    except sqlite3.Error:
        return []

"""Queries for lists of sessions: the last used first, or those that match a query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.sessions.shelf import Shelf
from groqchat.storage.database import rows

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from groqchat.domain.sessions.queries import Query
    from groqchat.domain.turns.chat import Session

# Each is the condition of an index, which is used only where it is written like this.
SHELVES = {
    Shelf.LISTED: "deleted IS NULL AND is_archived = 0",
    Shelf.ARCHIVED: "deleted IS NULL AND is_archived = 1",
    Shelf.KEPT: "deleted IS NULL",
}
_PINNED = "deleted IS NULL AND is_pinned = 1"
# By the index alone; pinned sessions and those that a clock dated ahead are few.
_LAST_USED = f"""
    SELECT {rows.SESSION_COLUMNS} FROM (
        SELECT listed, min(place) AS place FROM (
            SELECT * FROM (
                SELECT id AS listed, 1 AS place FROM sessions WHERE {{shelf}} AND updated <= :latest
                ORDER BY updated DESC, id DESC LIMIT :first
            )
            UNION ALL SELECT id, 2 FROM sessions WHERE {{shelf}} AND updated > :latest
            UNION ALL SELECT id, 0 FROM sessions WHERE :pinned_first AND {_PINNED} AND {{shelf}}
        ) GROUP BY listed
    ) JOIN sessions ON sessions.id = listed
    ORDER BY place, updated DESC, sessions.id DESC LIMIT :limit OFFSET :offset
"""
_MATCHING = f"""
    SELECT {rows.SESSION_COLUMNS} FROM sessions WHERE {{shelf}}{{also}}
    ORDER BY iif(:pinned_first AND is_pinned, 0, iif(updated <= :latest, 1, 2)),
        updated DESC, id DESC LIMIT :limit OFFSET :offset
"""
_IN_BIN = f"""
    SELECT {rows.SESSION_COLUMNS} FROM sessions WHERE deleted IS NOT NULL
    ORDER BY deleted DESC, rowid DESC LIMIT ? OFFSET ?
"""


def last_used(
    db: sqlite3.Connection,
    shelf: Shelf,
    latest: float,
    *,
    limit: int,
    offset: int,
    pinned_first: bool,
) -> Sequence[Session]:
    """The sessions of a shelf, the last used first; those dated after ``latest`` come last."""
    values = {
        "latest": latest,
        "first": limit if limit < 0 else limit + offset,
        "limit": limit,
        "offset": offset,
        "pinned_first": pinned_first,
    }
    query = _LAST_USED.format(shelf=SHELVES[shelf])
    return [rows.session_from(row) for row in db.execute(query, values)]


def matching(
    db: sqlite3.Connection, query: Query, latest: float, *, limit: int, pinned_first: bool
) -> Sequence[Session]:
    """The sessions whose title or messages match a query, in the order of :func:`last_used`."""
    from groqchat.storage.database.finding.conditions import of_session, with_words

    also, values = of_session(query, "sessions")
    words, patterns = with_words(db, query)
    values |= patterns
    values |= {"latest": latest, "limit": limit, "offset": 0, "pinned_first": pinned_first}
    shelf = SHELVES[query.shelf or Shelf.LISTED]
    statement = _MATCHING.format(shelf=shelf, also=also + words)
    return [rows.session_from(row) for row in db.execute(statement, values)]


def in_bin(db: sqlite3.Connection, limit: int, offset: int = 0) -> Sequence[Session]:
    """The sessions in the bin, the last deleted first."""
    return [rows.session_from(row) for row in db.execute(_IN_BIN, (limit, offset))]

"""Search in messages, by the full-text index or by a scan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.sessions.summaries import Hit, snippet
from groqchat.domain.text.search_terms import Terms
from groqchat.domain.turns.chat import Role
from groqchat.domain.turns.session_kind import SessionKind
from groqchat.storage.database.branches import BRANCH
from groqchat.storage.database.finding.conditions import Words, of_message
from groqchat.storage.database.rows import kind_column

if TYPE_CHECKING:
    import sqlite3

    from groqchat.domain.sessions.queries import Query
    from groqchat.storage.database.rows import Row

RANKED = 2_000
"""The most matches that are compared with each other: the newest ones."""

_COLUMNS = (
    f"m.session_id, s.title, m.id, m.role, m.created, m.content, {kind_column('s.id')}, "
    "s.is_archived"
)
# The rank of FTS5 is BM25: the smaller, the better.
_RANKED = f"""
    SELECT {_COLUMNS} FROM (
        SELECT m.number AS found, search_index.rank AS place
        FROM {{tables}} JOIN sessions AS s ON s.id = m.session_id
        WHERE {{condition}} ORDER BY search_index.rowid DESC LIMIT {RANKED}
    ) JOIN messages AS m ON m.number = found JOIN sessions AS s ON s.id = m.session_id
    ORDER BY place, m.number DESC LIMIT :limit OFFSET :offset
"""
_SCANNED = f"""
    SELECT {_COLUMNS} FROM {{tables}} JOIN sessions AS s ON s.id = m.session_id
    WHERE {{condition}} ORDER BY m.number DESC LIMIT :limit OFFSET :offset
"""
_NEWEST = f"""
    SELECT {_COLUMNS} FROM (
        SELECT max(m.number) AS found
        FROM messages AS m JOIN sessions AS s ON s.id = m.session_id
        WHERE {{condition}} GROUP BY m.session_id
    ) JOIN messages AS m ON m.number = found JOIN sessions AS s ON s.id = m.session_id
    ORDER BY m.number DESC LIMIT :limit OFFSET :offset
"""
_TEXTS = f"""
    {BRANCH}
    SELECT id, content FROM messages WHERE number IN (SELECT number FROM branch)
"""


def find(db: sqlite3.Connection, query: Query, limit: int, offset: int) -> list[Hit]:
    """The messages that match a query, the best match first; of equal ones, the newest.

    A query without words finds the newest message of each session. What is in the bin is not found.
    """
    return [_hit(row, query.terms) for row in _rows(db, query, limit, offset)]


def _rows(db: sqlite3.Connection, query: Query, limit: int, offset: int) -> list[Row]:
    also, values = of_message(query)
    condition = f"s.deleted IS NULL{also}"
    values |= {"limit": limit, "offset": offset}
    if not query.terms:
        whole = f"m.state <> 'streaming' AND {condition}"
        return db.execute(_NEWEST.format(condition=whole), values).fetchall()
    words = Words(db, query.terms)
    values |= words.values
    statement = _RANKED if words.is_indexed and 0 <= limit + offset <= RANKED else _SCANNED
    return db.execute(
        statement.format(tables=words.tables, condition=f"{words.condition} AND {condition}"),
        values,
    ).fetchall()


def _hit(row: Row, terms: Terms) -> Hit:
    session_id, title, message_id, role, created, content, kind, is_archived = row
    return Hit(
        session_id,
        title,
        message_id,
        Role(role),
        created,
        snippet(content, terms),
        SessionKind(kind),
        bool(is_archived),
    )


def count_in_branch(db: sqlite3.Connection, leaf_id: str, query: str) -> dict[str, int]:
    """The number of matches in each message on the branch to a leaf, by message id.

    The index has only beginnings of words, so the branch is scanned.
    """
    terms = Terms.of(query)
    texts = db.execute(_TEXTS, (leaf_id, -1)) if terms else ()
    counts = ((message_id, len(terms.spans(content))) for message_id, content in texts)
    return {message_id: count for message_id, count in counts if count}

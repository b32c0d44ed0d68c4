"""Search in messages, by the full-text index or by a scan."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from groqchat.domain.text.search_terms import Terms, firm_parts, is_plain, is_spaced, words_of
from groqchat.storage.database.branches import BRANCH
from groqchat.storage.database.rows import kind_column
from groqchat.storage.database.search_index import has_fts5

if TYPE_CHECKING:
    import sqlite3

_COLUMNS = f"m.session_id, s.title, m.id, m.role, m.created, m.content, {kind_column('s.id')}"
_BY_INDEX = f"""
    SELECT {_COLUMNS} FROM search_index
    JOIN messages AS m ON m.number = search_index.rowid
    JOIN sessions AS s ON s.id = m.session_id
    WHERE search_index MATCH ? {{also}} ORDER BY search_index.rowid DESC LIMIT ? OFFSET ?
"""
_BY_SCAN = f"""
    SELECT {_COLUMNS} FROM messages AS m JOIN sessions AS s ON s.id = m.session_id
    WHERE m.state <> 'streaming' {{also}}
    ORDER BY m.number DESC LIMIT ? OFFSET ?
"""
_TEXTS = f"""
    {BRANCH}
    SELECT id, content FROM messages WHERE number IN (SELECT number FROM branch)
"""

_WILD = re.compile("[%_!]")
_ESCAPED = r"!\g<0>"

Found = tuple[str, str, str, str, float, str, str]


def find(db: sqlite3.Connection, terms: Terms, limit: int, offset: int) -> list[Found]:
    """The messages that contain all terms, newest first."""
    is_indexed = all(map(is_spaced, terms.terms)) and has_fts5(db)
    conditions, patterns = _as_written(terms)
    if not is_indexed or not all(map(is_plain, terms.terms)):
        # The index has no punctuation: for "c++" it finds words that begin with "c".
        db.create_function("holds_terms", 1, terms.are_in)
        conditions += " AND holds_terms(m.content)"
    if not is_indexed:
        return db.execute(_BY_SCAN.format(also=conditions), (*patterns, limit, offset)).fetchall()
    phrases = (" ".join(words_of(term)) for term in terms.terms)
    wanted = " ".join(f'"{phrase}"*' for phrase in phrases)
    query = _BY_INDEX.format(also=conditions)
    return db.execute(query, (wanted, *patterns, limit, offset)).fetchall()


def count_in_branch(db: sqlite3.Connection, leaf_id: str, query: str) -> dict[str, int]:
    """The number of matches in each message on the branch to a leaf, by message id.

    The index has only beginnings of words, so the branch is scanned.
    """
    terms = Terms.of(query)
    texts = db.execute(_TEXTS, (leaf_id, -1)) if terms else ()
    counts = ((message_id, len(terms.spans(content))) for message_id, content in texts)
    return {message_id: count for message_id, count in counts if count}


def _as_written(terms: Terms) -> tuple[str, list[str]]:
    """SQL conditions for the parts of terms with a single spelling, and their patterns."""
    parts = [part for term in terms.terms for part in firm_parts(term)]
    patterns = [f"%{_WILD.sub(_ESCAPED, part)}%" for part in parts]
    return " AND m.content LIKE ? ESCAPE '!'" * len(parts), patterns

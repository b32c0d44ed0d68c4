"""Which messages hold some words: by the full-text index, or by reading them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from groqchat.storage.branches import BRANCH

if TYPE_CHECKING:
    import sqlite3

_COLUMNS = "m.session_id, s.title, m.id, m.role, m.created, m.content"
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

# Scripts without spaces between words: the index would hold whole sentences as one word.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_WILD = re.compile("[%_!]")
_ESCAPED = r"!\g<0>"

Found = tuple[str, str, str, str, float, str]


def has_fts5(db: sqlite3.Connection) -> bool:
    """Whether this SQLite was built with full-text search; some were not."""
    return bool(db.execute("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'").fetchone())


def find(db: sqlite3.Connection, words: list[str], limit: int, offset: int) -> list[Found]:
    """Messages that hold all of the words (or words that begin so), the newest first."""
    if not all(map(_is_indexed, words)) or not has_fts5(db):
        conditions, patterns = _as_written(words)
        return db.execute(_BY_SCAN.format(also=conditions), (*patterns, limit, offset)).fetchall()
    quoted = " ".join(f'"{word}"*' for word in (word.replace('"', " ") for word in words))
    # The index ignores punctuation, so "c++" is looked for in what it finds for "c".
    conditions, patterns = _as_written([word for word in words if not word.isalnum()])
    query = _BY_INDEX.format(also=conditions)
    return db.execute(query, (quoted, *patterns, limit, offset)).fetchall()


def count_in_branch(db: sqlite3.Connection, leaf_id: str, text: str) -> dict[str, int]:
    """How often a text, as it is but for case, stands in the messages that lead to a leaf.

    The index knows whole words only; a branch is read fast enough without it.
    """
    wanted = text.casefold()
    texts = db.execute(_TEXTS, (leaf_id, -1)) if wanted else ()
    counts = ((message_id, content.casefold().count(wanted)) for message_id, content in texts)
    return {message_id: count for message_id, count in counts if count}


def _as_written(words: list[str]) -> tuple[str, list[str]]:
    """The conditions that each word stands in the text as it is, and what to fill in."""
    patterns = [f"%{_WILD.sub(_ESCAPED, word)}%" for word in words]
    return " AND m.content LIKE ? ESCAPE '!'" * len(words), patterns


def _is_indexed(word: str) -> bool:
    """Whether the index knows such words: it has neither bare punctuation nor unspaced scripts."""
    return any(map(str.isalnum, word)) and not _UNSPACED.search(word)

"""The full-text index over finished messages, and what to ask it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from groqchat.storage.transactions import transaction

if TYPE_CHECKING:
    import sqlite3

# The index holds finished messages only, so that a streaming answer costs it nothing; it reads
# their text through the view, which is what makes a rebuild leave out the same ones.
_INDEX = (
    """CREATE VIEW IF NOT EXISTS finished AS
        SELECT number, content FROM messages WHERE state <> 'streaming'""",
    """CREATE VIRTUAL TABLE search_index USING fts5 (
        content, content = 'finished', content_rowid = 'number',
        tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
    )""",
    """CREATE TRIGGER search_add AFTER INSERT ON messages WHEN new.state <> 'streaming' BEGIN
        INSERT INTO search_index (rowid, content) VALUES (new.number, new.content);
    END""",
    """CREATE TRIGGER search_drop AFTER DELETE ON messages WHEN old.state <> 'streaming' BEGIN
        INSERT INTO search_index (search_index, rowid, content)
        VALUES ('delete', old.number, old.content);
    END""",
    """CREATE TRIGGER search_leave AFTER UPDATE OF state, content ON messages
    WHEN old.state <> 'streaming' BEGIN
        INSERT INTO search_index (search_index, rowid, content)
        VALUES ('delete', old.number, old.content);
    END""",
    """CREATE TRIGGER search_enter AFTER UPDATE OF state, content ON messages
    WHEN new.state <> 'streaming' BEGIN
        INSERT INTO search_index (rowid, content) VALUES (new.number, new.content);
    END""",
    "INSERT INTO search_index (search_index) VALUES ('rebuild')",
)
_TRIGGERS = ("search_add", "search_drop", "search_leave", "search_enter")

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

# Scripts without spaces between words: the index would hold whole sentences as one word.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_WILD = re.compile("[%_!]")
_ESCAPED = r"!\g<0>"

Found = tuple[str, str, str, str, float, str]


def has_fts5(db: sqlite3.Connection) -> bool:
    """Whether this SQLite was built with full-text search; some were not."""
    return bool(db.execute("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'").fetchone())


def prepare_index(db: sqlite3.Connection, *, anew: bool = False) -> None:
    """Make the index if it is missing (or may be wrong); without FTS5, see that nobody needs it."""
    able = has_fts5(db)
    if able and not anew and _is_kept(db):
        return
    with transaction(db):
        if able and not anew and _is_kept(db):  # another process was faster
            return
        for trigger in _TRIGGERS:
            db.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        if able:
            db.execute("DROP TABLE IF EXISTS search_index")
            for statement in _INDEX:
                db.execute(statement)


def _is_kept(db: sqlite3.Connection) -> bool:
    names = ", ".join(f"'{trigger}'" for trigger in _TRIGGERS)
    kept = f"SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name IN ({names})"
    found: int = db.execute(kept).fetchone()[0]
    return found == len(_TRIGGERS)


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


def _as_written(words: list[str]) -> tuple[str, list[str]]:
    """The conditions that each word stands in the text as it is, and what to fill in."""
    patterns = [f"%{_WILD.sub(_ESCAPED, word)}%" for word in words]
    return " AND m.content LIKE ? ESCAPE '!'" * len(words), patterns


def _is_indexed(word: str) -> bool:
    """Whether the index knows such words: it has neither bare punctuation nor unspaced scripts."""
    return any(map(str.isalnum, word)) and not _UNSPACED.search(word)

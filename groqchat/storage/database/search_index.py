"""The full-text index over finished messages, kept by triggers."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from groqchat.storage.database.transactions import transaction

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

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
_ADD = "search_add"
(_ADD_TRIGGER,) = (statement for statement in _INDEX if f"TRIGGER {_ADD} " in statement)
_INDEX_NEW = """
    INSERT INTO search_index (rowid, content) SELECT number, content FROM finished WHERE number > ?
"""
# So many bytes of words FTS5 sorts in memory before it writes them; an index keeps the number.
_SORTED_AT_ONCE = 16 * 1024 * 1024
_SORT_AT_ONCE = "INSERT INTO search_index (search_index, rank) VALUES ('hashsize', ?)"
_TRIGGERS = (_ADD, "search_drop", "search_leave", "search_enter")


def has_fts5(db: sqlite3.Connection) -> bool:
    """Whether this SQLite has full-text search."""
    return bool(db.execute("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'").fetchone())


def drop_deleted(db: sqlite3.Connection) -> None:
    """Remove the words of deleted messages from the index, which would keep them for long.

    FTS5's option ``secure-delete`` would avoid this merge of the whole index, but SQLite before
    3.42 cannot use an index on which it was ever set.
    """
    if has_fts5(db):
        db.execute("INSERT INTO search_index (search_index) VALUES ('optimize')")


def prepare_index(db: sqlite3.Connection, *, anew: bool = False) -> None:
    """Create the index if it is missing or ``anew``; without FTS5 remove its triggers."""
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


@contextmanager
def indexed_at_once(db: sqlite3.Connection) -> Iterator[None]:
    """Index the messages that the block adds in one pass, within a transaction of the caller.

    A trigger makes FTS5 write its words to the disk once for each message, which costs several
    times as much as the messages themselves. The rollback after an error restores the trigger.
    """
    has_trigger = "SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name = ?"
    if not db.execute(has_trigger, (_ADD,)).fetchone():
        yield
        return
    (last,) = db.execute("SELECT coalesce(max(number), 0) FROM messages").fetchone()
    db.execute(f"DROP TRIGGER {_ADD}")
    yield
    db.execute(_SORT_AT_ONCE, (_SORTED_AT_ONCE,))
    db.execute(_INDEX_NEW, (last,))
    db.execute(_ADD_TRIGGER)


def _is_kept(db: sqlite3.Connection) -> bool:
    names = ", ".join(f"'{trigger}'" for trigger in _TRIGGERS)
    kept = f"SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name IN ({names})"
    found: int = db.execute(kept).fetchone()[0]
    return found == len(_TRIGGERS)

"""The tables of deleted messages, as a step of the migrations."""

from __future__ import annotations

# The row of each message as JSON by the names of its columns, and what else of its session each
# deletion has changed.
DELETIONS: tuple[str, ...] = (
    "ALTER TABLE messages ADD COLUMN changed_above INTEGER NOT NULL DEFAULT 0",
    """CREATE TABLE deletions (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        time REAL NOT NULL,
        changes TEXT NOT NULL
    )""",
    "CREATE INDEX deletions_by_session ON deletions (session_id, number)",
    "CREATE INDEX deletions_by_time ON deletions (time)",
    """CREATE TABLE deleted_messages (
        number INTEGER PRIMARY KEY,
        deletion INTEGER NOT NULL REFERENCES deletions (number) ON DELETE CASCADE,
        message TEXT NOT NULL
    )""",
    "CREATE INDEX deleted_messages_by_deletion ON deleted_messages (deletion)",
)

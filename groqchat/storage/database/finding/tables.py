"""The tables and indexes of what sessions are listed by, as a step of the migrations."""

from __future__ import annotations

# Each part of the sessions has an index in the order of its list.
LABELS: tuple[str, ...] = (
    "ALTER TABLE sessions ADD COLUMN is_pinned INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE sessions ADD COLUMN is_archived INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE sessions ADD COLUMN deleted REAL",
    """CREATE TABLE session_tags (
        session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        tag TEXT NOT NULL,
        PRIMARY KEY (session_id, tag)
    )""",
    "CREATE INDEX session_tags_by_tag ON session_tags (tag, session_id)",
    """CREATE INDEX sessions_listed ON sessions (updated, id)
        WHERE deleted IS NULL AND is_archived = 0""",
    """CREATE INDEX sessions_archived ON sessions (updated, id)
        WHERE deleted IS NULL AND is_archived = 1""",
    """CREATE INDEX sessions_pinned ON sessions (updated, id)
        WHERE deleted IS NULL AND is_pinned = 1""",
    "CREATE INDEX sessions_in_bin ON sessions (deleted) WHERE deleted IS NOT NULL",
)

"""The tables of deleted messages, of images and of chips, as steps of the migrations."""

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

# A text names its images by marks with their digests. The trigger holds however a message comes
# back; `is_used` tells an image that no message shows any more from one that none shows yet.
IMAGES: tuple[str, ...] = (
    """CREATE TABLE images (
        digest TEXT PRIMARY KEY NOT NULL,
        media_type TEXT NOT NULL,
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        name TEXT NOT NULL,
        data BLOB NOT NULL,
        added REAL NOT NULL,
        is_used INTEGER NOT NULL DEFAULT 0
    )""",
    """CREATE TABLE message_images (
        message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
        digest TEXT NOT NULL,
        PRIMARY KEY (message_id, digest)
    ) WITHOUT ROWID""",
    "CREATE INDEX message_images_by_digest ON message_images (digest)",
    """CREATE TRIGGER images_of_message AFTER INSERT ON messages
    WHEN new.role = 'user' AND instr(new.content, '](image:') BEGIN
        INSERT OR IGNORE INTO message_images (message_id, digest)
            SELECT new.id, digest FROM images WHERE instr(new.content, '](image:' || digest || ')');
        UPDATE images SET is_used = 1
            WHERE digest IN (SELECT digest FROM message_images WHERE message_id = new.id);
    END""",
)

# Which parts of a draft are shown as chips, as JSON; empty: none.
CHIPS: tuple[str, ...] = ("ALTER TABLE drafts ADD COLUMN chips TEXT NOT NULL DEFAULT ''",)

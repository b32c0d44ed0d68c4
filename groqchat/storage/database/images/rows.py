"""Rows of images: put, read, and deleted once nothing shows them any more."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from groqchat.domain.images.image import Image
from groqchat.storage.database.rows import storable

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

_COLUMNS = "digest, name, width, height, media_type, data"
_PUT = f"INSERT OR IGNORE INTO images ({_COLUMNS}, added) VALUES (?, ?, ?, ?, ?, ?, ?)"
_OF_DIGESTS = f"SELECT {_COLUMNS} FROM images WHERE digest IN (SELECT value FROM json_each(?))"
_OF_SESSION = f"""
    SELECT {_COLUMNS} FROM images WHERE digest IN (
        SELECT message_images.digest FROM message_images
        JOIN messages ON messages.id = message_id WHERE session_id = ?
    ) ORDER BY digest
"""
# What was attached and not sent yet stands in a text area, or as a draft of another process.
_KEPT_UNUSED_S = 30 * 86_400.0
_HELD = " OR ".join(
    f"EXISTS (SELECT 1 FROM {table} WHERE instr({column}, images.digest))"
    for table, column in (
        ("drafts", "text"), ("prompt_queue", "text"), ("deleted_messages", "message")
    )
)  # fmt: skip
_DROP = f"""
    DELETE FROM images WHERE digest NOT IN (SELECT digest FROM message_images)
        AND (is_used OR added < ?) AND NOT ({_HELD})
"""


def put_images(db: sqlite3.Connection, images: Iterable[Image]) -> None:
    """Keep images that are not kept yet, in a caller's transaction."""
    now = time.time()
    values = [
        (*(each.digest, storable(each.name), each.width, each.height), each.media_type, each.data)
        for each in images
    ]
    db.executemany(_PUT, [(*each, now) for each in values])


def images_of(db: sqlite3.Connection, digests: Iterable[str]) -> dict[str, Image]:
    """The kept images with some digests, by digest."""
    found = db.execute(_OF_DIGESTS, (json.dumps(list(digests)),))
    return {row[0]: Image(*row) for row in found}


def images_of_session(db: sqlite3.Connection, session_id: str) -> tuple[Image, ...]:
    """The images that messages of a session show."""
    return tuple(Image(*row) for row in db.execute(_OF_SESSION, (session_id,)))


def drop_unused(db: sqlite3.Connection) -> None:
    """Delete the images that no message, draft or queue shows any more, in a transaction."""
    if db.execute("SELECT 1 FROM images LIMIT 1").fetchone():
        db.execute(_DROP, (time.time() - _KEPT_UNUSED_S,))

"""Rows of transcripts that are paid: kept with a ledger entry, and deleted when they are old."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from typing import TYPE_CHECKING

from groqchat.storage.database.rows import storable

if TYPE_CHECKING:
    import sqlite3

    from groqchat.domain.audio.kept import KeptPiece
    from groqchat.storage.database.rows import Row

KEPT_S = 7 * 86_400.0
"""The longest time for which a piece is kept, in seconds."""
KEPT_COLUMNS = "digest, time, length_s, transcript"

_PUT = f"INSERT OR REPLACE INTO kept_pieces ({KEPT_COLUMNS}) VALUES (?, ?, ?, ?)"
# Dates in the future come from a clock that was ahead, and are not waited for.
_OLD = "time < ? OR time > ?"


def put_piece(db: sqlite3.Connection, piece: KeptPiece) -> None:
    """Keep a piece, within a transaction of the caller."""
    text = storable(json.dumps(asdict(piece.transcript), ensure_ascii=False))
    db.execute(_PUT, (piece.digest, piece.time, piece.length_s, text))


def forget_old_pieces(db: sqlite3.Connection) -> None:
    """Delete the pieces that were kept for ``KEPT_S``."""
    now = time.time()
    out_of = (now - KEPT_S, now + KEPT_S)
    if db.execute(f"SELECT 1 FROM kept_pieces WHERE {_OLD}", out_of).fetchone():
        db.execute(f"DELETE FROM kept_pieces WHERE {_OLD}", out_of)


def piece_from(row: Row) -> KeptPiece:
    """A piece from ``KEPT_COLUMNS``."""
    # Every command opens the database, and few transcribe.
    from groqchat.domain.audio.kept import KeptPiece
    from groqchat.domain.audio.transcript import Segment, Transcript, Word

    digest, kept, length_s, text = row
    known = json.loads(text)
    segments = tuple(Segment(**segment) for segment in known.pop("segments"))
    words = tuple(Word(**word) for word in known.pop("words"))
    transcript = Transcript(**known, segments=segments, words=words)
    return KeptPiece(digest, kept, length_s, transcript)

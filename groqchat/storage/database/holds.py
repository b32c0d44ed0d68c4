"""What requests under way may cost, counted together with what was spent, across processes."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import TYPE_CHECKING

from groqchat.domain.ledger.holds import Room

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from groqchat.domain.ledger.holds import Cap, Hold

# An answer that nobody has written to for this long has lost its writer (seconds); longer than
# any stream is waited for.
ABANDONED_S = 600.0
_SPENT = """
    SELECT coalesce(decimal_sum(cost), '0') FROM ledger
    WHERE time >= ? AND time < coalesce(?, 9e999) AND (? IS NULL OR session_id = ?)
"""
_HELD = "SELECT coalesce(decimal_sum(cost), '0') FROM holds WHERE ? IS NULL OR session_id = ?"
# What a clock that was ahead has dated is not waited for until then.
_FORGET = """
    DELETE FROM holds WHERE NOT EXISTS (
        SELECT 1 FROM (
            SELECT max(holds.time, coalesce(
                (SELECT touched FROM messages WHERE messages.id = holds.message_id), 0
            )) AS seen
        ) WHERE seen > ? AND seen < ?
    )
"""
_INSERT = "INSERT OR REPLACE INTO holds (message_id, session_id, time, cost) VALUES (?, ?, ?, ?)"


def put_hold(db: sqlite3.Connection, hold: Hold, caps: Sequence[Cap]) -> Room | None:
    """Set aside what a request may cost, within a transaction of the caller.

    Args:
        db: The connection.
        hold: The request.
        caps: What it must fit into beside all that was spent and is under way.

    Returns:
        What is taken of the first cap that it does not fit into; then nothing is set aside.
    """
    now = time.time()  # by the same clock as when an answer was last written to
    db.execute(_FORGET, (now - ABANDONED_S, now + ABANDONED_S))
    rooms = (_room(db, cap) for cap in caps)
    full = next((room for room in rooms if not room.takes(hold.cost)), None)
    if full is None:
        db.execute(_INSERT, (hold.message_id, hold.session_id, now, str(hold.cost)))
    return full


def end_hold(db: sqlite3.Connection, message_id: str) -> None:
    """A request is booked, or will not cost anything: nothing is set aside for it any more."""
    db.execute("DELETE FROM holds WHERE message_id = ?", (message_id,))


def _room(db: sqlite3.Connection, cap: Cap) -> Room:
    scope = (cap.session_id, cap.session_id)
    spent = db.execute(_SPENT, (cap.since, cap.until, *scope)).fetchone()[0]
    held = db.execute(_HELD, scope).fetchone()[0]
    return Room(cap, Decimal(spent), Decimal(held))

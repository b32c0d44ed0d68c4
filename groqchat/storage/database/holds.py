"""Holds: the expected costs of requests in flight, checked against budgets across processes."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import TYPE_CHECKING

from groqchat.domain.ledger.holds import CapUsage

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from groqchat.domain.ledger.holds import Cap, Hold

# Seconds after which an unfinished answer has lost its process: longer than any stream may pause.
ABANDONED_S = 600.0
_HELD = "SELECT decimal_total(group_concat(cost)) FROM holds WHERE ? IS NULL OR session_id = ?"
# The longest completion window and some patience: what was submitted earlier was answered before.
_BATCH_S = 8 * 86_400.0
_BATCHES = """
    SELECT estimate, sum(lines) FILTER (WHERE step != 'collected') AS open, sum(lines)
    FROM batch_jobs JOIN batch_parts ON job_id = id
    WHERE estimate IS NOT NULL AND created >= ? GROUP BY id HAVING open > 0
"""
# Dates in the future come from a clock that was ahead, and are not waited for.
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


def put_hold(db: sqlite3.Connection, hold: Hold, caps: Sequence[Cap]) -> CapUsage | None:
    """Hold the expected cost of a request, within a transaction of the caller.

    Args:
        db: The connection.
        hold: The request and its cost.
        caps: The budgets that spending, batches, other holds and this one must fit into.

    Returns:
        The usage of the first cap that is too small, in which case nothing is held; else None.
    """
    now = time.time()  # from the clock that dates the writes of answers
    db.execute(_FORGET, (now - ABANDONED_S, now + ABANDONED_S))
    usages = (_usage_of(db, cap) for cap in caps)
    full = next((usage for usage in usages if not usage.takes(hold.cost)), None)
    if full is None:
        db.execute(_INSERT, (hold.message_id, hold.session_id, now, str(hold.cost)))
    return full


def end_hold(db: sqlite3.Connection, message_id: str) -> None:
    """Remove the hold of a request that was booked or not sent."""
    db.execute("DELETE FROM holds WHERE message_id = ?", (message_id,))


def _usage_of(db: sqlite3.Connection, cap: Cap) -> CapUsage:
    from groqchat.storage.database.usage.periods import spent

    booked = spent(db, cap.since, cap.until, cap.session_id)
    held = db.execute(_HELD, (cap.session_id, cap.session_id)).fetchone()[0]
    batches = _batches(db, cap.since) if cap.session_id is None else Decimal(0)
    return CapUsage(cap, booked.cost, Decimal(held), batches)


def _batches(db: sqlite3.Connection, since: float) -> Decimal:
    """The expected cost of the parts of batches that are not booked yet, in US dollars.

    A part counts by its lines; a batch whose cost is not known counts nothing. What was answered
    before ``since``, a Unix time, is not of the period.
    """
    rows = db.execute(_BATCHES, (since - _BATCH_S,))
    return sum((Decimal(row[0]) * row[1] / row[2] for row in rows), Decimal(0))

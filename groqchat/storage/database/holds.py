"""Holds: what requests in flight take of budgets and limits, checked across processes."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from typing import TYPE_CHECKING

from groqchat.domain.ledger.holds import CapUsage, Overtaken
from groqchat.domain.ledger.running import Running
from groqchat.storage.database.entries import provisional_json

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from groqchat.domain.ledger.entry import LedgerEntry
    from groqchat.domain.ledger.holds import Basis, Cap, Hold

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
_COLUMNS = "message_id, session_id, time, cost, process, entry, prompt_tokens, max_tokens"
_INSERT = f"INSERT OR REPLACE INTO holds ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
WHOSE_LIMITS = (
    "(fingerprint = ? OR profile IN (SELECT value FROM json_each(?))) "
    "AND model = ? AND provider IS ?"
)
"""Which entries count against the limits of an account: with its key, or of profiles with the same
organisation; of a model, at a provider."""
_RUNNING = f"""
    SELECT message_id, sent, prompt_tokens, max_tokens, audio_s FROM (
        SELECT message_id, prompt_tokens, max_tokens, json_extract(entry, '$.time') AS sent,
            json_extract(entry, '$.audio_s') AS audio_s, json_extract(entry, '$.model') AS model,
            json_extract(entry, '$.profile') AS profile,
            json_extract(entry, '$.fingerprint') AS fingerprint,
            json_extract(entry, '$.provider') AS provider
        FROM holds WHERE entry IS NOT NULL AND process != ?
    ) WHERE {WHOSE_LIMITS}
"""
_NEWS = f"SELECT 1 FROM ledger NOT INDEXED WHERE {WHOSE_LIMITS} AND number > ? LIMIT 1"


def put_hold(
    db: sqlite3.Connection, hold: Hold, caps: Sequence[Cap], process: str = ""
) -> CapUsage | Overtaken | None:
    """Hold what a request may take, within a transaction of the caller.

    Args:
        db: The connection.
        hold: The request, its cost and its claim.
        caps: The budgets that spending, batches, other holds and this one must fit into.
        process: The name of this process.

    Returns:
        What is in the way, in which case nothing is held: the usage of the first cap that is too
        small, or others who were faster; else None.
    """
    claim = hold.claim
    if claim is not None and claim.basis is not None:
        whose = limits_of(claim.entry, claim.basis.profiles)
        if _is_overtaken(db, claim.basis, process, whose):
            return Overtaken()
    usages = (_usage_of(db, cap) for cap in caps)
    full = next((usage for usage in usages if not usage.takes(hold.cost)), None)
    if full is None:
        entry, prompt, longest = None, 0, 0
        if claim is not None:
            entry = provisional_json(claim.entry, 0)
            prompt, longest = claim.running.prompt_tokens, claim.running.max_tokens
        # From the clock that dates the writes of answers.
        row = (hold.message_id, hold.session_id, time.time(), str(hold.cost))
        db.execute(_INSERT, (*row, process, entry, prompt, longest))
    return full


def end_hold(db: sqlite3.Connection, message_id: str) -> bool:
    """Remove the hold of a request that was booked or not sent; returns whether there was one."""
    return db.execute("DELETE FROM holds WHERE message_id = ?", (message_id,)).rowcount > 0


def limits_of(entry: LedgerEntry, profiles: Iterable[str]) -> tuple[object, ...]:
    """The values of ``WHOSE_LIMITS`` for an entry; ``profiles`` share the limits with its own."""
    return entry.fingerprint, json.dumps(list(profiles)), entry.model, entry.provider


def running_elsewhere(
    db: sqlite3.Connection, process: str, whose: Sequence[object]
) -> list[Running]:
    """The requests of other processes that are under way within the limits of an account."""
    return [Running(*row) for row in db.execute(_RUNNING, (process, *whose))]


def version(db: sqlite3.Connection) -> int:
    """A number that changes when another process has written."""
    return int(db.execute("PRAGMA data_version").fetchone()[0])


def _is_overtaken(
    db: sqlite3.Connection, basis: Basis, process: str, whose: Sequence[object]
) -> bool:
    """Whether another process has sent or ended a request since something was found to fit."""
    if version(db) == basis.version:
        return False
    if db.execute(_NEWS, (*whose, basis.number)).fetchone():
        return True
    return {each.id for each in running_elsewhere(db, process, whose)} != set(basis.running)


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

"""Writes messages, and updates the sums of their sessions."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import TYPE_CHECKING

from groqchat.domain.turns.chat import Role
from groqchat.storage.database import rows
from groqchat.storage.database.usage.rollups import move_entries

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from groqchat.domain.turns.chat import Message

# The number of a deleted message is kept free for it, until that is removed for good.
_NEXT_NUMBER = """(SELECT 1 + max(
    coalesce((SELECT max(number) FROM messages), 0),
    coalesce((SELECT max(number) FROM deleted_messages), 0)
))"""
_PUT = f"""
    INSERT INTO messages (number, {rows.MESSAGE_COLUMNS}, length, touched)
    VALUES ({_NEXT_NUMBER}, {", ".join("?" * len(rows.MESSAGE_COLUMNS.split(",")))}, ?, ?)
    ON CONFLICT (id) DO UPDATE SET
        content = excluded.content, reasoning = excluded.reasoning, length = excluded.length,
        touched = excluded.touched, state = excluded.state, model = excluded.model,
        finish_reason = excluded.finish_reason, request_id = excluded.request_id,
        service_tier = excluded.service_tier, usage = excluded.usage, timing = excluded.timing,
        cost = excluded.cost, saved = excluded.saved, calls = excluded.calls,
        executed = excluded.executed
"""


def put_message(db: sqlite3.Connection, message: Message) -> None:
    """Add or update a message, and update the sums of its session, in a caller's transaction."""
    query = "SELECT cost FROM messages WHERE id = ?"
    before = db.execute(query, (message.id,)).fetchone()
    db.execute(_PUT, _values(message, time.time()))
    if message.role is Role.ASSISTANT:
        was = rows.money(before[0]) if before else None
        now = message.cost.total if message.cost else None
        turns = 0 if before or _follows_result(db, message) else 1
        _add_to_sums(db, message.session_id, turns=turns, was=was, now=now)


def _follows_result(db: sqlite3.Connection, answer: Message) -> bool:
    """Whether an answer belongs to a turn that tools were called in before."""
    query = "SELECT 1 FROM messages WHERE id = ? AND role = ?"
    return db.execute(query, (answer.parent_id, Role.TOOL)).fetchone() is not None


def turns_of(db: sqlite3.Connection, session_id: str) -> int:
    """The number of answers of a session that belong to no turn which tools were called in."""
    query = (
        "SELECT count(*) FROM messages AS answer "
        "LEFT JOIN messages AS above ON above.id = answer.parent_id "
        "WHERE answer.session_id = ? AND answer.role = ? AND above.role IS NOT ?"
    )
    found: int = db.execute(query, (session_id, Role.ASSISTANT, Role.TOOL)).fetchone()[0]
    return found


def put_copies(db: sqlite3.Connection, session_id: str, copies: Sequence[Message]) -> None:
    """Add messages to a session whose cost stays with the originals, in a caller's transaction."""
    now = time.time()
    db.executemany(_PUT, [_values(message, now) for message in copies])
    results = {message.id for message in copies if message.role is Role.TOOL}
    answers = sum(
        message.role is Role.ASSISTANT and message.parent_id not in results for message in copies
    )
    db.execute("UPDATE sessions SET turns = turns + ? WHERE id = ?", (answers, session_id))


def _values(message: Message, now: float) -> rows.Row:
    return (*rows.message_row(message), len(message.content), now)


def charge(db: sqlite3.Connection, session_id: str, other_id: str) -> None:
    """Add the cost of one session to that of another, and move its ledger entries there."""
    move_entries(db, session_id, other_id)
    cost = db.execute("SELECT cost FROM sessions WHERE id = ?", (session_id,)).fetchone()
    is_there = db.execute("SELECT 1 FROM sessions WHERE id = ?", (other_id,)).fetchone()
    if cost and is_there:
        _add_to_sums(db, other_id, turns=0, was=None, now=rows.money(cost[0]))


def _add_to_sums(
    db: sqlite3.Connection, session_id: str, *, turns: int, was: Decimal | None, now: Decimal | None
) -> None:
    row = db.execute("SELECT cost FROM sessions WHERE id = ?", (session_id,)).fetchone()
    total = rows.money(row[0])
    if was != now:
        total = (total or Decimal(0)) + (now or Decimal(0)) - (was or Decimal(0))
    db.execute(
        "UPDATE sessions SET turns = turns + ?, cost = ? WHERE id = ?",
        (turns, rows.money_text(total), session_id),
    )

"""Marks answers whose process died while it wrote them, and books them as far as they came."""

from __future__ import annotations

import math
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.money.pricing import cost_of
from groqchat.domain.turns.chat import State
from groqchat.domain.turns.token_estimate import estimate_tokens
from groqchat.storage.database import rows
from groqchat.storage.database.entries import insert_entry, provisional_from
from groqchat.storage.database.holds import ABANDONED_S, end_hold
from groqchat.storage.database.messages import put_message
from groqchat.storage.database.transactions import transaction

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from groqchat.domain.ledger.entry import LedgerEntry
    from groqchat.domain.turns.chat import Message

_ORPHANS = f"""
    SELECT {rows.MESSAGE_COLUMNS} FROM messages
    WHERE state = 'streaming' AND (touched <= ? OR touched > ?)
"""
_UNLINKED = "SELECT id, entry FROM unlinked_flights WHERE touched <= ? OR touched > ?"
_PROVISIONAL = "SELECT entry FROM flights WHERE message_id = ?"
_UNFINISHED = f"SELECT {rows.MESSAGE_COLUMNS} FROM messages WHERE id = ? AND state = 'streaming'"
_UNLINKED_OF = "SELECT entry FROM unlinked_flights WHERE id = ?"
_HELD = """
    SELECT message_id, process, entry, max(time, coalesce(
        (SELECT touched FROM messages WHERE messages.id = holds.message_id), 0
    )) FROM holds
"""
# A server may answer for some seconds after its client has died: until then all counts that it may
# take.
_YOUNG_S = 10.0


def mark_abandoned(
    db: sqlite3.Connection,
    *,
    all_of_them: bool,
    has_ended: Callable[[str], bool] = lambda _: False,
) -> None:
    """Mark and book the unfinished answers that no process writes any more.

    Args:
        db: The connection.
        all_of_them: Whether to take all unfinished answers, since no other process runs; else only
            those that have not grown for ``ABANDONED_S``.
        has_ended: Tells whether the process of a name has ended.
    """
    if db.execute("SELECT 1 FROM holds").fetchone():
        with transaction(db):
            end_dead(db, has_ended, youngest_s=0.0 if all_of_them else _YOUNG_S)
    now = time.time()
    # Dates in the future come from a clock that was ahead, and are not waited for.
    out_of = (now if all_of_them else now - ABANDONED_S, now if all_of_them else now + ABANDONED_S)
    if not any(db.execute(query, out_of).fetchone() for query in (_ORPHANS, _UNLINKED)):
        return
    with transaction(db):
        for row in db.execute(_ORPHANS, out_of).fetchall():
            _close(db, rows.message_from(row))
        for name, provisional in db.execute(_UNLINKED, out_of).fetchall():
            _book_unlinked(db, name, provisional)


def end_dead(
    db: sqlite3.Connection, has_ended: Callable[[str], bool], *, youngest_s: float = _YOUNG_S
) -> None:
    """End and book the requests under way whose processes have died, in a caller's transaction.

    The server may have counted them. Where a process shows no sign of life, its requests count for
    ``ABANDONED_S`` after they have left or their answers have grown.

    Args:
        db: The connection.
        has_ended: Tells whether the process of a name has ended.
        youngest_s: The least age of requests, in seconds.
    """
    now = time.time()
    for name, process, entry, seen in db.execute(_HELD).fetchall():
        # Dates in the future come from a clock that was ahead, and are not waited for.
        is_old = not now - ABANDONED_S < seen < now + ABANDONED_S
        if is_old or (process and seen <= now - youngest_s and has_ended(process)):
            _end(db, name, entry)


def _end(db: sqlite3.Connection, name: str, entry: str | None) -> None:
    """End a request as far as it came."""
    if row := db.execute(_UNFINISHED, (name,)).fetchone():
        _close(db, rows.message_from(row))
    elif unlinked := db.execute(_UNLINKED_OF, (name,)).fetchone():
        _book_unlinked(db, name, unlinked[0])
    elif entry is not None:
        with suppress(ValueError, KeyError, TypeError, ArithmeticError):
            insert_entry(db, provisional_from(entry)[0])
    end_hold(db, name)


def _close(db: sqlite3.Connection, answer: Message) -> None:
    answer = replace(answer, state=State.BROKEN)
    provisional = db.execute(_PROVISIONAL, (answer.id,)).fetchone()
    # A provisional entry of another version may lack a field: then the answer is only marked.
    with suppress(ValueError, KeyError, TypeError, ArithmeticError):
        if provisional is not None:
            answer, entry = estimated(answer, *provisional_from(provisional[0]))
            insert_entry(db, entry)
    db.execute("DELETE FROM flights WHERE message_id = ?", (answer.id,))
    end_hold(db, answer.id)
    put_message(db, answer)


def _book_unlinked(db: sqlite3.Connection, name: str, provisional: str) -> None:
    """Book the tokens so far of an answer of which no text was kept."""
    with suppress(ValueError, KeyError, TypeError, ArithmeticError):
        insert_entry(db, provisional_from(provisional)[0])
    db.execute("DELETE FROM unlinked_flights WHERE id = ?", (name,))
    end_hold(db, name)


def estimated(answer: Message, entry: LedgerEntry, begun: int) -> tuple[Message, LedgerEntry]:
    """The answer and its entry with token counts estimated from the text."""
    thought = math.ceil(estimate_tokens(answer.reasoning))
    said = math.ceil(estimate_tokens(answer.content[begun:]))
    usage = replace(
        entry.usage,
        completion_tokens=said + thought,
        reasoning_tokens=thought,
        is_estimated=True,
    )
    cost = cost_of(usage, entry.price)
    entry = replace(
        entry,
        usage=usage,
        cost=cost.total if cost else None,
        saved=cost.saved_by_cache if cost else None,
        buckets=tuple(
            bucket.charged(said + thought, bucket.at) if bucket.kind is LimitKind.TPM else bucket
            for bucket in entry.buckets
        ),
    )
    return replace(answer, usage=usage, cost=cost), entry

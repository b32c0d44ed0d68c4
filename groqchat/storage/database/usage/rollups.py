"""Rollups: sums of the ledger by UTC day, by quarter of an hour and by session.

They are written in the transaction that writes the ledger, so that they always equal a fold of it.
A quarter of an hour divides the days of every time zone.
"""

from __future__ import annotations

from decimal import Context, Decimal, localcontext
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

DAY_S, SLOT_S = 86_400, 900
"""The lengths of the parts of time, in seconds."""

CHUNK = 50_000
"""The most entries that one transaction adds up, so that others wait for it less than a second."""

# Sound is added up in whole milliseconds, since sums of floats depend on their order. A refused
# request has no usage, and so its price is not missing.
ONE_ENTRY = """
    1 AS requests, prompt_tokens, cached_tokens, completion_tokens, cost, saved,
    cost IS NULL
        AND (prompt_tokens > 0 OR completion_tokens > 0 OR audio_s > 0 OR characters > 0)
        AS unpriced,
    outcome NOT IN ('ok', 'stopped', 'stream_broken', 'no_answer') AS refused,
    CAST(round(audio_s * 1000) AS INTEGER) AS audio_ms, characters
"""
COLUMNS = (
    "requests, prompt_tokens, cached_tokens, completion_tokens, cost, saved, unpriced, refused, "
    "audio_ms, characters"
)
# Python adds up a column of decimal texts several times faster at once than row by row.
SUMS = """
    coalesce(sum(requests), 0), coalesce(sum(prompt_tokens), 0), coalesce(sum(cached_tokens), 0),
    coalesce(sum(completion_tokens), 0), decimal_total(group_concat(cost)),
    decimal_total(group_concat(saved)), coalesce(sum(unpriced), 0), coalesce(sum(refused), 0),
    coalesce(sum(audio_ms), 0), coalesce(sum(characters), 0)
"""
_ADDED = """
    requests = requests + excluded.requests,
    prompt_tokens = prompt_tokens + excluded.prompt_tokens,
    cached_tokens = cached_tokens + excluded.cached_tokens,
    completion_tokens = completion_tokens + excluded.completion_tokens,
    cost = decimal_total(cost || ',' || excluded.cost),
    saved = decimal_total(saved || ',' || excluded.saved),
    unpriced = unpriced + excluded.unpriced, refused = refused + excluded.refused,
    audio_ms = audio_ms + excluded.audio_ms, characters = characters + excluded.characters
"""
# The keys of each rollup, and the expressions on a ledger entry that they come from. Times before
# 1970 are in no period that is asked for.
_KEYS = {
    "usage_by_day": {
        "day": f"CAST(time AS INTEGER) / {DAY_S}",
        "profile": "profile",
        "model": "model",
        "provider": "coalesce(provider, '')",
    },
    "usage_by_slot": {
        "slot": f"CAST(time AS INTEGER) / {SLOT_S}",
        "has_session": "session_id IS NOT NULL",
    },
    "usage_by_session": {"session_id": "coalesce(session_id, '')"},
}
# Prices by the hour make costs of 28 digits, whose sum would depend on the order otherwise.
_EXACT = Context(prec=100)
_SPANS = {"usage_by_session": ("first", "last")}


def decimal_total(amounts: str | None) -> str:
    """The exact sum of decimal texts between commas, as text; SQL itself has only floats."""
    if not amounts:
        return "0"
    with localcontext(_EXACT):
        return str(sum(map(Decimal, amounts.split(",")), Decimal(0)))


def _fold_statement(table: str, where: str) -> str:
    keys = _KEYS[table]
    spans = _SPANS.get(table, ())
    names = ", ".join((*keys, *spans))
    taken = ", ".join(f"{expression} AS {name}" for name, expression in keys.items())
    times = ", min(time), max(time)" if spans else ""
    grouped = ", ".join(keys)
    moved = ", first = min(first, excluded.first), last = max(last, excluded.last)" if spans else ""
    return f"""
        INSERT INTO {table} ({names}, {COLUMNS})
        SELECT {grouped}{times}, {SUMS} FROM (
            SELECT {taken}, time, {ONE_ENTRY} FROM ledger WHERE {where} AND time >= 0
        ) WHERE true GROUP BY {grouped}
        ON CONFLICT ({grouped}) DO UPDATE SET {_ADDED}{moved}
    """


_FOLD_NEW = [_fold_statement(table, "number > ? AND number <= ?") for table in _KEYS]
_FOLD_DAY = _fold_statement("usage_by_day", "time >= ? AND time < ?")
_FOLD_SLOT = _fold_statement("usage_by_slot", "time >= ? AND time < ?")
_FOLD_SESSION = _fold_statement("usage_by_session", "session_id = ?")
_FOLD_NO_SESSION = _fold_statement("usage_by_session", "session_id IS NULL")
_PLACES = "SELECT time, session_id FROM ledger WHERE session_id IS ? AND message_id = ?"
_DELETE = "DELETE FROM ledger WHERE session_id IS ? AND message_id = ?"


def add_new_entries(db: sqlite3.Connection, most: int = CHUNK) -> tuple[int, int]:
    """Add up to so many entries that are in no rollup yet, within a transaction of the caller.

    Returns:
        The numbers of the last entry that is added up, and of the last one of all.
    """
    ((done,), (end,)) = db.execute(
        "SELECT number FROM usage_summed UNION ALL SELECT coalesce(max(number), 0) FROM ledger"
    ).fetchall()
    upto = min(end, done + most)
    if upto > done:
        for statement in _FOLD_NEW:
            db.execute(statement, (done, upto))
        db.execute("UPDATE usage_summed SET number = ?", (upto,))
    return upto, end


def catch_up(
    db: sqlite3.Connection, progress: Callable[[int, int], None] = lambda _done, _all: None
) -> None:
    """Add up all entries that are in no rollup yet, in bounded transactions.

    An interruption loses at most one of them; the next opening goes on behind the last.
    """
    from groqchat.storage.database.transactions import transaction

    query = "SELECT (SELECT number FROM usage_summed) < coalesce(max(number), 0) FROM ledger"
    while db.execute(query).fetchone()[0]:
        with transaction(db):
            progress(*add_new_entries(db))


def delete_entries(db: sqlite3.Connection, session_id: str | None, message_id: str) -> None:
    """Delete the entries of an answer, in the rollups too, within a transaction of the caller."""
    add_new_entries(db)
    places = db.execute(_PLACES, (session_id, message_id)).fetchall()
    if not places:
        return
    db.execute(_DELETE, (session_id, message_id))
    # The number of a deleted entry may be given to a new one.
    db.execute("UPDATE usage_summed SET number = (SELECT coalesce(max(number), 0) FROM ledger)")
    for day in {int(time) // DAY_S for time, _ in places}:
        db.execute("DELETE FROM usage_by_day WHERE day = ?", (day,))
        db.execute(_FOLD_DAY, (day * DAY_S, (day + 1) * DAY_S))
    for slot in {int(time) // SLOT_S for time, _ in places}:
        db.execute("DELETE FROM usage_by_slot WHERE slot = ?", (slot,))
        db.execute(_FOLD_SLOT, (slot * SLOT_S, (slot + 1) * SLOT_S))
    _fold_sessions(db, {session_id})


def move_entries(db: sqlite3.Connection, session_id: str, other_id: str) -> None:
    """Move the entries of a session to another, within a transaction of the caller."""
    add_new_entries(db)
    query = "UPDATE ledger SET session_id = ? WHERE session_id = ?"
    db.execute(query, (other_id, session_id))
    _fold_sessions(db, {session_id, other_id})


def _fold_sessions(db: sqlite3.Connection, session_ids: set[str | None]) -> None:
    for session_id in session_ids:
        db.execute("DELETE FROM usage_by_session WHERE session_id = ?", (session_id or "",))
        if session_id is None:
            db.execute(_FOLD_NO_SESSION)
        else:
            db.execute(_FOLD_SESSION, (session_id,))


def are_right(db: sqlite3.Connection) -> bool:
    """Whether each rollup adds up to what the whole ledger does."""
    fold = f"SELECT {SUMS} FROM (SELECT {ONE_ENTRY} FROM ledger WHERE time >= 0)"
    rollups = [f"SELECT {SUMS} FROM {table}" for table in _KEYS]
    found = [_numbers(db.execute(query).fetchone()) for query in (fold, *rollups)]
    return all(each == found[0] for each in found)


def _numbers(row: Sequence[object]) -> tuple[Decimal, ...]:
    return tuple(Decimal(str(each)) for each in row)


def forget(db: sqlite3.Connection) -> None:
    """Empty the rollups, within a transaction of the caller; the next opening adds up anew."""
    for table in _KEYS:
        db.execute(f"DELETE FROM {table}")
    db.execute("UPDATE usage_summed SET number = 0")

"""Sums of the ledger over periods: from rollups as far as they go, and from entries at the ends."""

from __future__ import annotations

import math
from datetime import datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from groqchat.domain.ledger.sums import Grouping, Share, Sums
from groqchat.storage.database.usage.rollups import COLUMNS, DAY_S, ONE_ENTRY, SLOT_S, SUMS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from groqchat.storage.database.rows import Row

_DAYS, _SLOTS, _ENTRIES = ("usage_by_day", "day"), ("usage_by_slot", "slot"), ("ledger", "time")
_WITHOUT_SESSION = {_SLOTS: "NOT has_session", _ENTRIES: "session_id IS NULL"}
_LENGTHS = {_DAYS: DAY_S, _SLOTS: SLOT_S}
_KEYS = {
    Grouping.MODEL: "coalesce(model || ' at ' || nullif(provider, ''), model)",
    Grouping.PROFILE: "profile",
}
_WITHIN = "time >= ? AND time < coalesce(?, 9e999)"
_OF_SESSION = f"""
    SELECT {SUMS} FROM (SELECT {ONE_ENTRY} FROM ledger WHERE session_id = ? AND {_WITHIN})
"""
_WHOLE_SESSION = f"SELECT {SUMS} FROM usage_by_session WHERE session_id = ?"
_LAST_TIME = "SELECT max(time) FROM ledger WHERE time >= ? AND time < ?"
_LAST_OF_SESSION = f"SELECT max(time) FROM ledger WHERE session_id IS ? AND {_WITHIN}"
_SESSIONS = f"""
    SELECT session_id, first, last, {COLUMNS} FROM usage_by_session
    WHERE last >= ? AND last < ? ORDER BY last DESC LIMIT ?
"""
# What a calendar has in every time zone; later entries come from a clock without sense.
_LATEST_S = 253_370_764_800.0
_ALL = -1


class _Piece(NamedTuple):
    """A part of a period: a table, its column, and the first value and the end in it."""

    source: tuple[str, str]
    first: float
    end: float

    @property
    def condition(self) -> str:
        """The condition on the column, with two parameters."""
        return f"{self.source[1]} >= ? AND {self.source[1]} < ?"


def spent(
    db: sqlite3.Connection, since: float, until: float | None, session_id: str | None = None
) -> Sums:
    """The sums of a period (Unix times; None is an open end), or of a session in it."""
    if session_id is None:
        pieces = _cover(since, _end(until), (_DAYS, _SLOTS))
        selects = " UNION ALL ".join(_select(piece) for piece in pieces)
        query = f"SELECT {SUMS} FROM ({selects})"
        return _sums(db.execute(query, _values(pieces)).fetchone())
    if since <= 0 and until is None:
        return _sums(db.execute(_WHOLE_SESSION, (session_id,)).fetchone())
    return _sums(db.execute(_OF_SESSION, (session_id, since, until)).fetchone())


def shares(
    db: sqlite3.Connection, grouping: Grouping, since: float, until: float | None, limit: int
) -> list[Share]:
    """The sums of a period by group; models and profiles by name, others newest first.

    Args:
        db: The connection.
        grouping: The key of the groups.
        since: The Unix time at which the period begins.
        until: The Unix time at which it ends; None is an open end.
        limit: The most days or sessions, the newest; -1 is no limit.
    """
    if grouping is Grouping.DAY:
        return _by_day(db, since, _end(until), limit)
    if grouping is Grouping.SESSION:
        return _by_session(db, since, _end(until), limit)
    key = _KEYS[grouping]
    vendor = "max(nullif(provider, ''))" if grouping is Grouping.MODEL else "NULL"
    pieces = _cover(since, _end(until), (_DAYS,))
    selects = " UNION ALL ".join(_select(piece, "model, profile, provider,") for piece in pieces)
    query = f"SELECT {key}, {vendor}, {SUMS} FROM ({selects}) GROUP BY 1 ORDER BY 1"
    return [Share(row[0], _sums(row[2:]), row[1]) for row in db.execute(query, _values(pieces))]


def _by_day(db: sqlite3.Connection, since: float, end: float, limit: int) -> list[Share]:
    """The sums of local days, the newest first; each is found from its last entry."""
    found: list[Share] = []
    while len(found) != limit:
        (last,) = db.execute(_LAST_TIME, (since, end)).fetchone()
        if last is None:
            break
        name, start = _local_day(last)
        found.append(Share(name, spent(db, max(start, since), end)))
        end = start
    return found


def _local_day(moment: float) -> tuple[str, float]:
    """The ISO date of a Unix time in the local time zone, and the Unix time of its midnight."""
    if moment >= _LATEST_S:
        return "", _LATEST_S
    day = datetime.fromtimestamp(moment).date()  # noqa: DTZ006  # the local one is asked for
    # Where a clock that is set at midnight makes it ambiguous, the first one begins the day.
    start = datetime.combine(day, time()).timestamp()
    return day.isoformat(), min(start, moment)


def _by_session(db: sqlite3.Connection, since: float, end: float, limit: int) -> list[Share]:
    """The sums of sessions, the last used first."""
    ahead = db.execute(_SESSIONS, (end, math.inf, _ALL)).fetchall()
    usual = db.execute(_SESSIONS, (since, end, limit))
    found: list[tuple[float, Share]] = []
    for session_id, first, last, *row in (*ahead, *usual):
        if first >= since and last < end:
            found.append((last, Share(session_id, _sums(row))))
        elif first < end:
            found += _part_of_session(db, session_id, since, end)
    found.sort(key=lambda each: each[0], reverse=True)
    return [share for _, share in (found if limit < 0 else found[:limit])]


def _part_of_session(
    db: sqlite3.Connection, session_id: str, since: float, end: float
) -> Iterator[tuple[float, Share]]:
    """The last time and the sums of a session that begins before the period or ends after it."""
    place = (session_id or None, since, end)
    (last,) = db.execute(_LAST_OF_SESSION, place).fetchone()
    if last is None:
        return
    if session_id:
        yield last, Share(session_id, spent(db, since, end, session_id))
        return
    # Entries without a session may be many; the rollup by quarters tells them from others.
    pieces = _cover(since, end, (_SLOTS,))
    selects = " UNION ALL ".join(
        f"{_select(piece)} AND {_WITHOUT_SESSION[piece.source]}" for piece in pieces
    )
    row = db.execute(f"SELECT {SUMS} FROM ({selects})", _values(pieces)).fetchone()
    yield last, Share("", _sums(row))


def _cover(since: float, end: float, tables: Sequence[tuple[str, str]]) -> list[_Piece]:
    """The pieces of a period: as much as possible of the first table, the rest of the next ones."""
    if not tables:
        return [_Piece(_ENTRIES, since, end)]
    table, *rest = tables
    length = _LENGTHS[table]
    first = -(-math.ceil(max(since, 0.0)) // length)
    last = math.inf if math.isinf(end) else math.floor(end) // length
    if first >= last:
        return _cover(since, end, rest)
    pieces = [_Piece(table, first, last)]
    if since < first * length:
        pieces += _cover(since, first * length, rest)
    if last * length < end:
        pieces += _cover(last * length, end, rest)
    return pieces


def _select(piece: _Piece, keys: str = "") -> str:
    columns = ONE_ENTRY if piece.source == _ENTRIES else COLUMNS
    return f"SELECT {keys} {columns} FROM {piece.source[0]} WHERE {piece.condition}"


def _values(pieces: Sequence[_Piece]) -> list[float]:
    return [value for piece in pieces for value in (piece.first, piece.end)]


def _end(until: float | None) -> float:
    return math.inf if until is None else until


def _sums(row: Sequence[object] | Row) -> Sums:
    requests, prompt, cached, completion, cost, saved, unpriced, refused, audio_ms, spoken = row
    money, audio_s = (Decimal(str(cost)), Decimal(str(saved))), int(str(audio_ms)) / 1_000
    counts = (unpriced, refused, audio_s, spoken)
    return Sums(requests, prompt, cached, completion, *money, *counts)  # type: ignore[arg-type]

"""The rows of a place: its buckets, what is under way there, and the line of those who wait."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from groqchat.domain.limits.bucket_texts import buckets_from, buckets_text
from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.team.idle import Idle
from groqchat.domain.team.place import ACTIVE_S, PlaceState, Waiter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from groqchat.domain.limits.quota import LeakyBucket
    from groqchat.domain.team.idle import Idles
    from groqchat.domain.team.place import Amounts, Place
    from groqchat.team.connecting import BoundedConnection

# A request that is under way for longer has lost its process.
_RUNNING_S = 600.0
# So many of the line are read: more do not come in for some seconds.
_LINE = 100
_MAKE_PLACE = "INSERT INTO groqchat.places (account, model) VALUES (%s, %s) ON CONFLICT DO NOTHING"
_PLACE = """
    SELECT buckets, turn, told_at, thrift, idle FROM groqchat.places
    WHERE account = %s AND model = %s
"""
_LOCKED_PLACE = f"{_PLACE} FOR UPDATE"
# What stands in other tables is read after the place is locked: a statement sees what was there
# when it began, also where it has to wait.
_AROUND = """
    SELECT (SELECT count(*) FROM groqchat.leases WHERE account = p.account AND model = p.model
            AND taken > p.now - %s),
        groqchat.active(p.now - %s, p.client),
        EXISTS (SELECT FROM groqchat.leases WHERE lease = p.lease)
            OR EXISTS (SELECT FROM groqchat.entries WHERE id = p.lease),
        (SELECT turn FROM groqchat.turns WHERE account = p.account AND model = p.model
            AND person = session_user),
        (SELECT json_agg(json_build_array(client, amounts, turn, since, until)) FROM (
            SELECT * FROM groqchat.waiting AS w
            WHERE w.account = p.account AND w.model = p.model AND until > p.now
            ORDER BY turn, since, client LIMIT %s) AS line)
    FROM (VALUES (%s::text, %s::text, %s::text, %s::text, %s::double precision))
        AS p (account, model, client, lease, now)
"""
_SAVE = (
    "UPDATE groqchat.places SET buckets = %s, turn = %s, told_at = %s, thrift = %s, idle = %s "
    "WHERE account = %s AND model = %s"
)
_TURN = """
    INSERT INTO groqchat.turns (account, model, turn) VALUES (%s, %s, %s)
    ON CONFLICT (account, model, person) DO UPDATE SET turn = excluded.turn
"""
_SETTLE = (
    "UPDATE groqchat.turns SET turn = turn + %s WHERE account = %s AND model = %s "
    "AND person = session_user"
)
_WAIT = """
    INSERT INTO groqchat.waiting (account, model, client, amounts, turn, since, until)
    VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (account, model, client)
    DO UPDATE SET amounts = excluded.amounts, until = excluded.until,
        turn = least(waiting.turn, excluded.turn)
"""
_LEAVE = "DELETE FROM groqchat.waiting WHERE account = %s AND model = %s AND client = %s"
_GONE = "DELETE FROM groqchat.waiting WHERE account = %s AND model = %s AND until < %s"


class Asking(NamedTuple):
    """The client that asks, the Unix time, and the lease that it may have been given already."""

    client: str
    now: float
    lease: str = ""


def locked(db: BoundedConnection, place: Place, asking: Asking) -> tuple[PlaceState, bool]:
    """The state of a place, locked for everybody else, and whether the lease is or was there."""
    found = _found(db, _LOCKED_PLACE, place, asking)
    if found is None:
        db.execute(_MAKE_PLACE, (place.account, place.model))
        found = _found(db, _LOCKED_PLACE, place, asking)
    return found or (PlaceState(), False)


def read(db: BoundedConnection, place: Place, asking: Asking) -> PlaceState:
    """The state of a place as it is just now."""
    found = _found(db, _PLACE, place, asking)
    return found[0] if found else PlaceState()


def _found(
    db: BoundedConnection, query: str, place: Place, asking: Asking
) -> tuple[PlaceState, bool] | None:
    where = place.account, place.model
    bounds = (_RUNNING_S, ACTIVE_S, _LINE)
    at = db.execute(query, where)  # the connection is in a pipeline: both go out at once
    around = db.execute(_AROUND, (*bounds, *where, asking.client, asking.lease, asking.now))
    row, others = at.fetchone(), around.fetchone()
    if row is None or others is None:
        return None
    (buckets, turn, told_at, thrift, idle), (running, active, is_taken, own_turn, line) = (
        row,
        others,
    )
    waiting = tuple(_waiter(each) for each in line or ())
    state = PlaceState(buckets_from(buckets), running, active + 1, waiting, turn, own_turn or 0.0)
    return replace(state, told_at=told_at, thrift=thrift, idle=_idle(idle, state.buckets)), is_taken


def save(db: BoundedConnection, place: Place, state: PlaceState) -> None:
    """Store the buckets of a place that is locked, and whose turn it is."""
    known = buckets_text(state.buckets), state.turn, state.told_at, state.thrift
    db.execute(_SAVE, (*known, _idle_text(state), place.account, place.model))


def save_line(
    db: BoundedConnection, place: Place, before: PlaceState, state: PlaceState, client: str
) -> None:
    """Store a client's place in the line, and where the last request of its person ended."""
    own, where = state.waiter(client), (place.account, place.model)
    if own is not None:
        amounts = amounts_text(own.amounts)
        db.execute(_WAIT, (*where, client, amounts, own.turn, own.since, own.until))
    elif before.waiting:  # it may also stand further behind than was read
        leave(db, place, client)
    if state.own_turn != before.own_turn:
        db.execute(_TURN, (*where, state.own_turn))


def settle(db: BoundedConnection, place: Place, further: float, now: float) -> None:
    """Correct where the asking person's requests ended; forget who has left the line long ago."""
    where = place.account, place.model
    db.execute(_SETTLE, (further, *where))
    db.execute(_GONE, (*where, now - ACTIVE_S))


def leave(db: BoundedConnection, place: Place, client: str) -> None:
    """Remove a client from the line."""
    db.execute(_LEAVE, (place.account, place.model, client))


def amounts_text(amounts: Amounts) -> str:
    """The JSON text of amounts."""
    return json.dumps({kind.value: amount for kind, amount in amounts.items()})


def amounts_from(read: dict[str, float]) -> Amounts:
    """The amounts of a JSON object."""
    return {LimitKind(kind): amount for kind, amount in read.items()}


def _idle_text(state: PlaceState) -> str | None:
    """The JSON text of the periods in which buckets were empty, in whole hundredths.

    Times are told before each bucket's own.
    """
    rows = {
        bucket.kind.value: [
            [int(100 * value + 0.5) for value in (bucket.at - since, bucket.at - until, amount)]
            for since, until, amount in state.idle[bucket.kind]
        ]
        for bucket in state.buckets
        if state.idle.get(bucket.kind)
    }
    return json.dumps(rows) if rows else None


def _idle(text: str | None, buckets: Iterable[LeakyBucket]) -> Mapping[LimitKind, Idles]:
    rows = json.loads(text) if text else {}
    return {
        bucket.kind: tuple(
            Idle(bucket.at - since / 100, bucket.at - until / 100, amount / 100)
            for since, until, amount in rows.get(bucket.kind.value, ())
        )
        for bucket in buckets
    }


def _waiter(row: Any) -> Waiter:  # noqa: ANN401 - a row has columns of several types
    client, amounts, *times = row
    return Waiter(client, amounts_from(amounts), *times)

"""The team's limits and ledger in PostgreSQL."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.team.entries import SENT_FIELDS, Member, TeamGrouping, TeamUse, sums_of
from groqchat.domain.team.place import PlaceState, difference
from groqchat.services.team.ports import HandedIn
from groqchat.team.client import PostgresClient
from groqchat.team.days import SLOT_S, by_day
from groqchat.team.place_rows import (
    Asking,
    amounts_from,
    amounts_text,
    leave,
    locked,
    read,
    save,
    save_line,
    settle,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.domain.team.entries import TeamEntry
    from groqchat.domain.team.place import Amounts, Place
    from groqchat.services.team.ports import Decide
    from groqchat.team.connecting import BoundedConnection

_FORGOTTEN_S = 86_400.0
# That a client is active is noted no more often.
_SEEN_S = 10.0
_LEASE = "INSERT INTO groqchat.leases VALUES (%s, %s, %s, %s, %s)"
_END_LEASES = "DELETE FROM groqchat.leases WHERE lease = ANY(%s) RETURNING lease, amounts"
_FORGET = "DELETE FROM groqchat.leases WHERE account = %s AND model = %s AND taken < %s"
_SEEN = """
    INSERT INTO groqchat.clients (client, machine, seen, active) VALUES (%s, %s, %s, %s)
    ON CONFLICT (client) DO UPDATE SET machine = excluded.machine,
        seen = greatest(clients.seen, excluded.seen),
        active = greatest(clients.active, excluded.active)
    WHERE clients.active < %s
"""
_ADD = (
    f"INSERT INTO groqchat.entries (id, machine, account, {', '.join(SENT_FIELDS)}) "
    f"VALUES ({', '.join(['%s'] * (3 + len(SENT_FIELDS)))}) ON CONFLICT DO NOTHING RETURNING id"
)
_MEMBERS = """
    SELECT person, may_read, pg_has_role(person, nspowner, 'USAGE')
    FROM groqchat.members, pg_namespace WHERE nspname = 'groqchat' ORDER BY person
"""
_MACHINES = """
    SELECT person, machine, max(seen) FROM groqchat.clients GROUP BY 1, 2 ORDER BY 3 DESC
"""
_KEYS = {
    TeamGrouping.MODEL: "model",
    TeamGrouping.PERSON: "person",
    TeamGrouping.MACHINE: "person || ' on ' || machine",
    TeamGrouping.DAY: f"floor(time / {SLOT_S})",
}
_TAKEN = "SELECT * FROM groqchat.taken(%s, %s, %s)"
_ALLOW = "UPDATE groqchat.members SET may_read = %s WHERE person = %s RETURNING person"


class PostgresTeam(PostgresClient):
    """The :class:`~groqchat.services.team.ports.TeamStore` in PostgreSQL."""

    async def init(self, now: float) -> bool:
        """Create the team's tables or upgrade them, and join; returns whether they were changed."""

        def init(connection: BoundedConnection) -> bool:
            from groqchat.team.schema import migrate

            changed = migrate(connection)
            connection.execute("SELECT groqchat.enter(%s)", (now,))
            return changed

        return await self._calls.run(init, now, is_checked=False)

    async def take(self, place: Place, lease: str, decide: Decide, now: float) -> PlaceState:
        """Reserve what a decision says, while the row of the place is locked."""
        return await self._calls.run(lambda db: self._take(db, place, lease, decide, now), now)

    def _take(
        self, db: BoundedConnection, place: Place, lease: str, decide: Decide, now: float
    ) -> PlaceState:
        asking = Asking(self._client, now, lease)
        before, is_taken = locked(db, place, asking)
        if is_taken:  # the answer to an earlier call was lost
            return before
        state, amounts = decide(before)
        if amounts is not None:
            state = state.charged(amounts, now)
        save(db, place, state)
        save_line(db, place, before, state, self._client)
        if amounts is not None:
            row = (lease, place.account, place.model, now, amounts_text(amounts))
            db.execute(_LEASE, row)
        self._note_seen(db, now)
        return state

    def _note_seen(self, db: BoundedConnection, now: float) -> None:
        """Tell that this client is active."""
        db.execute(_SEEN, (self._client, self._machine, now, now, now - _SEEN_S))

    async def hand_in(self, entries: Sequence[TeamEntry], now: float) -> HandedIn:
        """Add entries, each once, in the stead of their reservations."""
        return await self._calls.run(lambda db: self._hand_in(db, entries, now), now)

    def _hand_in(self, db: BoundedConnection, entries: Sequence[TeamEntry], now: float) -> HandedIn:
        # What nobody waits for comes first: places are locked for as short a time as may be.
        new = self._added(db, entries)
        leased = _ended(db, [each.id for each in new])
        places = {each.place for each in entries if each.place is not None}
        asking = Asking(self._client, now)
        # All lock in the same order, so that nobody waits for somebody who waits for them.
        states = {
            place: locked(db, place, asking)[0]
            for place in sorted(places, key=lambda each: (each.account, each.model))
        }
        further = dict.fromkeys(states, 0.0)
        for each in new:
            if each.place is None:
                continue
            reserved = leased.get(each.id)
            at, before = now if reserved else each.entry.counted_at, reserved or {}
            state, used = states[each.place], each.amounts
            if reserved:
                state = state.settled(used, reserved, at)
            else:
                state = state.charged(state.uncounted(used, each.entry.time), at)
            states[each.place] = state.told(each.told)
            further[each.place] += state.part(each.amounts) - state.part(before)
        for place, state in states.items():
            save(db, place, state)
            settle(db, place, further[place], now)
            db.execute(_FORGET, (place.account, place.model, now - _FORGOTTEN_S))
        self._note_seen(db, now)
        return HandedIn(len(new), states)

    def _added(self, db: BoundedConnection, entries: Sequence[TeamEntry]) -> list[TeamEntry]:
        """The entries that were not there yet."""
        if not entries:
            return []
        found: set[str] = set()
        with db.cursor() as cursor:
            rows = [
                (each.id, self._machine, each.place and each.place.account, *each.fields)
                for each in entries
            ]
            cursor.executemany(_ADD, rows, returning=True)
            while True:
                found.update(row[0] for row in cursor.fetchall())
                if not cursor.nextset():
                    break
        by_id = {each.id: each for each in entries if each.id in found}
        return list(by_id.values())

    async def give_back(self, place: Place, lease: str, now: float) -> None:
        """End the reservation of a request that did not leave."""

        def give_back(db: BoundedConnection) -> None:
            state, _ = locked(db, place, Asking(self._client, now))
            for amounts in _ended(db, [lease]).values():
                save(db, place, state.charged(difference({}, amounts), now))
                settle(db, place, -state.part(amounts), now)

        await self._calls.run(give_back, now)

    async def leave(self, place: Place, now: float) -> None:
        """Give up the own place in the line."""
        await self._calls.run(lambda db: leave(db, place, self._client), now)

    async def state(self, place: Place, now: float) -> PlaceState:
        """The state of a place."""
        return await self._calls.run(lambda db: read(db, place, Asking(self._client, now)), now)

    async def taken(self, place: Place, since: float) -> Sequence[tuple[float, Amounts]]:
        """What everybody took of a place's limits in each minute since a Unix time."""
        values = place.account, place.model, since
        rows = await self._calls.run(lambda db: db.execute(_TAKEN, values).fetchall(), since)
        return [(minute, _amounts(*(float(each) for each in sums))) for minute, *sums in rows]

    async def use(self, since: float, until: float, by: TeamGrouping) -> TeamUse:
        """What was used in a period; by person and machine as far as one may read it."""
        return await self._calls.run(lambda db: _use(db, since, until, by), since)

    async def members(self) -> Sequence[Member]:
        """The persons of the team, by name."""
        return await self._calls.run(_members, 0.0)

    async def allow(self, person: str, *, may_read: bool) -> bool:
        """Let a person read others' use, or no longer; returns whether the person is there.

        Raises:
            GroqchatError: Only the owner may do so.
        """
        values = (may_read, person)
        found = await self._calls.run(lambda db: db.execute(_ALLOW, values).fetchone(), 0.0)
        return found is not None


def _amounts(requests: float, read: float, written: float, audio_s: float) -> Amounts:
    by_unit = {"requests": requests, "tokens": read + written, "seconds": audio_s}
    amounts = {kind: by_unit[kind.counts] for kind in LimitKind}
    return amounts | {LimitKind.ITPM: read, LimitKind.OTPM: written}


def _ended(db: BoundedConnection, leases: Sequence[str]) -> dict[str, Amounts]:
    """Remove leases; returns what each had reserved."""
    rows = db.execute(_END_LEASES, (list(leases),)).fetchall()
    return {lease: amounts_from(json.loads(text)) for lease, text in rows}


def _use(db: BoundedConnection, since: float, until: float, by: TeamGrouping) -> TeamUse:
    from groqchat.team.schema import SUMS

    period = "time >= %s AND time < %s"
    values = (since, until)
    everybody = db.execute("SELECT * FROM groqchat.totals(%s, %s)", values).fetchone() or ()
    own = f"SELECT {SUMS} FROM groqchat.entries WHERE person = session_user AND {period}"
    mine = db.execute(own, values).fetchone() or ()
    groups = (
        f"SELECT {_KEYS[by]}, {SUMS} FROM groqchat.entries WHERE {period} GROUP BY 1 ORDER BY 1"
    )
    rows = [(row[0], sums_of(row[1:])) for row in db.execute(groups, values)]
    if by is TeamGrouping.DAY:
        rows = by_day(rows)
    seen = sum(sums.requests for _, sums in rows)
    total = sums_of(everybody)
    return TeamUse(total, sums_of(mine), tuple(rows), sees_others=seen == total.requests)


def _members(db: BoundedConnection) -> list[Member]:
    machines: dict[str, list[tuple[str, float]]] = {}
    for person, machine, seen in db.execute(_MACHINES):
        machines.setdefault(person, []).append((machine, seen))
    return [
        Member(person, may_read, is_owner, tuple(machines.get(person, ())))
        for person, may_read, is_owner in db.execute(_MEMBERS)
    ]

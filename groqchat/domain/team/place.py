"""The shared state of one model at one endpoint, and how a request changes it.

The arithmetic is that of :class:`~groqchat.domain.limits.quota.LeakyBucket`, on every machine; a
store only keeps the state and lets one client change it at a time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from groqchat.domain.limits.quota import LeakyBucket, LimitKind, Source
from groqchat.domain.team.idle import charged

if TYPE_CHECKING:
    from collections.abc import Iterable

    from groqchat.domain.team.idle import Idles

ACTIVE_S = 60.0
"""A client is active for so many seconds after a request."""

# A server counts a request somewhat later than the client that sends it, and so drains less of it.
_LATE_S = 1.0

# A client that waits comes again a little later than it was told.
_PATIENCE_S = 3.0
SOONEST_S = 2.0
"""Seconds: others may give back what they have reserved at any time, and nobody tells."""

_LATEST_S = 60.0
# The part of the time that those before a client need at least, since some of them give up.
_EARLY = 0.75

# The part that requests use of what they reserve is an average of about so many.
_REMEMBERS = 16

# The part of the limits that clients share which do not hear of each other.
_SHARED = 0.9

Amounts = Mapping[LimitKind, float]
_ONE_REQUEST: Amounts = {LimitKind.RPM: 1.0}


@dataclass(frozen=True, slots=True)
class Place:
    """What has limits of its own: a model at an endpoint; ``account`` is the endpoint's origin."""

    account: str
    model: str


@dataclass(frozen=True, slots=True)
class Waiter:
    """A client whose request did not fit, and what it needs; it waits ``since`` a Unix time.

    The line is in the order of ``turn``. A client keeps its place ``until`` another Unix time: by
    then it has come again, or has given up.
    """

    client: str
    amounts: Amounts
    turn: float
    since: float
    until: float

    @property
    def place_in_line(self) -> tuple[float, float, str]:
        """What tells who comes before whom."""
        return self.turn, self.since, self.client


@dataclass(frozen=True, slots=True)
class PlaceState:
    """The shared buckets of a place, and the line before them.

    The line is a start-time fair queue (Goyal, Vin and Cheng, 1996) of persons: each request of a
    person begins where the one before ended, which is further on by the part that it took of the
    limits. So all who want more get the same part, and who has taken nothing for a while is next.

    ``running`` counts the requests under way, and ``active`` the clients that sent or recorded one
    within ``ACTIVE_S``, the asking one included. ``waiting`` are the first clients that wait for
    room. ``turn`` is how far the line has come, and ``own_turn`` where the last request of the
    asking person ended. ``told_at`` is the Unix time at which the server told last how
    many requests of the day everybody had sent. ``thrift`` is the part of what requests reserve
    that the last ones have used. ``idle`` are the periods in which buckets were empty.
    """

    buckets: tuple[LeakyBucket, ...] = ()
    running: int = 0
    active: int = 1
    waiting: tuple[Waiter, ...] = ()
    turn: float = 0.0
    own_turn: float = 0.0
    told_at: float = 0.0
    thrift: float = 1.0
    idle: Mapping[LimitKind, Idles] = field(default_factory=dict)

    def waiter(self, client: str) -> Waiter | None:
        """The place of a client in the line, if it has one."""
        return next((each for each in self.waiting if each.client == client), None)

    def for_client(self, client: str, now: float, *, is_likely: bool = False) -> PlaceState:
        """The state as a client may use it, who leaves room for those ``waiting`` before it.

        ``is_likely``: as it will probably be, since they use less than they reserve.
        """
        own = self._waiter(client, {}, now).place_in_line
        ahead = tuple(w for w in self.waiting if w.until > now and w.place_in_line < own)
        buckets = tuple(self._behind(b, ahead, now, is_likely=is_likely) for b in self.buckets)
        return replace(self, buckets=buckets, waiting=ahead)

    def _behind(
        self, bucket: LeakyBucket, ahead: Iterable[Waiter], now: float, *, is_likely: bool
    ) -> LeakyBucket:
        """A bucket from which those ahead have taken what they wait for.

        They hold nothing of a day: what they reserve may well be more than that, and is not used.
        """
        if bucket.kind.window_s == LimitKind.RPD.window_s:
            return bucket
        amount = sum(each.amounts.get(bucket.kind, 0.0) for each in ahead)
        part = self.thrift if is_likely and bucket.kind.counts == "tokens" else 1.0
        return bucket.charged(part * amount, now)

    def let_in(self, client: str, amounts: Amounts, now: float) -> PlaceState:
        """The state in which a client's turn has come, so that it waits no longer."""
        turn = self._waiter(client, amounts, now).turn
        left = tuple(each for each in self.waiting if each.client != client)
        ended = max(turn, self.own_turn) + self.part(amounts)
        # A small request may pass others: the line is where the first of them is.
        reached = min([turn, *(each.turn for each in left if each.until > now)])
        return replace(self, waiting=left, turn=max(reached, self.turn), own_turn=ended)

    def with_waiter(self, client: str, amounts: Amounts, again_s: float, now: float) -> PlaceState:
        """The state in which a client waits, and asks again after so many seconds."""
        left = (each for each in self.waiting if each.client != client)
        waiter = replace(
            self._waiter(client, amounts, now), amounts=amounts, until=now + again_s + _PATIENCE_S
        )
        return replace(self, waiting=(*left, waiter))

    def _waiter(self, client: str, amounts: Amounts, now: float) -> Waiter:
        """The place of a client in the line: the one that it would get, or its own if better."""
        # Who has taken nothing is ahead of a round of those who have all had the same.
        turn = max(self.turn - self.part(_ONE_REQUEST), self.own_turn)
        new = Waiter(client, amounts, turn, now, now)
        own = self.waiter(client) or new
        return replace(own, turn=min(own.turn, new.turn))

    def again_after(self, wait_s: float) -> float:
        """The seconds after which a client of a queue asks again, which would wait for so many.

        Requests use less than they reserve, so that its turn may come sooner than it seems, but
        not before those ``waiting`` before it have had theirs, who come as fast as requests may
        at most. It comes somewhat before that time, since some of them give up.
        """
        paces = (b.kind.window_s / b.limit for b in self.buckets if b.kind is LimitKind.RPM)
        early_s = _EARLY * len(self.waiting) * next(paces, 0.0)
        return min(wait_s, max(SOONEST_S, min(early_s, _LATEST_S)))

    def part(self, amounts: Amounts) -> float:
        """The largest part that amounts are of a limit."""
        parts = (
            amounts.get(bucket.kind, 0.0) / bucket.limit for bucket in self.buckets if bucket.limit
        )
        return max(parts, default=0.0)

    def charged(self, amounts: Amounts, at: float) -> PlaceState:
        """The state after amounts were used (negative: given back) at a Unix time.

        The time may lie before what is known already. A server never lets more be used than its
        limit.
        """
        buckets, idle = [], {}
        for each in self.buckets:
            amount, idles = amounts.get(each.kind, 0.0), self.idle.get(each.kind, ())
            bucket, idle[each.kind] = charged(each, idles, amount, at)
            buckets.append(_capped(bucket))
        return replace(self, buckets=tuple(buckets), idle=idle)

    def settled(self, used: Amounts, reserved: Amounts, at: float) -> PlaceState:
        """The state once a request has used its amounts, in the stead of those it reserved."""
        state, before = self.charged(difference(used, reserved), at), self.part(reserved)
        if not used or not before:
            return state
        part = min(1.0, self.part(used) / before)
        return replace(state, thrift=self.thrift + (part - self.thrift) / _REMEMBERS)

    def knowing(self, own: Iterable[LeakyBucket]) -> PlaceState:
        """The state with the limits that a client knows: new ones, and sizes that a server told."""
        known = {bucket.kind: bucket for bucket in self.buckets}
        for bucket in own:
            shared = known.get(bucket.kind)
            if shared is None:
                known[bucket.kind] = replace(bucket, others=0.0)
            elif bucket.source in {Source.HEADER, Source.ERROR} and bucket.limit != shared.limit:
                known[bucket.kind] = replace(shared, limit=bucket.limit)
        return replace(self, buckets=tuple(known[kind] for kind in LimitKind if kind in known))

    def told(self, buckets: Iterable[LeakyBucket]) -> PlaceState:
        """The state with what a server told; what nobody here has used was used by others."""
        reported = {bucket.kind: bucket for bucket in buckets}
        fuller, idle = [], dict(self.idle)
        for each in self.buckets:
            bucket = each
            if told := reported.get(each.kind):
                bucket, idle[each.kind] = _fuller(each, self.idle.get(each.kind, ()), told)
            fuller.append(bucket)
        day = reported.get(LimitKind.RPD)
        told_at = max(self.told_at, day.at) if day else self.told_at
        return replace(self, buckets=tuple(fuller), told_at=told_at, idle=idle)

    def uncounted(self, amounts: Amounts, sent: float) -> Amounts:
        """The part of a request's amounts that is not in what the server has told since.

        Requests that left while the store was away are handed in late. ``sent`` is when one left,
        not when its own headers came: another's may have come between, and have counted it. Where
        they had not, its own tell so.
        """
        if sent > self.told_at:
            return amounts
        return {kind: amount for kind, amount in amounts.items() if kind is not LimitKind.RPD}

    @property
    def cautious(self) -> tuple[LeakyBucket, ...]:
        """The buckets as they may look to a server which counted requests somewhat later."""
        return tuple(_cautious(bucket) for bucket in self.buckets)

    def shared_by(self, clients: int, now: float) -> PlaceState:
        """The part of one of several clients: of what was left of the limits, and of their refill.

        What is larger than a part waits until enough has come together, up to the whole limit. What
        came back until a Unix time, others may have taken since the state was read.
        """
        return PlaceState(tuple(_part(bucket, clients, now) for bucket in self.buckets))

    def tightest(self, own: PlaceState, now: float) -> PlaceState:
        """The state as far as a client's own part leaves as much of each limit at a Unix time."""
        parts = {bucket.kind: bucket for bucket in own.buckets}
        buckets = (
            min(bucket, parts.get(bucket.kind, bucket), key=lambda each: each.remaining_at(now))
            for bucket in self.buckets
        )
        return replace(self, buckets=tuple(buckets))


def difference(used: Amounts, reserved: Amounts) -> Amounts:
    """What is still to be charged once a request has used its amounts.

    What was not reserved of a reservation is counted elsewhere.
    """
    return {kind: used.get(kind, 0.0) - reserved.get(kind, 0.0) for kind in reserved or used}


def _part(bucket: LeakyBucket, clients: int, now: float) -> LeakyBucket:
    part = _SHARED / clients
    used = bucket.limit * (1 - part) + bucket.used / clients
    refill = bucket.limit / bucket.kind.window_s
    return replace(bucket, used=used, at=max(now, bucket.at), others=refill * (1 - part))


def _capped(bucket: LeakyBucket) -> LeakyBucket:
    return replace(bucket, used=min(bucket.used, float(bucket.limit)))


def _fuller(bucket: LeakyBucket, idles: Idles, told: LeakyBucket) -> tuple[LeakyBucket, Idles]:
    at = max(bucket.at, told.at)
    bucket, idles = charged(bucket, idles, 0.0, at)
    used = max(bucket.used, told.used_at(at))
    # What others have used, nobody knows when, may have had all the refill.
    idles = idles if used == bucket.used else ()
    return replace(bucket, limit=told.limit, used=used), idles


def _cautious(bucket: LeakyBucket) -> LeakyBucket:
    margin = min(bucket.limit * _LATE_S / bucket.kind.window_s, 0.05 * bucket.limit)
    # Of a line it may be more than the limit, and tells for how long.
    used = max(bucket.used, min(bucket.used + margin, float(bucket.limit)))
    return replace(bucket, used=used)

"""The shared state of one model at one endpoint, and how a request changes it.

The arithmetic is that of :class:`~groqchat.domain.limits.quota.LeakyBucket`, on every machine; a
store only keeps the state and lets one client change it at a time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from groqchat.domain.limits.quota import LeakyBucket, LimitKind, Source

if TYPE_CHECKING:
    from collections.abc import Iterable

ACTIVE_S = 60.0
"""A client is active for so many seconds after a request."""

# A server counts a request somewhat later than the client that sends it, and so drains less of it.
_LATE_S = 1.0

# A client that waits comes again a little later than it was told.
_PATIENCE_S = 3.0

Amounts = Mapping[LimitKind, float]


@dataclass(frozen=True, slots=True)
class Place:
    """What has limits of its own: a model at an endpoint; ``account`` is the endpoint's origin."""

    account: str
    model: str


@dataclass(frozen=True, slots=True)
class Waiter:
    """A client whose request did not fit, and what it needs; it waits ``since`` a Unix time.

    It keeps its place in the line ``until`` another: by then it has come again, or has given up.
    """

    client: str
    amounts: Amounts
    since: float
    until: float


@dataclass(frozen=True, slots=True)
class PlaceState:
    """The shared buckets of a place.

    ``running`` counts the requests under way, and ``active`` the clients that sent or recorded one
    within ``ACTIVE_S``, the asking one included. ``waiting`` are the clients that wait for room.
    """

    buckets: tuple[LeakyBucket, ...] = ()
    running: int = 0
    active: int = 1
    waiting: tuple[Waiter, ...] = ()

    def for_client(self, client: str, now: float) -> PlaceState:
        """The state as a client may use it, who leaves room for those who have waited longer."""
        own = next((each.since for each in self.waiting if each.client == client), now)
        ahead = (
            each
            for each in self.waiting
            if each.until > now and (each.since, each.client) < (own, client)
        )
        state = self
        for each in ahead:
            buckets = (b.charged(each.amounts.get(b.kind, 0.0), now) for b in state.buckets)
            state = replace(state, buckets=tuple(buckets))
        return state

    def without(self, client: str, now: float) -> PlaceState:
        """The state in which a client waits no longer, nor do those who have given up."""
        left = (each for each in self.waiting if each.client != client and each.until > now)
        return replace(self, waiting=tuple(left))

    def with_waiter(self, client: str, amounts: Amounts, wait_s: float, now: float) -> PlaceState:
        """The state in which a client waits for so many seconds; it keeps its place in the line."""
        since = next((each.since for each in self.waiting if each.client == client), now)
        waiter = Waiter(client, amounts, since, now + wait_s + _PATIENCE_S)
        left = self.without(client, now)
        return replace(left, waiting=(*left.waiting, waiter))

    def charged(self, amounts: Amounts, at: float) -> PlaceState:
        """The state after amounts were used (negative: given back) at a Unix time.

        A server never lets more be used than its limit.
        """
        charged = (
            _capped(bucket.charged(amounts.get(bucket.kind, 0.0), at)) for bucket in self.buckets
        )
        return replace(self, buckets=tuple(charged))

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
        fuller = (_fuller(bucket, reported.get(bucket.kind)) for bucket in self.buckets)
        return replace(self, buckets=tuple(fuller))

    @property
    def cautious(self) -> tuple[LeakyBucket, ...]:
        """The buckets as they may look to a server which counted requests somewhat later."""
        return tuple(_cautious(bucket) for bucket in self.buckets)

    def shared_by(self, clients: int) -> PlaceState:
        """The part of one of several clients: of the limits, and of what is left of them."""
        parts = (
            replace(bucket, limit=bucket.limit // clients, used=bucket.used / clients)
            for bucket in self.buckets
        )
        return PlaceState(tuple(parts))

    def tightest(self, own: PlaceState, now: float) -> PlaceState:
        """The state as far as a client's own part leaves as much of each limit at a Unix time."""
        parts = {bucket.kind: bucket for bucket in own.buckets}
        buckets = (
            min(bucket, parts.get(bucket.kind, bucket), key=lambda each: each.remaining_at(now))
            for bucket in self.buckets
        )
        return replace(self, buckets=tuple(buckets))


def waiting_text(waiting: tuple[Waiter, ...]) -> str | None:
    """The JSON text of those who wait; None where nobody does."""
    rows = [(each.client, dict(each.amounts), each.since, each.until) for each in waiting]
    return json.dumps(rows) if rows else None


def waiting_from(text: str | None) -> tuple[Waiter, ...]:
    """The clients that wait, from their JSON text."""
    return tuple(
        Waiter(client, {LimitKind(kind): n for kind, n in amounts.items()}, since, until)
        for client, amounts, since, until in (json.loads(text) if text else ())
    )


def difference(used: Amounts, reserved: Amounts) -> Amounts:
    """What is still to be charged once a request has used its amounts."""
    return {kind: used.get(kind, 0.0) - reserved.get(kind, 0.0) for kind in LimitKind}


def _capped(bucket: LeakyBucket) -> LeakyBucket:
    return replace(bucket, used=min(bucket.used, float(bucket.limit)))


def _fuller(bucket: LeakyBucket, told: LeakyBucket | None) -> LeakyBucket:
    if told is None:
        return bucket
    at = max(bucket.at, told.at)
    return replace(bucket, limit=told.limit, used=max(bucket.used_at(at), told.used_at(at)), at=at)


def _cautious(bucket: LeakyBucket) -> LeakyBucket:
    margin = min(bucket.limit * _LATE_S / bucket.kind.window_s, 0.05 * bucket.limit)
    return replace(bucket, used=min(bucket.used + margin, float(bucket.limit)))

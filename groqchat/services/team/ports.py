"""Protocols of what a team needs of a store."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from groqchat.domain.ledger.entry import LedgerEntry, Recorded
    from groqchat.domain.team.entries import Member, TeamEntry, TeamGrouping, TeamUse
    from groqchat.domain.team.place import Amounts, Place, PlaceState


class HandedIn(NamedTuple):
    """What became of entries: how many were new, and the states of their places."""

    new: int
    states: Mapping[Place, PlaceState]


class Decide(Protocol):
    """Decides on a request, given the shared state while nobody else can change it."""

    def __call__(self, state: PlaceState, /) -> tuple[PlaceState, Amounts | None]:
        """The state with the limits that the client knows, and the amounts to reserve.

        None instead of amounts: nothing is reserved.
        """


class TeamStore(Protocol):
    """The limits and the ledger that several clients share.

    Each call is one transaction. Each raises ``GroqchatError`` where the store cannot be used; the
    error's cause says why. Times are Unix times in seconds, and always the caller's.
    """

    async def take(self, place: Place, lease: str, decide: Decide, now: float) -> PlaceState:
        """Reserve what a decision says, under an id; returns the state after it.

        While the decision is made no other client changes the place.
        """

    async def hand_in(self, entries: Sequence[TeamEntry], now: float) -> HandedIn:
        """Add entries, each once however often it is handed in.

        What an entry used is charged to its place, in the stead of its reservation if there is one.
        """

    async def give_back(self, place: Place, lease: str, now: float) -> None:
        """End the reservation of a request that did not leave; one that is unknown is none."""

    async def leave(self, place: Place, now: float) -> None:
        """Give up the own place in the line; nothing happens where there is none."""

    async def state(self, place: Place, now: float) -> PlaceState:
        """The state of a place."""

    async def taken(self, place: Place, since: float) -> Sequence[tuple[float, Amounts]]:
        """What everybody took of a place's limits in each minute since a Unix time, with its time.

        A minute in which nothing was taken may be missing.
        """

    async def use(self, since: float, until: float, by: TeamGrouping) -> TeamUse:
        """What was used in a period, as far as the asking person may know."""

    async def members(self) -> Sequence[Member]:
        """The persons of the team, by name."""

    async def close(self) -> None:
        """Close the connection."""


class Kept(NamedTuple):
    """What an earlier process of this machine has read of a team's limits.

    ``state`` was read at the Unix time ``at``; it has no buckets where only another model's limits
    were read. The server is away since ``away_since``, if that is known. ``used`` are the entries
    of the model that this machine has recorded after ``at``.
    """

    state: PlaceState
    at: float
    away_since: float | None
    used: Sequence[LedgerEntry]


class Outbox(Protocol):
    """What the machine's own database keeps for a team, for all its processes.

    That are the entries of its ledger that the team does not have yet, and what was read last.

    Every call may raise ``StorageError``.
    """

    async def begin(self, team: str) -> None:
        """Note that a team gets the entries that are recorded from now on, if it is a new one."""

    async def pending(self, team: str) -> Recorded:
        """The oldest entries for a team, a bounded number, and the number of the last of them."""

    async def handed_in(self, team: str, number: int) -> None:
        """Note that a team has all entries up to a number."""

    async def keep(
        self, team: str, account: str, model: str, state: PlaceState, at: float, /
    ) -> None:
        """Keep what was read of a model's limits at a Unix time, when the server was there."""

    async def lost(self, team: str, since: float) -> None:
        """Note since when the server is away; an earlier time stays."""

    async def kept(self, team: str, account: str, model: str) -> Kept | None:
        """What was read last; None: nothing of any model."""

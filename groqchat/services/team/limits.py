"""The limits that an account shares with its team, also while the team's server is away.

While it is there, each request takes what it needs from the team's store before it leaves. While it
is away each client uses at most its share: what was left at the last contact, divided by the
clients that were active then. A server that is there but busy is waited for. What was used is
recorded in the machine's own ledger in any case, from where it is handed in when the server is
there.
"""

from __future__ import annotations

import asyncio
import itertools
import random
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import GroqchatError, StorageError
from groqchat.domain.team.place import Place, PlaceState, difference
from groqchat.services.team.contact import Contact
from groqchat.services.team.handing_in import amounts_of, team_entries
from groqchat.services.team.leases import Leases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from groqchat.domain.ledger.entry import LedgerEntry, Recorded
    from groqchat.domain.limits.quota import LeakyBucket, Sharing
    from groqchat.domain.team.place import Amounts
    from groqchat.services.ports import Clock
    from groqchat.services.team.ports import Outbox, TeamStore

RETRY_S = 5.0
"""The seconds between attempts to reach a server that is away."""

# Others come back somewhat later, and what they used meanwhile is not known before.
_GRACE_S = 2 * RETRY_S
# What was read of the limits is shown for so long without being read again, by each of so many
# active clients; the more there are, the more rarely, up to the last.
_FRESH_S, _FEW, _STALEST_S = 4.0, 16, 60.0


def _while_busy() -> float:
    """The seconds until a busy server is asked again, at random since others ask too."""
    return random.uniform(1.0, 4.0)  # noqa: S311 - nothing to guess


_LONGEST_CLOSE_S = 2.0


class Fit(Protocol):
    """Decides what a request may take."""

    def __call__(self, state: PlaceState, likely: PlaceState, /) -> tuple[Amounts, float | None]:
        """The amounts that a request needs of a state, and the seconds until it asks again.

        They are taken where that is 0; None: they never fit. ``likely`` is the state as it will
        probably be when those who wait before it have had their turn.
        """


@dataclass(slots=True)
class _Decision:
    """The decision on a client's request, made on the thread of the store at a Unix time.

    ``own`` are the limits as the machine knows them, and ``share_in_grace`` gives the share that
    still holds. ``amounts`` were taken last; None: it does not fit.
    """

    client: str
    now: float
    own: tuple[LeakyBucket, ...]
    fit: Fit
    share_in_grace: Callable[[], PlaceState | None]
    amounts: Amounts | None = None

    def decide(self, state: PlaceState) -> tuple[PlaceState, Amounts | None]:
        """Take what fits, or stand in the line."""
        state, share, now = state.knowing(self.own), self.share_in_grace(), self.now
        mine = state.for_client(self.client, now)
        likely = state.for_client(self.client, now, is_likely=True)
        amounts, again_s = self.fit(mine.tightest(share, now) if share else mine, likely)
        self.amounts = amounts if again_s == 0 else None
        if again_s:
            return state.with_waiter(self.client, amounts, again_s, now), None
        if again_s is None:
            return state, None
        return state.let_in(self.client, amounts, now), amounts


class TeamLimits:
    """The limits of one account, shared with its team.

    Args:
        store: The team's store.
        outbox: The entries that the team does not have yet.
        clock: Time.
        team: The name of the team in the outbox.
        account: The origin of the endpoint, whose models have the limits.
        client: A name that no other process has.
        is_ours: Whether an entry of the ledger is the team's.
    """

    def __init__(
        self,
        store: TeamStore,
        outbox: Outbox,
        clock: Clock,
        *,
        team: str,
        account: str,
        client: str,
        is_ours: Callable[[LedgerEntry], bool],
    ) -> None:
        self._store = store
        self._outbox = outbox
        self._clock = clock
        self._team = team
        self._account = account
        self._client = client
        self._is_ours = is_ours
        self._numbers = itertools.count(1)
        self._has_begun = False
        self._contact = Contact(
            outbox, clock, team=team, account=account, is_ours=is_ours, grace_s=_GRACE_S
        )
        self._leases = Leases(store, clock, account)
        self._delivery: asyncio.Task[None] | None = None
        self._wanted: set[str] = set()
        self._left: set[str] = set()
        self._is_again = False

    @property
    def away_since(self) -> float | None:
        """The Unix time since which the server is away; None while it is there."""
        return self._contact.away_since

    @property
    def away_because(self) -> GroqchatError | None:
        """Why the server is away; None while it is there."""
        return self._contact.away_because

    def state(self, model: str) -> PlaceState | None:
        """What is known of the limits of a model: the team's, or while it is away the own share."""
        return self._contact.state(model)

    @property
    def sharing(self) -> Sharing:
        """The clients that share the limits, and since when the server is away."""
        return self._contact.sharing

    def look(self, model: str) -> None:
        """Read the state of a model again, in the background, if what is known is old."""
        known = self._contact.last_read(model)
        fresh_s = min(_STALEST_S, _FRESH_S * max(1.0, self.sharing.active / _FEW))
        if known is None or self._clock.now() - known.at > fresh_s:
            self._wanted.add(model)
            self._deliver()

    async def read(self, model: str) -> None:
        """Read the state of a model now; a server that cannot be reached is away from then on.

        Of a busy one the last known state stays.
        """
        if self.away_since is not None:
            return
        try:
            state = await self._store.state(self._place(model), self._clock.now())
        except GroqchatError as error:
            self._lose_unless_busy(error)
        else:
            self._contact.note(model, state)

    async def taken(self, model: str, since: float) -> Sequence[tuple[float, Amounts]] | None:
        """What all clients took in each minute since a Unix time; None: it cannot be known."""
        try:
            return None if self.away_since else await self._store.taken(self._place(model), since)
        except GroqchatError as error:
            self._lose_unless_busy(error)
            return None

    async def take(
        self, model: str, own: Iterable[LeakyBucket], fit: Fit, *, is_forced: bool = False
    ) -> str | None:
        """Take what a request needs.

        Args:
            model: The model.
            own: The limits as this machine knows them.
            fit: Decides; it may be called more than once, on any thread.
            is_forced: Whether it is taken also where the own share is not known.

        Returns:
            The id of what was taken, or None where nothing was.

        Raises:
            StorageError: The machine's own database cannot be used.
            RateLimitedError: The server is busy, or it is away and the own share is not known.
        """
        await self._begin()
        own, now = tuple(own), self._clock.now()
        lease, grace = f"{self._client}-{next(self._numbers)}", self._contact.share_in_grace
        decision = _Decision(self._client, now, own, fit, partial(grace, model))
        if self.away_since is None:
            try:
                state = await self._store.take(self._place(model), lease, decision.decide, now)
            except GroqchatError as error:
                if self._lose_unless_busy(error):
                    raise error.with_facts(retry_after_s=_while_busy()) from None
                self._leases.unused(lease, model)  # it may be taken, and the answer lost
            except asyncio.CancelledError:
                self._leases.unused(lease, model)
                self._deliver()
                raise
            else:
                self._contact.note(model, state)
                return self._keep(lease, model, decision.amounts, is_shared=True)
        share = await self._contact.share(model, own)
        if share is None and not is_forced:
            raise failure("team_never_read", model=model, retry_after_s=RETRY_S)
        share = share or PlaceState()
        amounts, again_s = fit(share, share)
        return self._keep(lease, model, amounts if again_s == 0 else None, is_shared=False)

    def _keep(
        self, lease: str, model: str, amounts: Amounts | None, *, is_shared: bool
    ) -> str | None:
        if amounts is None:
            return None
        self._leases.keep(lease, model, amounts, is_shared=is_shared)
        self._contact.charge(model, amounts)
        if not is_shared:  # the server may have come back just now
            self._deliver()
        return lease

    def end(self, lease: str, entry: LedgerEntry | None) -> None:
        """End what was taken for a request, whose entry is in the ledger; None: it never left."""
        found = self._leases.ended(lease)
        if found is None:
            return
        model, amounts = found.model, found.amounts
        self._contact.charge(model, difference(amounts_of(entry) if entry else {}, amounts))
        if entry is None:
            self._leases.unused(lease, model)
        self._deliver()

    def leave(self, model: str) -> None:
        """Give up the place in the line, where a request that waits there is given up."""
        known = self._contact.last_read(model)
        if self.away_since is None and known and known.state.waiter(self._client):
            self._left.add(model)
            self._deliver()

    async def close(self) -> None:
        """Hand in what there is, if the server is there, and close the connection."""
        if self._delivery is not None:
            if self.away_since is None:
                await asyncio.wait([self._delivery], timeout=_LONGEST_CLOSE_S)
            self._delivery.cancel()
        await self._store.close()

    # -- the server comes and goes ------------------------------------------------------------

    def _lose_unless_busy(self, error: GroqchatError) -> bool:
        """Note that the server is away; returns whether it is there, but busy."""
        if error.cause.name == "team_busy":
            return True
        self._contact.lose(error)
        self._deliver()
        return False

    def _place(self, model: str) -> Place:
        return Place(self._account, model)

    # -- handing in, in the background --------------------------------------------------------

    async def _begin(self) -> None:
        if not self._has_begun:
            self._has_begun = True
            await self._outbox.begin(self._team)
            self._deliver()  # what an earlier process has left

    def _deliver(self) -> None:
        self._is_again = True
        if self._delivery is None or self._delivery.done():
            self._delivery = asyncio.create_task(self._delivered())

    async def _delivered(self) -> None:
        """Hand everything in; while the server is away or busy, try again and again."""
        while self._is_again or self.away_since is not None:
            self._is_again = False
            try:
                await self._deliver_once()
            except GroqchatError as error:
                self._is_again = True
                pause_s = RETRY_S
                if self._lose_unless_busy(error):
                    pause_s = _while_busy()
                await self._contact.keep()
                await self._contact.recall(self._wanted)
                await self._clock.sleep(pause_s)
            else:
                self._contact.regain()
                await self._contact.keep()

    async def _deliver_once(self) -> None:
        await self._leases.tell()
        while self._left:
            await self._store.leave(self._place(self._left.pop()), self._clock.now())
        await self._hand_in()
        for model in list(self._wanted or ({""} if self.away_since is not None else ())):
            state = await self._store.state(self._place(model), self._clock.now())
            self._wanted.discard(model)
            if state.buckets:
                self._contact.note(model, state)

    async def _hand_in(self) -> None:
        while recorded := await self._pending():
            for place, state in (await self._handed(recorded)).items():
                self._contact.note(place.model, state)
            try:
                await self._outbox.handed_in(self._team, recorded.last)
            except StorageError:  # they are handed in again, and count once
                return

    async def _pending(self) -> Recorded | None:
        """What is to be handed in; None where there is nothing, or where it cannot be read."""
        with suppress(StorageError):
            recorded = await self._outbox.pending(self._team)
            return recorded if recorded.entries else None
        return None

    async def _handed(self, recorded: Recorded) -> Mapping[Place, PlaceState]:
        """Hand entries in; returns the states of their places.

        Raises:
            GroqchatError: The team's store cannot be used.
        """
        ours = filter(self._is_ours, recorded.entries)
        entries = team_entries(ours, self._account)
        return (await self._store.hand_in(entries, self._clock.now())).states

"""What was read of a team's limits at the last contact, and the own share of it meanwhile."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.limits.quota import Sharing
from groqchat.domain.team.place import PlaceState
from groqchat.services.team.handing_in import amounts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.ledger.entry import LedgerEntry
    from groqchat.domain.limits.quota import LeakyBucket
    from groqchat.domain.team.place import Amounts
    from groqchat.services.ports import Clock
    from groqchat.services.team.ports import Outbox

# What was read is kept for later processes no more often.
_KEPT_EVERY_S = 20.0


class Read(NamedTuple):
    """The state of a model's limits, and the Unix time at which it was read."""

    state: PlaceState
    at: float


class Contact:
    """The last contact of a client with its team's server.

    While the server is away a client uses at most its share of what was left then. A process that
    begins meanwhile takes what an earlier one of this machine has read, without what this machine
    has used since; where none has ever read anything, there is no share.

    Args:
        outbox: Keeps what was read for later processes.
        clock: Time.
        team: The name of the team in the outbox.
        account: The origin of the endpoint.
        is_ours: Whether an entry of the ledger is the team's.
        grace_s: The seconds for which the share still holds once the server is back.
    """

    def __init__(
        self,
        outbox: Outbox,
        clock: Clock,
        *,
        team: str,
        account: str,
        is_ours: Callable[[LedgerEntry], bool],
        grace_s: float,
    ) -> None:
        self._outbox = outbox
        self._clock = clock
        self._names = team, account
        self._is_ours = is_ours
        self._grace_s = grace_s
        self._grace_until = float("-inf")
        self._read: dict[str, Read] = {}
        self._kept: dict[str, float] = {}
        self._shares: dict[str, PlaceState] = {}
        self._active: int | None = None
        self.away_since: float | None = None
        self.away_because: GroqchatError | None = None

    @property
    def sharing(self) -> Sharing:
        """The clients that share the limits, and since when the server is away."""
        has_share = self.away_since is None or self._active is not None
        return Sharing(self._active or 1, self.away_since, has_share=has_share)

    def state(self, model: str) -> PlaceState | None:
        """What is known of a model's limits: the team's, or while it is away the own share."""
        if self.away_since is not None:
            return self._shares.get(model) or self._share_of(model)
        known = self._read.get(model)
        return known.state if known else None

    def last_read(self, model: str) -> Read | None:
        """What was read last of a model in this process."""
        return self._read.get(model)

    def note(self, model: str, state: PlaceState) -> None:
        """Note what was read just now."""
        now = self._clock.now()
        self._read[model] = Read(state, now)
        self._active = state.active
        if self.away_since is None and now >= self._grace_until:
            self._shares.clear()

    def lose(self, error: GroqchatError) -> None:
        """Note that the server is away."""
        if self.away_since is None:
            self.away_since = self._clock.now()
            if self.away_since >= self._grace_until:
                shares = ((model, self._share_of(model)) for model in self._read)
                self._shares = {model: share for model, share in shares if share is not None}
        self.away_because = error

    def regain(self) -> None:
        """Note that the server is there."""
        if self.away_since is not None:
            self.away_since = self.away_because = None
            self._grace_until = self._clock.now() + self._grace_s

    def share_in_grace(self, model: str) -> PlaceState | None:
        """The share that still holds, since others may not have told what they used meanwhile."""
        return self._shares.get(model) if self._clock.now() < self._grace_until else None

    def charge(self, model: str, amounts: Amounts) -> None:
        """Count what the own requests use of the share."""
        if model in self._shares:
            self._shares[model] = self._shares[model].charged(amounts, self._clock.now())

    async def share(self, model: str, own: Iterable[LeakyBucket]) -> PlaceState | None:
        """The own share of a model's limits while the server is away; None: it is not known.

        Args:
            model: The model.
            own: The limits as this machine knows them.

        Raises:
            StorageError: The machine's own database cannot be used.
        """
        if model not in self._shares:
            share = None if model in self._read else await self._kept_share(model)
            share = share or self._share_of(model, own)
            if share is None:
                return None
            self._shares[model] = share
        return self._shares[model]

    async def recall(self, models: Iterable[str]) -> None:
        """Find the shares of models to be shown, if the server is away and they are kept."""
        if self.away_since is not None:
            with suppress(StorageError):  # it is told to who asks for an answer
                for model in tuple(models):
                    await self.share(model, ())

    async def keep(self) -> None:
        """Keep what was read, and since when the server is away, for later processes."""
        now = self._clock.now()
        with suppress(StorageError):  # a later process only begins with less
            if self.away_since is not None:
                await self._outbox.lost(self._names[0], self.away_since)
            for model, read in tuple(self._read.items()):  # more may be read meanwhile
                if read.at >= self._kept.get(model, float("-inf")) + _KEPT_EVERY_S:
                    self._kept[model] = now
                    await self._outbox.keep(*self._names, model, read.state, read.at)

    def _share_of(self, model: str, own: Iterable[LeakyBucket] = ()) -> PlaceState | None:
        """The own part of what was left at the last contact of this process."""
        if self._active is None:
            return None
        known = self._read.get(model)
        state = known.state if known else PlaceState().knowing(own)
        since = self._clock.now() if self.away_since is None else self.away_since
        return state.shared_by(self._active, since) if state.buckets else None

    async def _kept_share(self, model: str) -> PlaceState | None:
        """The part of what was left at the last contact of an earlier process of this machine."""
        kept = await self._outbox.kept(*self._names, model)
        if kept is None:
            return None
        self._active = self._active or kept.state.active
        if not kept.state.buckets:
            return None
        since = kept.away_since or self.away_since or self._clock.now()
        share = kept.state.shared_by(self._active, max(since, kept.at))
        for entry in filter(self._is_ours, kept.used):
            share = share.charged(amounts_of(entry), entry.counted_at)
        return share

"""What a client has taken of a team's limits for its requests under way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.team.place import Place

if TYPE_CHECKING:
    from groqchat.domain.team.place import Amounts, PlaceState
    from groqchat.services.ports import Clock
    from groqchat.services.team.ports import TeamStore


@dataclass(slots=True)
class Lease:
    """What was taken for a request under way, and whether the team knows of it."""

    model: str
    amounts: Amounts
    sent: float
    is_shared: bool

    def decide(self, state: PlaceState) -> tuple[PlaceState, Amounts | None]:
        """Take it in any case, but for what the server has told of it."""
        return state, state.uncounted(self.amounts, self.sent)


class Leases:
    """The leases of a client, and those that it does not use, which are given back.

    Args:
        store: The team's store.
        clock: Time.
        account: The origin of the endpoint.
    """

    def __init__(self, store: TeamStore, clock: Clock, account: str) -> None:
        self._store = store
        self._clock = clock
        self._account = account
        self._leases: dict[str, Lease] = {}
        self._unused: dict[str, str] = {}

    def keep(self, name: str, model: str, amounts: Amounts, *, is_shared: bool) -> None:
        """Keep what was taken for a request that leaves now."""
        self._unused.pop(name, None)
        self._leases[name] = Lease(model, amounts, self._clock.now(), is_shared)

    def unused(self, name: str, model: str) -> None:
        """Let the team have back what may have been taken there and is not used."""
        self._unused[name] = model

    def ended(self, name: str) -> Lease | None:
        """End a request's lease, and return it; None where it has none."""
        return self._leases.pop(name, None)

    async def tell(self) -> None:
        """Let the team know of what left while it was away, and of what is not used.

        Raises:
            GroqchatError: The team's store cannot be used.
        """
        for name, lease in list(self._leases.items()):
            if not lease.is_shared and name in self._leases:
                place, now = Place(self._account, lease.model), self._clock.now()
                await self._store.take(place, name, lease.decide, now)
                lease.is_shared = True
        for name, model in list(self._unused.items()):
            if name in self._unused:  # it may have left meanwhile
                place, now = Place(self._account, model), self._clock.now()
                await self._store.give_back(place, name, now)
                self._unused.pop(name, None)

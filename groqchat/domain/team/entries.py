"""What machines tell each other of their requests: tokens, costs and models, and never a text."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from groqchat.domain.ledger.sums import Sums

if TYPE_CHECKING:
    from groqchat.domain.ledger.entry import LedgerEntry
    from groqchat.domain.limits.quota import LeakyBucket
    from groqchat.domain.team.place import Amounts, Place

SENT_FIELDS = (
    "time", "model", "provider", "outcome", "service_tier", "prompt_tokens", "cached_tokens",
    "completion_tokens", "reasoning_tokens", "audio_s", "characters", "estimated", "cost",
    "saved",
)  # fmt: skip
"""All that leaves the machine of a ledger entry, besides its id, its person and its machine."""


@dataclass(frozen=True, slots=True)
class TeamEntry:
    """A ledger entry on its way to the team.

    ``id`` is unique, so that an entry which arrives twice counts once; it is that of the
    reservation, where there was one. ``amounts`` are what the request took of its limits, and
    ``told`` the limits of which the server told how much everybody had used. ``place`` is None for
    what counts against no limit of the team: a line of a batch.
    """

    id: str
    entry: LedgerEntry
    amounts: Amounts
    place: Place | None = None
    told: tuple[LeakyBucket, ...] = ()

    @property
    def fields(self) -> tuple[object, ...]:
        """The values of ``SENT_FIELDS``."""
        entry, usage = self.entry, self.entry.usage
        return (
            entry.time,
            entry.model,
            entry.provider,
            entry.outcome,
            entry.service_tier,
            usage.prompt_tokens,
            usage.cached_tokens,
            usage.completion_tokens,
            usage.reasoning_tokens,
            entry.audio_s,
            entry.characters,
            entry.estimated,
            entry.cost,
            entry.saved,
        )


class TeamGrouping(StrEnum):
    """What the rows of the team's use are for."""

    MODEL = "model"
    DAY = "day"
    PERSON = "person"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the team.

    ``may_read`` says whether the person sees what each of the others has used; ``is_owner`` whether
    the person may change that. ``machines`` are the names of the machines used, with the Unix times
    at which each was seen last; of others only readers know them.
    """

    person: str
    may_read: bool
    is_owner: bool = False
    machines: tuple[tuple[str, float], ...] = ()

    @property
    def role(self) -> str:
        """The role in one word."""
        return "owner" if self.is_owner else "reader" if self.may_read else "member"


@dataclass(frozen=True, slots=True)
class TeamUse:
    """The use of a team in a period: all of it, one's own, and that of each group.

    ``rows`` are empty of others' use where one may not read it.
    """

    everybody: Sums
    mine: Sums
    rows: tuple[tuple[str, Sums], ...] = ()
    sees_others: bool = False


def sums_of(row: tuple[object, ...]) -> Sums:
    """The sums in a row of a store: counts, then cost and saved as decimal texts or numbers."""
    requests, prompt, cached, completion, cost, saved, unpriced, refused, audio_s, spoken = row
    return Sums(
        int(str(requests)),
        int(str(prompt)),
        int(str(cached)),
        int(str(completion)),
        Decimal(str(cost)),
        Decimal(str(saved)),
        unpriced=int(str(unpriced)),
        refused=int(str(refused)),
        audio_s=float(str(audio_s)),
        characters=int(str(spoken)),
    )

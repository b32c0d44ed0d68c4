"""What a request under way holds: money of budgets, and a part of limits that processes share."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from groqchat.domain.ledger.entry import LedgerEntry
    from groqchat.domain.ledger.running import Running


@dataclass(frozen=True, slots=True)
class Cap:
    """A spending limit in US dollars at list price, for a period or for one session.

    ``place`` says which in words. ``since`` and ``until`` are Unix times; the second does not
    belong to it any more, and None is no end.
    """

    place: str
    limit: Decimal
    since: float = 0.0
    until: float | None = None
    session_id: str | None = None


@dataclass(frozen=True, slots=True)
class Basis:
    """What was known of other processes' requests when one was found to fit.

    ``number`` is that of the ledger's last entry, ``version`` that of the database, and ``running``
    are the ids of others' requests under way. ``profiles`` share the limits with the request's own.
    ``is_accompanied`` says whether others had any within the last minute.
    """

    number: int
    version: int
    running: Collection[str]
    profiles: tuple[str, ...] = ()
    is_accompanied: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """The part of its limits that a request takes while it is under way.

    ``entry`` is what it is booked as if its process dies. ``basis`` is what it was found to fit on;
    None: it is sent whatever others do.
    """

    entry: LedgerEntry
    running: Running
    basis: Basis | None = None


@dataclass(frozen=True, slots=True)
class Overtaken:
    """A claim that was not taken: others have sent or ended something since it was found to fit."""


@dataclass(frozen=True, slots=True)
class Hold:
    """The reserved cost of a request in US dollars at list price, until it has been booked.

    ``message_id`` is that of the answer; ``claim`` what it takes of its limits, if it has some.
    """

    message_id: str
    session_id: str
    cost: Decimal
    claim: Claim | None = None


@dataclass(frozen=True, slots=True)
class CapUsage:
    """A cap and how much of it is used: booked (``spent``) and reserved (``held``).

    ``batches`` is what batches under way will probably cost, which nobody waits for.
    """

    cap: Cap
    spent: Decimal
    held: Decimal
    batches: Decimal = Decimal(0)

    def takes(self, cost: Decimal) -> bool:
        """True if a request of that cost still fits; none does once the cap is spent."""
        taken = self.spent + self.batches + self.held
        return taken < self.cap.limit and taken + cost <= self.cap.limit

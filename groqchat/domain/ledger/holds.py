"""Money that is set aside while a request is under way, and the budgets that it has to fit into."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


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
class Hold:
    """The reserved cost of a request in US dollars at list price, until it has been booked.

    ``message_id`` is that of the answer.
    """

    message_id: str
    session_id: str
    cost: Decimal


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

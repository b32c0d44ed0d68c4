"""The cost of a period at its end, at the present pace."""

from __future__ import annotations

from decimal import Decimal


def at_end(spent: Decimal, recent: Decimal, days: float, days_left: float) -> Decimal:
    """What is spent, and the recent pace for the rest of the period, in US dollars.

    Args:
        spent: The cost of the period so far.
        recent: The cost of the days from which the pace is taken.
        days: The number of these days, above 0.
        days_left: The days until the period ends.

    >>> at_end(Decimal(10), Decimal(7), 7, 20)
    Decimal('30')
    """
    return spent + recent / Decimal(str(days)) * Decimal(str(max(0.0, days_left)))

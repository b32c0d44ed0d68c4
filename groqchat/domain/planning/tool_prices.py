"""The prices of built-in tools, in words and sums; a price that nobody published is unknown."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from groqchat.domain.text.humanize import money

if TYPE_CHECKING:
    from groqchat.domain.money.pricing import ToolPrice


def price_words(price: ToolPrice | None) -> str:
    """A price with its source and date."""
    if price is None or (price.per_thousand is None and price.per_hour is None):
        return "unknown"
    sums = []
    if price.per_thousand is not None:
        sums.append(f"{money(price.per_thousand)} per thousand")
    if price.per_hour is not None:
        sums.append(f"{money(price.per_hour)} an hour of run time")
    return f"{' and '.join(sums)} ({price.source}, {price.as_of})"


def uses_cost(
    price: ToolPrice | None, *, uses: int = 0, hours: Decimal = Decimal(0)
) -> Decimal | None:
    """The cost of uses and of hours of run time, in US dollars; None where a price is unknown."""
    per_use = price.per_thousand if price else None
    per_hour = price.per_hour if price else None
    if (uses and per_use is None) or (hours and per_hour is None):
        return None
    return uses * (per_use or Decimal(0)) / 1000 + hours * (per_hour or Decimal(0))

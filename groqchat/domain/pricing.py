"""What a request costs: list prices and exact arithmetic in US dollars."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groqchat.domain.usage import Usage

MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Price:
    """A model's list price in US dollars: tokens per million, audio per hour, speech per million characters.

    What is not known is None, never 0. ``source`` names where the figures come from and ``as_of``
    the day they were read (ISO date).
    """

    input: Decimal | None = None
    cached_input: Decimal | None = None
    output: Decimal | None = None
    per_hour: Decimal | None = None
    per_million_chars: Decimal | None = None
    source: str = ""
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one request costs at list price, in US dollars, and what the prompt cache saved."""

    total: Decimal
    saved_by_cache: Decimal = Decimal(0)


def cost_of(usage: Usage, price: Price | None, *, batch: bool = False) -> Cost | None:
    """Price an answer: ``((prompt - cached)·in + cached·cached_in + completion·out) / 1e6``.

    Reasoning tokens are inside the completion. A model without a cache price bills cached tokens
    as ordinary input. A batch is billed at half the full price whatever the cache did: the two
    discounts never stack (Groq batch and prompt-caching docs).

    Returns:
        The exact cost, or None when the price is not known.
    """
    if price is None or price.input is None or price.output is None:
        return None
    full = (usage.prompt_tokens * price.input + usage.completion_tokens * price.output) / MILLION
    if batch:
        return Cost(full / 2)
    if price.cached_input is None:
        return Cost(full)
    saved = usage.cached_tokens * (price.input - price.cached_input) / MILLION
    return Cost(full - saved, saved)

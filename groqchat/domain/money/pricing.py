"""The cost of a request: list prices and exact arithmetic in US dollars."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groqchat.domain.money.usage import Usage

MILLION = Decimal(1_000_000)
HOUR_S = Decimal(3600)
FINEST = Decimal("1E-12")
"""The unit in which costs by the hour are counted, in US dollars."""
PRICE_FIGURES = ("input", "cached_input", "output", "per_hour", "per_million_chars")
"""The names of a price's figures."""
MINIMUM_AUDIO_S = Decimal(10)
"""The shortest audio that is billed: a shorter one costs as much (Groq speech-to-text docs)."""


@dataclass(frozen=True, slots=True)
class Price:
    """A model's list price in US dollars: per million tokens or characters, per hour of audio.

    An unknown figure is None, never 0. ``source`` names where the figures come from and ``as_of``
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
class ToolPrice:
    """A built-in tool's price in US dollars, per thousand requests or per hour of run time.

    Without either figure the price is not known.
    """

    per_thousand: Decimal | None = None
    per_hour: Decimal | None = None
    retired_on: str | None = None
    source: str = ""
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of one request at list price in US dollars, and the saving by the prompt cache."""

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


def billed_audio_s(seconds: Decimal, files: int = 1) -> Decimal:
    """The seconds billed for audio that comes in so many files: at least ten for each."""
    return max(seconds, files * MINIMUM_AUDIO_S)


def audio_cost(
    seconds: Decimal, price: Price | None, *, files: int = 1, batch: bool = False
) -> Cost | None:
    """Price the transcription or translation of audio, at half in a batch.

    Args:
        seconds: The length of the audio.
        price: The model's price.
        files: The number of files of like length that it comes in.
        batch: Whether it is sent as a batch.

    Returns:
        The cost, or None when the price is not known.
    """
    if price is None or price.per_hour is None:
        return None
    full = billed_audio_s(seconds, files) * price.per_hour / (2 if batch else 1)
    return Cost(_per_hour(full))


def speech_cost(characters: int, price: Price | None) -> Cost | None:
    """Price a text that is spoken, by its characters; None when the price is not known."""
    if price is None or price.per_million_chars is None:
        return None
    return Cost(characters * price.per_million_chars / MILLION)


def tool_cost(price: ToolPrice | None, *, requests: int, seconds: Decimal) -> Cost | None:
    """Price the use of one built-in tool, by its requests or its run time.

    Returns:
        The cost, or None when the price is not known.
    """
    if price is not None and price.per_thousand is not None:
        return Cost(requests * price.per_thousand / 1000)
    if price is not None and price.per_hour is not None:
        return Cost(_per_hour(seconds * price.per_hour))
    return None


def _per_hour(dollar_seconds: Decimal) -> Decimal:
    """The cost per hour, rounded to 1e-12 dollars, since a third has no exact decimal."""
    return (dollar_seconds / HOUR_S).quantize(FINEST)


def price_strings(price: Price | None) -> dict[str, str | None] | None:
    """The JSON form of a price: its figures as decimal strings, None for unknown ones."""
    if price is None:
        return None
    figures = {name: getattr(price, name) for name in PRICE_FIGURES}
    known = {name: None if value is None else usd_string(value) for name, value in figures.items()}
    return {**known, "source": price.source, "as_of": price.as_of}


def usd_string(amount: Decimal) -> str:
    """The exact amount as a plain decimal, for JSON: at least cents, no exponent, no idle zeros.

    >>> usd_string(Decimal("3.750E-6")), usd_string(Decimal("27"))
    ('0.00000375', '27.00')
    """
    whole, _, fraction = f"{amount:f}".partition(".")
    return f"{whole}.{fraction.rstrip('0'):0<2}"

"""The results of lines, and what they cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from groqchat.domain.money.pricing import audio_cost, cost_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from groqchat.domain.batch.submission import LineStatus
    from groqchat.domain.ledger.entry import LedgerEntry
    from groqchat.domain.money.pricing import Cost, Price
    from groqchat.domain.money.usage import Usage


@dataclass(frozen=True, slots=True)
class LineError:
    """The reason why a line has no answer, as the server told it."""

    message: str
    code: str = ""
    status: int | None = None


@dataclass(frozen=True, slots=True)
class LineResult:
    """The result of one line. ``audio_s`` is the length of the audio in seconds, if it was told."""

    custom_id: str
    status: LineStatus
    answer: str | None = None
    error: LineError | None = None
    usage: Usage | None = None
    audio_s: float | None = None
    finish_reason: str | None = None
    request_id: str | None = None
    model: str | None = None
    reasoning: str = ""


@dataclass(frozen=True, slots=True)
class BookedResult:
    """A result with its ledger entry; None for a line that has no answer and costs nothing."""

    result: LineResult
    entry: LedgerEntry | None = None


@dataclass(frozen=True, slots=True)
class StoredResult:
    """The result of a line as it is kept; ``cost`` in US dollars, None is unknown.

    ``asked_with`` are the parameters of its request, by the server's names.
    """

    custom_id: str
    status: LineStatus
    model: str
    result: LineResult | None
    cost: Decimal | None = None
    asked_with: Mapping[str, object] = field(default_factory=dict, hash=False)


def cost_of_result(result: LineResult, price: Price | None) -> Cost | None:
    """The cost of an answered line at the batch price, which is half; None where unknown.

    Lines without an answer cost nothing (Groq batch docs), and have no cost here either.
    """
    if result.usage is not None:
        return cost_of(result.usage, price, batch=True)
    if result.audio_s is None:
        return None
    return audio_cost(Decimal(str(result.audio_s)), price, batch=True)

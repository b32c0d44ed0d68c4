"""Sums over the ledger: what was spent, saved and counted."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from groqchat.domain.text.humanize import UNKNOWN, count, counted, duration, exact_money, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from groqchat.domain.ledger.entry import LedgerEntry


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over ledger entries, money in US dollars at list price.

    ``unpriced`` counts entries whose price was not known: the cost is a lower bound when it is
    not 0, and so is what the cache saved.
    ``refused`` counts the requests that the server did not accept, which used nothing.
    ``audio_s`` are the seconds of sound that were billed, ``characters`` those that were spoken.
    """

    requests: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    cost: Decimal = Decimal(0)
    saved: Decimal = Decimal(0)
    unpriced: int = 0
    refused: int = 0
    audio_s: float = 0.0
    characters: int = 0

    def plus(self, other: Sums) -> Sums:
        """The sums of what both are of."""
        both = zip(astuple(self), astuple(other), strict=True)
        return Sums(*(own + others for own, others in both))

    @property
    def known_cost(self) -> Decimal | None:
        """The cost; None where nothing that was used has a known price."""
        return None if self.unpriced and not self.cost else self.cost

    @property
    def known_saved(self) -> Decimal | None:
        """The cost that the cache saved; None where no used model has a known price."""
        return None if self.known_cost is None else self.saved

    @property
    def cached_share(self) -> float | None:
        """The part of the input tokens that came from the cache; None where there were none."""
        return self.cached_tokens / self.prompt_tokens if self.prompt_tokens else None

    def from_cache(self) -> str:
        """A sentence on what the cache saved, in money and of the limits; empty for nothing."""
        if not self.cached_tokens:
            return ""
        part = percent(self.cached_share or 0.0)
        return (
            f"{count(self.cached_tokens)} of {counted(self.prompt_tokens, 'input token')} ({part}) "
            f"came from the cache: they count against no limit, and saved "
            f"{exact_money(self.known_saved)}."
        )

    def of_sound(self) -> str:
        """A sentence on the sound that was transcribed and the text that was spoken; or empty."""
        said = [f"{duration(self.audio_s)} of sound transcribed"] if self.audio_s else []
        said += [f"{counted(self.characters, 'character')} spoken"] if self.characters else []
        return f"{' and '.join(said)}." if said else ""

    def cost_text(self, words: Callable[[Decimal], str]) -> str:
        """The cost in words; a plus sign says that something in it has no known price."""
        if self.known_cost is None:
            return UNKNOWN
        return words(self.known_cost) + ("+" if self.unpriced else "")

    def without_price(self) -> str:
        """A sentence on the requests that are not in the cost; empty where all are in it."""
        if not self.unpriced:
            return ""
        verbs = "had no known price and is" if self.unpriced == 1 else "had no known price and are"
        return f"{counted(self.unpriced, 'request')} {verbs} not in the cost."


def total(entries: Iterable[LedgerEntry]) -> Sums:
    """The sums of some entries."""
    used = list(entries)
    return Sums(
        len(used),
        sum(entry.usage.prompt_tokens for entry in used),
        sum(entry.usage.cached_tokens for entry in used),
        sum(entry.usage.completion_tokens for entry in used),
        sum((entry.cost or Decimal(0) for entry in used), Decimal(0)),
        sum((entry.saved or Decimal(0) for entry in used), Decimal(0)),
        sum(entry.cost is None and _has_used(entry) for entry in used),
        sum(not entry.accepted for entry in used),
        sum(round(entry.audio_s * 1_000) for entry in used) / 1_000,
        sum(entry.characters for entry in used),
    )


def _has_used(entry: LedgerEntry) -> bool:
    usage = entry.usage
    return any((usage.prompt_tokens, usage.completion_tokens, entry.audio_s, entry.characters))


class Grouping(StrEnum):
    """A key by which ledger entries can be grouped for sums."""

    MODEL = "model"
    DAY = "day"
    SESSION = "session"
    PROFILE = "profile"

    @property
    def is_by_time(self) -> bool:
        """Whether the groups are in the order of time; there may be very many of them."""
        return self in {Grouping.DAY, Grouping.SESSION}


@dataclass(frozen=True, slots=True)
class Share:
    """The sums of one model, day (ISO date, local), session (id or empty) or profile.

    ``provider`` names the endpoint where the model is another vendor's.
    """

    key: str
    sums: Sums
    provider: str | None = None

"""A request that was sent and has not been recorded yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from groqchat.domain.limits.header_timing import HeaderTiming
from groqchat.domain.limits.quota import LimitKind, Reading

if TYPE_CHECKING:
    from collections.abc import Mapping

NOTHING_TOLD = Reading(0.0)


@dataclass(frozen=True, slots=True)
class Reservation:
    """A request that was sent and has not been recorded yet.

    ``reading`` is what its headers said. ``before`` is how many tokens of the minute were used just
    before they came, by each explanation of the headers before these, and ``drained`` how many of
    them had drained away since the request was sent; ``is_sound`` says whether a reading can be
    explained by them.
    """

    sent: float
    prompt_tokens: int
    max_tokens: int
    reading: Reading = NOTHING_TOLD
    before: Mapping[HeaderTiming, float] = field(
        default_factory=lambda: dict.fromkeys(HeaderTiming, 0.0)
    )
    drained: float = 0.0
    is_sound: bool = True

    @property
    def counted_at(self) -> float:
        """When the server counted it, as far as is known."""
        return max(self.sent, self.reading.at)

    @property
    def amounts(self) -> Mapping[LimitKind, float]:
        """What it holds of each bucket: its prompt and all of its reservation."""
        both = self.prompt_tokens + self.max_tokens
        return {
            LimitKind.RPM: 1,
            LimitKind.RPD: 1,
            LimitKind.TPM: both,
            LimitKind.TPD: both,
            LimitKind.ITPM: self.prompt_tokens,
            LimitKind.OTPM: self.max_tokens,
        }

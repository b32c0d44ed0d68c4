"""Reservations: what requests in flight take of the limits before the ledger records them."""

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
    """What a request in flight takes of its model's limits until the ledger records its use.

    ``sent`` is the Unix time of sending; ``reading`` holds the limits of the answer's headers.
    ``before`` is, for each possible timing of headers, the number of tokens of the minute that were
    used just before they came, and ``drained`` how many of those had drained away since the request
    was sent. ``is_sound`` says whether the timing can be inferred from them.
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
        """The Unix time at which the server counted the request, as far as it is known."""
        return max(self.sent, self.reading.at)

    @property
    def amounts(self) -> Mapping[LimitKind, float]:
        """The amount reserved of each limit: the prompt and the longest answer."""
        both = self.prompt_tokens + self.max_tokens
        return {
            LimitKind.RPM: 1,
            LimitKind.RPD: 1,
            LimitKind.TPM: both,
            LimitKind.TPD: both,
            LimitKind.ITPM: self.prompt_tokens,
            LimitKind.OTPM: self.max_tokens,
        }

"""Reservations: what requests in flight take of the limits before the ledger records them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from groqchat.domain.limits.header_timing import HeaderTiming
from groqchat.domain.limits.quota import LimitKind, Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from groqchat.domain.limits.quota import LeakyBucket

NOTHING_TOLD = Reading(0.0)
# The limits that count tokens of answers.
_OF_ANSWERS = (LimitKind.TPM, LimitKind.TPD, LimitKind.OTPM)


@dataclass(frozen=True, slots=True)
class Reservation:
    """What a request in flight takes of its model's limits until the ledger records its use.

    ``sent`` is the Unix time of sending. ``prompt_tokens`` are the most that the prompt may have:
    another request counts on what is left. ``reading`` holds the limits of the answer's headers,
    ``before`` the tokens of the minute's limit that were used just before the headers came, by each
    possible timing of headers; ``drained`` is the number of tokens by which that limit's bucket
    drained between the sending and the headers. ``is_conclusive`` says whether the timing can be
    inferred from them. ``audio_s`` are the seconds of a sound file, of at least ten.
    """

    sent: float
    prompt_tokens: int
    max_tokens: int
    reading: Reading = NOTHING_TOLD
    before: Mapping[HeaderTiming, float] = field(
        default_factory=lambda: dict.fromkeys(HeaderTiming, 0.0)
    )
    drained: float = 0.0
    is_conclusive: bool = True
    audio_s: float = 0.0

    @property
    def counted_at(self) -> float:
        """The Unix time at which the server counted the request, as far as it is known."""
        return max(self.sent, self.reading.at)

    def amount(self, kind: LimitKind) -> float:
        """The amount reserved of a limit: the prompt and the longest answer, or the sound."""
        match kind:
            case LimitKind.RPM | LimitKind.RPD:
                return 1
            case LimitKind.TPM | LimitKind.TPD:
                return self.prompt_tokens + self.max_tokens
            case LimitKind.ITPM:
                return self.prompt_tokens
            case LimitKind.OTPM:
                return self.max_tokens
            case LimitKind.ASH | LimitKind.ASD:
                return self.audio_s

    @property
    def amounts(self) -> Mapping[LimitKind, float]:
        """The amount reserved of each limit."""
        return {kind: self.amount(kind) for kind in LimitKind}

    def counted_by(self, timing: HeaderTiming | None) -> int:
        """The tokens of the request that headers with this timing count while it is answered."""
        if self.reading is NOTHING_TOLD:
            return 0
        both = self.prompt_tokens + self.max_tokens
        counted = {HeaderTiming.PROMPT: self.prompt_tokens, HeaderTiming.RESERVED: both}
        return counted.get(timing, 0) if timing else 0

    @property
    def for_answer(self) -> Mapping[LimitKind, int]:
        """The tokens of each limit that are counted for the answer before they are used."""
        reported = {bucket.kind: bucket for bucket in self.reading.buckets}
        return {kind: self.max_tokens for kind in _OF_ANSWERS if self._counts(reported.get(kind))}

    def _counts(self, reported: LeakyBucket | None) -> bool:
        """Whether the reservation is counted: it is, until headers tell of a smaller use."""
        if reported is None:
            return True
        before = self.before[HeaderTiming.RESERVED] if reported.kind is LimitKind.TPM else 0.0
        return reported.used - before >= self.max_tokens


def for_answers(reservations: Iterable[Reservation]) -> Mapping[LimitKind, int]:
    """The tokens of each limit that are counted for the answers of several requests."""
    total: Counter[LimitKind] = Counter()
    for reservation in reservations:
        total.update(reservation.for_answer)
    return total

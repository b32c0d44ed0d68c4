"""The capacity that a model's limits leave for a workload, and its cost."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.money.pricing import audio_cost, cost_of, speech_cost
from groqchat.domain.money.usage import Usage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from groqchat.domain.money.pricing import Cost, Price

_DAY_S = LimitKind.RPD.window_s
_NUMBER = re.compile(r"(\d[\d_,]*(?:\.\d+)?|\.\d+)([KMB]?)", re.ASCII | re.IGNORECASE)
_LARGEST = Decimal(10) ** 15
_SCALE = {"": 1, "K": 1_000, "M": 1_000_000, "B": 1_000_000_000}


@dataclass(frozen=True, slots=True)
class Call:
    """The use of one call: its tokens, those of its answer among them, and seconds of audio.

    None is an unknown figure.
    """

    tokens: int | None = None
    output_tokens: int | None = None
    audio_s: int | None = None

    def uses(self, kind: LimitKind) -> int | None:
        """The units that the call takes from a limit; None if unknown."""
        match kind:
            case LimitKind.RPM | LimitKind.RPD:
                return 1
            case LimitKind.TPM | LimitKind.TPD:
                return self.tokens
            case LimitKind.OTPM:
                return self.output_tokens
            case LimitKind.ITPM:
                return self._input_tokens
            case LimitKind.ASH | LimitKind.ASD:
                return self.audio_s

    @property
    def _input_tokens(self) -> int | None:
        if self.tokens is None or self.output_tokens is None:
            return None
        return self.tokens - self.output_tokens


@dataclass(frozen=True, slots=True)
class CallLimit:
    """The calls that one limit allows: ``calls`` within its own window."""

    kind: LimitKind
    limit: int
    calls: int

    @property
    def calls_per_day(self) -> int:
        """The calls of a day when every window is used up."""
        return self.calls * (_DAY_S // self.kind.window_s)


@dataclass(frozen=True, slots=True)
class Capacity:
    """The calls that all limits together allow. Empty where no limit is known.

    ``unmeasured`` are the limits left out because the use of a call is unknown.
    """

    call_limits: tuple[CallLimit, ...] = ()
    unmeasured: tuple[LimitKind, ...] = ()

    @property
    def per_minute(self) -> CallLimit | None:
        """The limit that binds a burst; of equal ones, the one with the shortest window."""
        return min(self.call_limits, key=lambda c: (c.calls, c.kind.window_s), default=None)

    @property
    def per_day(self) -> CallLimit | None:
        """The limit that binds a day; of equal ones, the one with the longest window."""
        return min(
            self.call_limits, key=lambda c: (c.calls_per_day, -c.kind.window_s), default=None
        )


def capacity(limits: Mapping[LimitKind, int], call: Call) -> Capacity:
    """The number of calls of this size that each limit allows, in the order of the limits."""
    uses = {kind: call.uses(kind) for kind in LimitKind if kind in limits}
    return Capacity(
        tuple(
            CallLimit(kind, limits[kind], limits[kind] // used)
            for kind, used in uses.items()
            if used
        ),
        tuple(kind for kind, used in uses.items() if used is None),
    )


@dataclass(frozen=True, slots=True)
class WorkloadCost:
    """The cost of a workload when sent at once, and as a batch; None if unknown."""

    synchronous: Cost | None
    batch: Cost | None


def project_tokens(usage: Usage, price: Price | None) -> WorkloadCost:
    """Price a workload of tokens."""
    return WorkloadCost(cost_of(usage, price), cost_of(usage, price, batch=True))


def project_audio(seconds: Decimal, files: int, price: Price | None) -> WorkloadCost:
    """Price audio in a number of files of equal length."""
    return WorkloadCost(
        audio_cost(seconds, price, files=files),
        audio_cost(seconds, price, files=files, batch=True),
    )


def project_speech(characters: int, price: Price | None) -> WorkloadCost:
    """Price text that is spoken; there is no batch for it (Groq batch docs)."""
    return WorkloadCost(speech_cost(characters, price), None)


def repeated(call: Usage, calls: int) -> Usage:
    """The tokens of a number of equal calls."""
    return Usage(
        prompt_tokens=call.prompt_tokens * calls,
        cached_tokens=call.cached_tokens * calls,
        completion_tokens=call.completion_tokens * calls,
    )


def read_number(text: str) -> Decimal:
    """Read ``100M``, ``1.5K``, ``2B``, ``1,000`` or ``0.5``.

    Raises:
        ValueError: It is none of these, or beyond all reason; the message is for the user.
    """
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a number like 2000, 1.5K or 100M")
    digits, unit = match.groups()
    number = Decimal(re.sub("[_,]", "", digits)) * _SCALE[unit.upper()]
    if number > _LARGEST:
        raise ValueError(f"{text!r} is too large")
    return number


def read_count(text: str) -> int:
    """Read a whole number in the same notation; ``ValueError`` with a sentence otherwise."""
    number = read_number(text)
    if number != int(number):
        raise ValueError(f"{text!r} is not a whole number")
    return int(number)


def read_part(text: str, whole: int) -> int:
    """Read a part of a whole, as a count or as a percentage such as ``50%``; rounded down.

    Raises:
        ValueError: It is neither, or more than the whole; the message is for the user.
    """
    if text.strip().endswith("%"):
        part = whole * read_number(text.strip().removesuffix("%")) / 100
    else:
        part = Decimal(read_count(text))
    if part > whole:
        raise ValueError(f"{text!r} is more than the {whole:,} that there are")
    return int(part)

"""The limits of a model and what is left of them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class LimitKind(StrEnum):
    """One kind of limit, in the order in which it is shown."""

    RPM = "RPM"
    RPD = "RPD"
    TPM = "TPM"
    TPD = "TPD"
    ITPM = "ITPM"
    OTPM = "OTPM"
    ASH = "ASH"
    ASD = "ASD"

    @property
    def window_s(self) -> int:
        """The length of the rolling window in seconds."""
        return _WINDOWS[self]

    @property
    def counts(self) -> str:
        """The unit of the limit: requests, tokens or seconds (of audio)."""
        return _COUNTED[self]

    @property
    def meaning(self) -> str:
        """The abbreviation in words."""
        return _MEANINGS[self.value]


_MEANINGS = {
    "RPM": "requests per minute",
    "RPD": "requests per day",
    "TPM": "tokens per minute",
    "TPD": "tokens per day",
    "ITPM": "input tokens per minute",
    "OTPM": "output tokens per minute",
    "ASH": "seconds of audio per hour",
    "ASD": "seconds of audio per day",
}


# Asked for some hundred times a request.
_WINDOWS = {kind: {"M": 60, "H": 3600, "D": 86_400}[kind.value[-1]] for kind in LimitKind}
_COUNTED = {
    kind: {"R": "requests", "A": "seconds"}.get(kind.value[0], "tokens") for kind in LimitKind
}


class Source(StrEnum):
    """The source of a number, the most trusted first."""

    HEADER = "header"
    ERROR = "error message"
    LEDGER = "ledger"
    CONFIG = "config"
    CATALOGUE = "catalogue"


_SLACK = 1e-3
# A wait that a Unix time cannot hold would never be over.
_SHORTEST_WAIT_S = 1e-3


@dataclass(frozen=True, slots=True)
class LeakyBucket:
    """A limit as a leaky bucket: ``limit`` units drain out of it in each window, steadily.

    Groq's resets follow this rule for requests and tokens alike: 537 tokens too many of 200,000 a
    day mean a wait of 537·86400/200000 = 232 s. ``used`` is exact at the Unix time ``at``; later
    values follow from the rule. ``others`` are the units a second that other clients take.
    """

    kind: LimitKind
    limit: int
    used: float
    at: float
    source: Source
    others: float = 0.0

    def used_at(self, now: float) -> float:
        """The units still counted at a Unix time; a clock that was set back changes nothing."""
        passed = max(0.0, now - self.at)
        drained = passed * self.limit / self.kind.window_s - passed * self.others
        return max(0.0, self.used - drained)

    def _seconds_for(self, units: float) -> float:
        """The seconds in which so many units drain."""
        if not self.others:
            return units * self.kind.window_s / self.limit
        return units / (self.limit / self.kind.window_s - self.others)

    def remaining_at(self, now: float) -> int:
        """Whole units that may still be used, from 0 to the limit."""
        # A little slack: a refill that is whole in arithmetic must not lose one to rounding (Unix
        # times are exact to a quarter of a microsecond, in which 500,000 a minute refill 0.002).
        return max(0, min(self.limit, math.floor(self.limit - self.used_at(now) + _SLACK)))

    def resets_in(self, now: float) -> float:
        """Seconds until the whole limit is free again."""
        return self._seconds_for(self.used_at(now)) if self.limit else 0.0

    def wait_for(self, amount: float, now: float) -> float | None:
        """Seconds until ``amount`` fits; 0 when it does already, None when it never will."""
        if amount > self.limit:
            return None
        excess = self.used_at(now) + amount - self.limit
        if excess <= _SLACK:
            return 0.0
        return max(_SHORTEST_WAIT_S, self._seconds_for(excess))

    def charged(self, amount: float, now: float) -> LeakyBucket:
        """The bucket after ``amount`` was used (negative: given back) at a time."""
        used = max(0.0, self.used_at(now) + amount)
        at = max(now, self.at)
        return LeakyBucket(self.kind, self.limit, used, at, self.source, self.others)


@dataclass(frozen=True, slots=True)
class Untimed:
    """A limit of requests or tokens whose window is unknown; it delays no request."""

    counts: str
    limit: int
    remaining: int


@dataclass(frozen=True, slots=True)
class Reading:
    """The limits in the headers of one answer, read at the Unix time ``at``."""

    at: float
    buckets: tuple[LeakyBucket, ...] = ()
    untimed: tuple[Untimed, ...] = ()

    def bucket(self, kind: LimitKind) -> LeakyBucket | None:
        """The bucket of one kind of limit; None if the headers lack it."""
        return next((bucket for bucket in self.buckets if bucket.kind is kind), None)


@dataclass(frozen=True, slots=True)
class Level:
    """One bucket as the panel shows it; None for an unknown figure."""

    kind: LimitKind
    limit: int | None = None
    remaining: int | None = None
    resets_in_s: float | None = None
    source: Source | None = None

    @property
    def share_left(self) -> float | None:
        """The part of the limit that is left, from 0 to 1."""
        if not self.limit or self.remaining is None:
            return None
        return self.remaining / self.limit


def level_of(bucket: LeakyBucket, now: float) -> Level:
    """The level of a bucket at a Unix time."""
    return Level(
        bucket.kind, bucket.limit, bucket.remaining_at(now), bucket.resets_in(now), bucket.source
    )


ALWAYS_SHOWN = (LimitKind.RPM, LimitKind.RPD, LimitKind.TPM, LimitKind.TPD)


@dataclass(frozen=True, slots=True)
class RunOut:
    """A bucket that runs out, and the Unix time at which it does."""

    kind: LimitKind
    at: float


@dataclass(frozen=True, slots=True)
class Sharing:
    """The clients that use the same limits: how many are ``active``.

    ``away_since`` is the Unix time since which the team's server is away, and the limits are those
    of this client's own share; None while it is there. ``has_share`` is false where it is away and
    the share is not known, so that nothing is sent.
    """

    active: int
    away_since: float | None = None
    has_share: bool = True

    @property
    def is_alone(self) -> bool:
        """Whether nobody else takes anything of the limits: none is there, or has the own share."""
        return self.active == 1 or self.away_since is not None


@dataclass(frozen=True, slots=True)
class QuotaView:
    """The quota of one model at one moment, as the panel shows it.

    ``levels`` are in the order of `LimitKind`; the four usual ones are always there, known or not.
    ``turns_left`` counts the turns of ``tokens_per_turn`` that ``binding`` allows; None while
    nothing is known. ``plan_inferred`` says that the plan was concluded from limits in headers.
    ``runs_out`` is the day's bucket that is empty first at the present pace, if one will be.
    ``untimed`` is what the last headers said of windows that nobody knows. ``reserved`` is what
    each kind of limit counts as used for answers in flight; unused parts of it are given back.
    ``guessed`` are the kinds whose headers may count such a reservation or not: that is not known.
    ``sharing`` tells of the team whose limits these are; None: there is none.
    """

    model: str
    plan: str | None
    plan_inferred: bool
    buckets: tuple[LeakyBucket, ...]
    tokens_per_turn: float
    levels: tuple[Level, ...]
    binding: LimitKind | None = None
    turns_left: int | None = None
    runs_out: RunOut | None = None
    untimed: tuple[Untimed, ...] = ()
    reserved: Mapping[LimitKind, int] = field(default_factory=dict)
    guessed: frozenset[LimitKind] = frozenset()
    sharing: Sharing | None = None

    def level(self, kind: LimitKind) -> Level | None:
        """One bucket's level."""
        return next((level for level in self.levels if level.kind is kind), None)

    def without_reserved(self, level: Level) -> Level:
        """A bucket's level as if nothing were reserved for answers in flight."""
        reserved = self.reserved.get(level.kind, 0)
        if not reserved or level.limit is None or level.remaining is None:
            return level
        remaining = min(level.limit, level.remaining + reserved)
        resets_in_s = (level.resets_in_s or 0.0) - reserved * level.kind.window_s / level.limit
        return replace(level, remaining=remaining, resets_in_s=max(0.0, resets_in_s))

    def at(self, now: float) -> QuotaView:
        """The view at a later time, with the refill until then."""
        later = quota_view(
            self.model,
            self.buckets,
            now,
            plan=self.plan,
            plan_inferred=self.plan_inferred,
            tokens_per_turn=self.tokens_per_turn,
            runs_out=self.runs_out,
        )
        later = replace(later, untimed=self.untimed, reserved=self.reserved)
        return replace(later, guessed=self.guessed, sharing=self.sharing)

    def with_turns_of(self, tokens: float) -> QuotaView:
        """The view for a session whose turns take so many tokens at least."""
        tokens = max(tokens, self.tokens_per_turn)
        binding, turns = binding_of(self.levels, tokens)
        return replace(self, tokens_per_turn=tokens, binding=binding, turns_left=turns)

    @property
    def is_full(self) -> bool:
        """True if nothing is used, so that the view stays the same over time."""
        return all(not level.resets_in_s for level in self.levels)


def quota_view(
    model: str,
    buckets: tuple[LeakyBucket, ...],
    now: float,
    *,
    plan: str | None,
    plan_inferred: bool,
    tokens_per_turn: float,
    runs_out: RunOut | None = None,
) -> QuotaView:
    """The view of a model's buckets at a Unix time."""
    by_kind = {bucket.kind: bucket for bucket in buckets}
    levels = tuple(
        level_of(by_kind[kind], now) if kind in by_kind else Level(kind)
        for kind in LimitKind
        if kind in by_kind or kind in ALWAYS_SHOWN
    )
    binding, turns = binding_of(levels, tokens_per_turn)
    return QuotaView(
        model, plan, plan_inferred, buckets, tokens_per_turn, levels, binding, turns, runs_out
    )


def binding_of(
    levels: tuple[Level, ...], tokens_per_turn: float
) -> tuple[LimitKind, int] | tuple[None, None]:
    """The bucket that allows the fewest turns of an average size, and how many those are."""
    turns: dict[LimitKind, int] = {}
    for level in levels:
        if level.remaining is None or level.kind.counts == "seconds":
            continue
        each = 1.0 if level.kind.counts == "requests" else max(1.0, tokens_per_turn)
        turns[level.kind] = int(level.remaining / each)
    if not turns:
        return None, None
    binding = min(turns, key=lambda kind: turns[kind])
    return binding, turns[binding]

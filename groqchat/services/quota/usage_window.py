"""The recorded requests of one model in the last day, and the buckets that follow from them."""

from __future__ import annotations

from bisect import bisect_left, insort
from itertools import islice, takewhile
from typing import TYPE_CHECKING, NamedTuple

from groqchat.domain.clocks import AHEAD_S
from groqchat.domain.ledger.holds import Basis
from groqchat.domain.limits.quota import LeakyBucket, LimitKind, Source
from groqchat.services.quota.reservation import Reservation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.ledger.entry import LedgerEntry, Recorded

# Turns that averages are taken from.
RECENT_TURNS = 10
DAY_S = 86_400
# Who had requests under way within the last minute will probably have more.
_RECENT_S = 60.0


class Use(NamedTuple):
    """The part of a ledger entry that limits need; a day of heavy use holds many of them.

    ``time`` and ``counted_at`` are Unix times; ``input_tokens`` are those that were not cached.
    """

    time: float
    counted_at: float
    is_accepted: bool
    is_whole: bool
    input_tokens: int
    output_tokens: int
    audio_s: float

    @classmethod
    def of(cls, entry: LedgerEntry) -> Use:
        """The use of a ledger entry."""
        usage = entry.usage
        return cls(
            entry.time,
            entry.counted_at,
            entry.accepted,
            entry.outcome == "ok",
            usage.prompt_tokens - usage.cached_tokens,
            usage.completion_tokens,
            entry.audio_s,
        )

    @property
    def counted_tokens(self) -> int:
        """The tokens that limits on all tokens count."""
        return self.input_tokens + self.output_tokens

    def amount(self, kind: LimitKind) -> float:
        """The amount that an accepted request took of a limit."""
        match kind:
            case LimitKind.RPM | LimitKind.RPD:
                return 1
            case LimitKind.TPM | LimitKind.TPD:
                return self.counted_tokens
            case LimitKind.ITPM:
                return self.input_tokens
            case LimitKind.OTPM:
                return self.output_tokens
            case LimitKind.ASH | LimitKind.ASD:
                return self.audio_s


class UsageWindow:
    """The uses of one model in the last day; each is added up once, however often it is read.

    ``read_to`` is the number of the last entry of the ledger, of whatever model, when it was read,
    and ``additions`` how often something was added. ``requests`` and ``tokens`` are the sums of all
    that was ever added. ``elsewhere`` are the requests that other processes had under way when the
    ledger was read, by their ids, and ``version`` that of the database then; ``seen_elsewhere`` is
    the Unix time at which there were some.
    """

    def __init__(self) -> None:
        self.read_to = self.additions = self.requests = self.tokens = 0
        self._uses: list[Use] = []
        self.version = 0
        self.elsewhere: Mapping[str, Reservation] = {}
        self.seen_elsewhere = float("-inf")
        self._last: tuple[int, Use] | None = None
        self._ahead: list[LedgerEntry] = []
        self._charged: dict[tuple[LimitKind, int], LeakyBucket] = {}
        self.reported_buckets: Mapping[LimitKind, LeakyBucket] = {}
        # The last refusal with a time before which the server wants no request.
        self.refusal: LedgerEntry | None = None

    def follow(self, recorded: Recorded, now: float) -> bool:
        """Add the entries that were recorded from ``read_to`` on, in their order.

        Those that a clock, set back since, dated ahead of a Unix time are kept until it has come.
        Uses older than a day have drained away by then and need not be taken back.

        Returns:
            Whether the entries continue what is known. If not, nothing is added, and a new window
            has to follow the whole day.
        """
        entries = list(recorded.entries)
        if recorded.last < self.read_to:
            return False
        if self._last is not None and self._last[0] == self.read_to:
            if not entries or (entries[0].number, Use.of(entries[0])) != self._last:
                return False
            del entries[0]
        self.read_to, self.version = recorded.last, recorded.version
        self._note_running(recorded, now)
        if entries:
            self._last = entries[-1].number, Use.of(entries[-1])
        if entries or self._ahead:
            self._add([*self._ahead, *entries], now)
        return True

    @property
    def has_seen_others(self) -> bool:
        """Whether other processes have had requests under way."""
        return self.seen_elsewhere > float("-inf")

    def basis(self, profiles: tuple[str, ...], now: float) -> Basis:
        """What a request is found to fit on at a Unix time; ``profiles`` share the limits."""
        return Basis(
            self.read_to,
            self.version,
            tuple(self.elsewhere),
            profiles,
            is_accompanied=self.seen_elsewhere >= now - _RECENT_S,
        )

    def _note_running(self, recorded: Recorded, now: float) -> None:
        if recorded.running:
            self.seen_elsewhere = now
        elsewhere = {
            each.id: Reservation(
                each.sent, each.prompt_tokens, each.max_tokens, audio_s=each.audio_s
            )
            for each in recorded.running
        }
        if elsewhere != self.elsewhere:
            self.elsewhere = elsewhere
            self.additions += 1

    def _add(self, entries: Sequence[LedgerEntry], now: float) -> None:
        self._ahead = [entry for entry in entries if entry.time > now + AHEAD_S]
        entries = [entry for entry in entries if entry.time <= now + AHEAD_S]
        self.additions += 1
        new = [Use.of(entry) for entry in entries]
        self.refusal = _in_force(self.refusal, entries)
        self.reported_buckets = _folded(self.reported_buckets, entries)
        self._charged = {
            (kind, limit): _charged(bucket, new) for (kind, limit), bucket in self._charged.items()
        }
        for use in new:
            self.requests += use.is_accepted
            self.tokens += use.counted_tokens
            insort(self._uses, use, key=_sent)
        del self._uses[: bisect_left(self._uses, now - DAY_S, key=_sent)]

    def answered(self, most: int = RECENT_TURNS) -> list[Use]:
        """The recent whole answers, the newest first."""
        return list(islice((use for use in reversed(self._uses) if use.is_whole), most))

    def charged(self, kind: LimitKind, limit: int) -> LeakyBucket:
        """A bucket that no server reported, filled as the ledger says."""
        if (kind, limit) not in self._charged:
            empty = LeakyBucket(kind, limit, 0.0, 0.0, Source.LEDGER)
            self._charged[kind, limit] = _charged(empty, self._uses)
        return self._charged[kind, limit]

    def uses(self, kind: LimitKind, since: float) -> list[tuple[float, float]]:
        """The times and amounts of uses of a limit since a Unix time, the newest first."""
        recent = takewhile(lambda use: use.time >= since, reversed(self._uses))
        return [(use.time, use.amount(kind)) for use in recent if use.is_accepted]


def _sent(use: Use) -> float:
    return use.time


def buckets_of_error(
    error: GroqchatError, now: float, known: Mapping[LimitKind, LeakyBucket]
) -> tuple[LeakyBucket, ...]:
    """The limits that a refusal reported: its headers, and the limit that its message names.

    The refusal of a request that is larger than a limit says nothing about what is used; ``known``
    stands in for that.
    """
    facts, kind = error.facts, error.facts.limit_kind
    reported = {bucket.kind: bucket for bucket in (facts.reading.buckets if facts.reading else ())}
    if kind and facts.limit:
        used: float | None = facts.used
        if used is None:
            before = reported.get(kind) or known.get(kind)
            used = min(facts.limit, before.used_at(now)) if before else 0.0
        reported[kind] = LeakyBucket(kind, facts.limit, used, now, Source.ERROR)
    return tuple(reported.values())


def take_newer(
    known: dict[LimitKind, LeakyBucket], reported: Iterable[LeakyBucket]
) -> set[LimitKind]:
    """Put buckets that were reported no earlier in the place of those that are known.

    Returns:
        The limits that were taken. A set of prompts has dozens of requests in flight, each of which
        tells some, so that no other mapping is made for them.
    """
    taken = set()
    for bucket in reported:
        kind = bucket.kind
        if kind not in known or bucket.at >= known[kind].at:
            known[kind] = bucket
            taken.add(kind)
    return taken


def _in_force(refusal: LedgerEntry | None, entries: Iterable[LedgerEntry]) -> LedgerEntry | None:
    """The refusal whose time still holds: an accepted request that was sent later ends it."""
    for entry in entries:
        if entry.retry_at is not None:
            refusal = entry
        elif entry.accepted:
            refusal = None
    return refusal


def _charged(bucket: LeakyBucket, uses: Iterable[Use]) -> LeakyBucket:
    for use in uses:
        if use.is_accepted:
            bucket = bucket.charged(use.amount(bucket.kind), use.counted_at)
    return bucket


def _folded(
    reported_buckets: Mapping[LimitKind, LeakyBucket], entries: Iterable[LedgerEntry]
) -> Mapping[LimitKind, LeakyBucket]:
    """The newest buckets that were reported, charged with the requests sent since."""
    buckets = dict(reported_buckets)
    for entry in entries:
        use, told = Use.of(entry), take_newer(buckets, entry.buckets)
        if use.is_accepted:
            buckets |= {
                kind: bucket.charged(use.amount(kind), use.counted_at)
                for kind, bucket in buckets.items()
                if kind not in told and use.time >= bucket.at
            }
    return buckets

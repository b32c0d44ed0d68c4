"""What recorded requests of one model come to: the gauges that their entries tell and charge."""

from __future__ import annotations

from bisect import bisect_left
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from groqchat.domain.quota import Bucket, Gauge, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from groqchat.domain.chat import LedgerEntry
    from groqchat.domain.errors import GroqchatError

# Turns that averages are taken from.
RECENT_TURNS = 10


class Tally:
    """The last day's entries of one model; each is added up once, however often it is read."""

    def __init__(self) -> None:
        self._entries: list[LedgerEntry] = []
        self._charged: dict[tuple[Bucket, int], Gauge] = {}
        self.heard: Mapping[Bucket, Gauge] = {}

    def follow(self, entries: Sequence[LedgerEntry]) -> None:
        """Take in what the ledger says now, oldest first.

        Entries that have aged out have drained away by then and need not be taken back.
        """
        start = entries[0].time if entries else 0.0
        known = self._entries[bisect_left(self._entries, start, key=lambda entry: entry.time) :]
        if list(entries[: len(known)]) != known:
            known, self._charged, self.heard = [], {}, {}
        new = entries[len(known) :]
        self._entries = list(entries)
        self.heard = _folded(self.heard, new)
        self._charged = {
            (bucket, limit): _charged(gauge, new)
            for (bucket, limit), gauge in self._charged.items()
        }

    @property
    def answered(self) -> list[LedgerEntry]:
        """The recent whole answers."""
        newest = (entry for entry in reversed(self._entries) if entry.outcome == "ok")
        return list(islice(newest, RECENT_TURNS))

    def charged(self, bucket: Bucket, limit: int) -> Gauge:
        """A bucket that nobody told, used as the ledger says."""
        if (bucket, limit) not in self._charged:
            empty = Gauge(bucket, limit, 0.0, 0.0, Source.LEDGER)
            self._charged[bucket, limit] = _charged(empty, self._entries)
        return self._charged[bucket, limit]

    def uses(self, bucket: Bucket, since: float) -> list[tuple[float, float]]:
        """When how much of a bucket was used, from a Unix time on, the newest first."""
        recent = takewhile(lambda entry: entry.time >= since, reversed(self._entries))
        return [(entry.time, amount(entry, bucket)) for entry in recent if entry.accepted]


def gauges_of_error(error: GroqchatError, now: float) -> tuple[Gauge, ...]:
    """The limits that a refusal told: its headers, and the bucket its message names."""
    facts = error.facts
    told = {gauge.bucket: gauge for gauge in (facts.reading.gauges if facts.reading else ())}
    if facts.bucket and facts.limit and facts.used is not None:
        told[facts.bucket] = Gauge(facts.bucket, facts.limit, facts.used, now, Source.ERROR)
    return tuple(told.values())


def newer(told: Iterable[Gauge], known: Mapping[Bucket, Gauge]) -> dict[Bucket, Gauge]:
    """Those of the gauges that were told no earlier than what is known."""
    return {
        gauge.bucket: gauge
        for gauge in told
        if gauge.bucket not in known or gauge.at >= known[gauge.bucket].at
    }


def _charged(gauge: Gauge, entries: Iterable[LedgerEntry]) -> Gauge:
    for entry in entries:
        if entry.accepted:
            gauge = gauge.charged(amount(entry, gauge.bucket), entry.counted_at)
    return gauge


def _folded(
    heard: Mapping[Bucket, Gauge], entries: Iterable[LedgerEntry]
) -> Mapping[Bucket, Gauge]:
    """What was told last, charged with what was sent since; a gauge holds all sent before it."""
    gauges = dict(heard)
    for entry in entries:
        told = newer(entry.gauges, gauges)
        for bucket, gauge in gauges.items():
            if bucket not in told and entry.accepted and entry.time >= gauge.at:
                told[bucket] = gauge.charged(amount(entry, bucket), entry.counted_at)
        gauges |= told
    return gauges


def amount(entry: LedgerEntry, bucket: Bucket) -> float:
    """What an accepted request took from a bucket."""
    match bucket:
        case Bucket.RPM | Bucket.RPD:
            return 1
        case Bucket.TPM | Bucket.TPD:
            return entry.usage.counted_tokens
        case Bucket.ITPM:
            return entry.usage.prompt_tokens - entry.usage.cached_tokens
        case Bucket.OTPM:
            return entry.usage.completion_tokens
        case Bucket.ASH | Bucket.ASD:
            return entry.audio_s

"""Replaces what the headers counted of a request by what the request really used.

Headers report what is left when a request is accepted, and servers differ in what they have counted
of it by then: the prompt, the prompt and the reserved answer, what was really used, or nothing
(:class:`HeaderTiming`). The timing is learnt when a reading fits only one of them, and is
remembered for the endpoint. Until then a reading may also show the use of others; the timing that
leaves least is assumed, and the next reading is compared with all of them.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from groqchat.domain.limits.header_timing import HeaderTiming
from groqchat.domain.limits.quota import LeakyBucket, LimitKind, Source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from groqchat.domain.money.usage import Usage
    from groqchat.services.ports import HeaderTimingStore
    from groqchat.services.quota.reservation import Reservation

# Counts are told in whole tokens; an estimate of a prompt may be off by a good part of it.
_WHOLE, _ESTIMATE_OFF, _ESTIMATE_LEAST = 1.0, 0.25, 16
# So many readings more must speak against all others: what others had reserved may come back once.
_SURE = 2


class _Alternatives(NamedTuple):
    """A bucket as it is assumed to be, and as it would be by each possible timing of headers."""

    current: LeakyBucket
    by_timing: Mapping[HeaderTiming, LeakyBucket]

    def written(self) -> str:
        """The stored form, JSON; limit and kind are those of the current bucket."""
        values = {
            timing.value: (bucket.used, bucket.at) for timing, bucket in self.by_timing.items()
        }
        now = self.current
        return json.dumps([now.limit, now.used, now.at, now.source, values])

    @classmethod
    def read(cls, text: str) -> _Alternatives:
        """Read the stored form.

        Raises:
            ValueError, TypeError, AttributeError: A newer groqchat wrote it.
        """
        limit, used, at, source, values = json.loads(text)
        current = LeakyBucket(LimitKind.TPM, limit, used, at, Source(source))
        return cls(
            current,
            {HeaderTiming(name): replace(current, used=u, at=t) for name, (u, t) in values.items()},
        )


class HeaderReconciliation:
    """Learns what the headers of one endpoint count, and corrects their limits by real usage.

    Args:
        store: Remembers the timing; None: nothing is remembered.
        base_url: The endpoint.
    """

    def __init__(self, store: HeaderTimingStore | None = None, base_url: str = "") -> None:
        self._store = store
        self._endpoint = origin(base_url)
        self._timing: HeaderTiming | None = None
        self._saved: HeaderTiming | None = None
        self._is_recalled = False
        self._rival: HeaderTiming | None = None
        self._rival_times = 0
        self._against = dict.fromkeys(HeaderTiming, 0)
        self._alternatives: dict[str, _Alternatives] = {}
        self._saved_alternatives: dict[str, _Alternatives] = {}

    @property
    def timing(self) -> HeaderTiming | None:
        """The timing of the endpoint's headers; None while it is not known."""
        return self._timing

    async def remember(self, model: str) -> None:
        """Read what is stored of the endpoint and of a model, once; store what is new.

        Raises:
            StorageError: The store cannot be read or written.
        """
        if self._store is None:
            return
        if not self._is_recalled:
            self._is_recalled = True
            self._saved = await self._store.header_timing(self._endpoint)
            self._timing = self._timing or self._saved
        if self._timing is None:
            await self._remember_alternatives(self._store, model)
        elif self._timing is not self._saved:
            await self._store.save_header_timing(self._endpoint, self._timing)
            self._saved = self._timing

    async def _remember_alternatives(self, store: HeaderTimingStore, model: str) -> None:
        alternatives = self._alternatives.get(model)
        if alternatives is not None and alternatives is not self._saved_alternatives.get(model):
            await store.save_alternatives(self._endpoint, model, alternatives.written())
            self._saved_alternatives[model] = alternatives
        elif alternatives is None and (text := await store.alternatives(self._endpoint, model)):
            with suppress(ValueError, TypeError, AttributeError):
                self._alternatives[model] = self._saved_alternatives[model] = _Alternatives.read(
                    text
                )

    def before(
        self, model: str, bucket: LeakyBucket | None, at: float, *, is_raw: bool
    ) -> tuple[dict[HeaderTiming, float], bool]:
        """The tokens used just before a reading came, by each possible timing of headers.

        Args:
            model: The model whose limit it is.
            bucket: What is known of the limit.
            at: The Unix time at which the reading came.
            is_raw: Whether the bucket is as headers reported it, without a correction since.

        Returns:
            The tokens, and whether the timing can be inferred by comparing them with the reading: a
            bucket that another process corrected by a guess may be wrong by a whole reservation.
        """
        if bucket is None:
            return dict.fromkeys(HeaderTiming, 0.0), True
        alternatives, buckets = self._alternatives.get(model), dict.fromkeys(HeaderTiming, bucket)
        is_ours = alternatives is not None and alternatives.current == bucket
        if alternatives is not None and is_ours:
            buckets |= alternatives.by_timing
        is_exact = is_raw or bucket.source is Source.ERROR or not bucket.used_at(at)
        is_conclusive = is_ours or is_exact or self._timing is not None
        return {timing: reported.used_at(at) for timing, reported in buckets.items()}, is_conclusive

    def settled(
        self,
        reservation: Reservation,
        reported: LeakyBucket,
        latest: LeakyBucket,
        usage: Usage,
        *,
        model: str,
        now: float,
    ) -> LeakyBucket:
        """The bucket of the tokens of the minute, corrected by what a request really used.

        Args:
            reservation: The request.
            reported: The bucket that its headers reported.
            latest: The bucket as known now, of newer headers where another request brought them.
            usage: The tokens that the request used.
            model: The model whose limit it is.
            now: The Unix time.
        """
        timing = self._explained(reservation, reported, usage)
        counted = timing.counted(usage, reservation.max_tokens)
        step = reported.used - reservation.before[timing]
        if latest == reported and abs(step - counted) <= _rounding(reported):
            latest = reported.charged(counted - step, reported.at)
        by_timing = {
            each: latest.charged(
                usage.counted_tokens - each.counted(usage, reservation.max_tokens), now
            )
            for each in HeaderTiming
        }
        current = by_timing[timing]
        if not usage.is_estimated:
            self._alternatives[model] = _Alternatives(
                current, by_timing if self._timing is None else {}
            )
        return current

    def _explained(
        self, reservation: Reservation, reported: LeakyBucket, usage: Usage
    ) -> HeaderTiming:
        """The timing of the headers; it is learnt where only one timing needs no use by others.

        While it is unknown, the timing that counts least of our request is assumed, since it leaves
        least. A timing by which others would have given tokens back is contradicted, and comes
        last.
        """
        excesses = {
            timing: _excess(timing, reservation, reported, usage) for timing in HeaderTiming
        }
        slack = _slack(reported, usage)
        least = -slack - _drain(reported) * (reservation.reading.at - reservation.sent)
        fitting = [
            h for h, excess in excesses.items() if least <= excess <= slack + reservation.drained
        ]
        if len(fitting) == 1 and usage.is_estimated:
            return self._timing or fitting[0]
        if not reservation.is_conclusive:
            return self._timing or HeaderTiming.PROMPT
        if len(fitting) == 1:
            self._learn(
                fitting[0], is_refuted=bool(self._timing and excesses[self._timing] < least)
            )
        elif not usage.is_estimated:
            self._contradict([timing for timing, excess in excesses.items() if excess < least])
        if self._timing is not None:
            return self._timing
        fewest = min(self._against.values())
        likely = [timing for timing, times in self._against.items() if times == fewest]
        # That a server counts nothing is believed only of one that has shown it.
        counting = [timing for timing in likely if timing is not HeaderTiming.NOTHING] or likely
        return min(counting, key=lambda timing: timing.counted(usage, reservation.max_tokens))

    def _learn(self, timing: HeaderTiming, *, is_refuted: bool) -> None:
        """Learn a timing that alone explains a reading.

        The use of others may look like our own once: unless the known timing is refuted, it is
        replaced only after several such readings in a row.
        """
        is_again = timing is self._rival
        self._rival_times = self._rival_times + 1 if is_again else 1
        self._rival = timing
        if self._timing is None or is_refuted or self._rival_times >= _SURE:
            self._timing = timing

    def _contradict(self, timings: Sequence[HeaderTiming]) -> None:
        """Count a reading against some timings; the timing that is left is learnt once sure."""
        for timing in timings:
            self._against[timing] += 1
        best, second = sorted(self._against.values())[:2]
        if second - best >= _SURE and self._timing is None:
            self._timing = min(self._against, key=self._against.__getitem__)


def _excess(
    timing: HeaderTiming, reservation: Reservation, reported: LeakyBucket, usage: Usage
) -> float:
    """The tokens that others must have used if headers count our request by this timing."""
    return (
        reported.used - reservation.before[timing] - timing.counted(usage, reservation.max_tokens)
    )


def _drain(bucket: LeakyBucket) -> float:
    """The tokens a second that drain from a bucket until its headers are written."""
    return bucket.limit / bucket.kind.window_s


def _slack(reported: LeakyBucket, usage: Usage) -> float:
    """The tokens by which the sums may be off although nobody else used any."""
    off = max(_ESTIMATE_LEAST, usage.prompt_tokens * _ESTIMATE_OFF) if usage.is_estimated else 0.0
    return _WHOLE + _rounding(reported) + off


def _rounding(bucket: LeakyBucket) -> float:
    """The tokens by which headers may be off our own count: they give times in milliseconds."""
    return 0.001 * _drain(bucket)


def origin(base_url: str) -> str:
    """Scheme, host and port of a URL; a password in it is never stored."""
    parts = urlsplit(base_url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"

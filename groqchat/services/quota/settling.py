"""Puts what a request really used in the place of what its headers had counted of it.

Headers tell what is left when a request was accepted, and servers differ in what they have counted
of it by then. Which it is shows where a reading fits one explanation only; it is remembered for
the endpoint. Until then others may have used what looks like our own reservation: the explanation
that leaves least stands, and the next reading is held against all of them.
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


class _Doubt(NamedTuple):
    """A bucket as it stands, and how it would stand by each explanation of its reading."""

    standing: LeakyBucket
    otherwise: Mapping[HeaderTiming, LeakyBucket]

    def written(self) -> str:
        """As JSON; limit and bucket are those of the standing bucket."""
        standing, otherwise = self.standing, self.otherwise
        values = {timing.value: (bucket.used, bucket.at) for timing, bucket in otherwise.items()}
        return json.dumps([standing.limit, standing.used, standing.at, standing.source, values])

    @classmethod
    def read(cls, text: str) -> _Doubt:
        """Read a doubt from its stored form.

        Raises:
            ValueError, TypeError, AttributeError: A newer groqchat wrote it.
        """
        limit, used, at, source, values = json.loads(text)
        standing = LeakyBucket(LimitKind.TPM, limit, used, at, Source(source))
        return cls(
            standing,
            {
                HeaderTiming(name): replace(standing, used=u, at=t)
                for name, (u, t) in values.items()
            },
        )


class Settling:
    """Knows or learns what the headers of one endpoint count.

    Args:
        store: Where it is remembered; None: nowhere.
        base_url: The endpoint.
    """

    def __init__(self, store: HeaderTimingStore | None = None, base_url: str = "") -> None:
        self._store = store
        self._endpoint = _origin(base_url)
        self._timing: HeaderTiming | None = None
        self._kept: HeaderTiming | None = None
        self._is_recalled = False
        self._rival: HeaderTiming | None = None
        self._rival_times = 0
        self._against = dict.fromkeys(HeaderTiming, 0)
        self._doubts: dict[str, _Doubt] = {}
        self._kept_doubts: dict[str, _Doubt] = {}

    async def remember(self, model: str) -> None:
        """Read what was learnt before, of a model's limits too; write down what is new."""
        if self._store is None:
            return
        if not self._is_recalled:
            self._is_recalled = True
            self._kept = await self._store.header_timing(self._endpoint)
            self._timing = self._timing or self._kept
        if self._timing is None:
            await self._remember_doubt(self._store, model)
        elif self._timing is not self._kept:
            await self._store.save_header_timing(self._endpoint, self._timing)
            self._kept = self._timing

    async def _remember_doubt(self, store: HeaderTimingStore, model: str) -> None:
        doubt = self._doubts.get(model)
        if doubt is not None and doubt is not self._kept_doubts.get(model):
            await store.save_doubt(self._endpoint, model, doubt.written())
            self._kept_doubts[model] = doubt
        elif doubt is None and (text := await store.doubt(self._endpoint, model)):
            with suppress(ValueError, TypeError, AttributeError):
                self._doubts[model] = self._kept_doubts[model] = _Doubt.read(text)

    def before(
        self, model: str, bucket: LeakyBucket | None, at: float, *, is_raw: bool
    ) -> tuple[dict[HeaderTiming, float], bool]:
        """How much was used just before a reading came at a Unix time, by each explanation.

        Args:
            model: Whose limit it is.
            bucket: What is known of it.
            at: When the reading came.
            is_raw: Whether that is what headers told, and nothing was settled since.

        Returns:
            The tokens, and whether each explanation may be held against the reading by them: what
            another process settled by a guess may be wrong by a whole reservation.
        """
        if bucket is None:
            return dict.fromkeys(HeaderTiming, 0.0), True
        doubt, buckets = self._doubts.get(model), dict.fromkeys(HeaderTiming, bucket)
        is_ours = doubt is not None and doubt.standing == bucket
        if doubt is not None and is_ours:
            buckets |= doubt.otherwise
        is_exact = is_raw or bucket.source is Source.ERROR or not bucket.used_at(at)
        is_sound = is_ours or is_exact or self._timing is not None
        return {timing: told.used_at(at) for timing, told in buckets.items()}, is_sound

    def settled(
        self,
        reservation: Reservation,
        told: LeakyBucket,
        latest: LeakyBucket,
        usage: Usage,
        *,
        model: str,
        now: float,
    ) -> LeakyBucket:
        """The tokens of the minute after a request used what it used.

        Args:
            reservation: The request.
            told: What its headers said.
            latest: What is known now; where another request brought newer headers, those.
            usage: What it used.
            model: Whose limit it is.
            now: The Unix time.
        """
        timing = self._explained(reservation, told, usage)
        counted = timing.counted(usage, reservation.max_tokens)
        step = told.used - reservation.before[timing]
        if latest == told and abs(step - counted) <= _rounding(told):
            latest = told.charged(counted - step, told.at)
        otherwise = {
            each: latest.charged(
                usage.counted_tokens - each.counted(usage, reservation.max_tokens), now
            )
            for each in HeaderTiming
        }
        standing = otherwise[timing]
        if not usage.is_estimated:
            self._doubts[model] = _Doubt(standing, otherwise if self._timing is None else {})
        return standing

    def _explained(self, reservation: Reservation, told: LeakyBucket, usage: Usage) -> HeaderTiming:
        """What the headers have counted; learnt where one explanation alone needs nobody else.

        While it is not known, what counts least of our own leaves the least; an explanation by
        which others would have given tokens back is contradicted, and has others before it.
        """
        excesses = {timing: _excess(timing, reservation, told, usage) for timing in HeaderTiming}
        slack = _slack(told, usage)
        least = -slack - _drain(told) * (reservation.reading.at - reservation.sent)
        fitting = [
            h for h, excess in excesses.items() if least <= excess <= slack + reservation.drained
        ]
        if len(fitting) == 1 and usage.is_estimated:
            return self._timing or fitting[0]
        if not reservation.is_sound:
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
        """One explanation alone needs nobody else's use.

        What others used may look like our own once: unless what is known is refuted, it stands
        until more than one such reading in a row has the same explanation.
        """
        is_again = timing is self._rival
        self._rival_times = self._rival_times + 1 if is_again else 1
        self._rival = timing
        if self._timing is None or is_refuted or self._rival_times >= _SURE:
            self._timing = timing

    def _contradict(self, timings: Sequence[HeaderTiming]) -> None:
        """A reading speaks against some; the one that is left is known once that is sure."""
        for timing in timings:
            self._against[timing] += 1
        best, second = sorted(self._against.values())[:2]
        if second - best >= _SURE and self._timing is None:
            self._timing = min(self._against, key=self._against.__getitem__)


def _excess(
    timing: HeaderTiming, reservation: Reservation, told: LeakyBucket, usage: Usage
) -> float:
    """The tokens that others must have used, if this is what the headers have counted of ours."""
    return told.used - reservation.before[timing] - timing.counted(usage, reservation.max_tokens)


def _drain(bucket: LeakyBucket) -> float:
    """Tokens a second: what a server has counted drains until its headers are written."""
    return bucket.limit / bucket.kind.window_s


def _slack(told: LeakyBucket, usage: Usage) -> float:
    """How far the sums may be off, in tokens, though nobody else used any."""
    off = max(_ESTIMATE_LEAST, usage.prompt_tokens * _ESTIMATE_OFF) if usage.is_estimated else 0.0
    return _WHOLE + _rounding(told) + off


def _rounding(bucket: LeakyBucket) -> float:
    """How far headers may be from our own exact count: they tell times to the millisecond."""
    return 0.001 * _drain(bucket)


def _origin(base_url: str) -> str:
    """Scheme, host and port: no password that stands in an address is written down."""
    parts = urlsplit(base_url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"

"""Rate limits as leaky buckets, one for each model and kind of limit.

The model of refill is continuous: a bucket of N a minute gives back N/60 a second, never all at
once at the turn of a minute or at midnight. So the time until a bucket is full again is
``used * window / limit``, which is what Groq's reset headers and waits show.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.limits.quota import LeakyBucket, LimitKind, Source
from groqchat.domain.models.catalog import USUAL_RESERVATION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from groqchat.domain.money.usage import Usage

Amounts = dict[LimitKind, float]


def amounts_reserved(
    prompt_tokens: int, max_completion_tokens: int | None, usual: int = USUAL_RESERVATION
) -> Amounts:
    """The amounts reserved for a chat request; ``usual`` output tokens if it sets no bound."""
    output = usual if max_completion_tokens is None else max_completion_tokens
    return _amounts(prompt_tokens, output)


def amounts_used(usage: Usage) -> Amounts:
    """The amounts that an answered chat request has used; cached input does not count."""
    return _amounts(usage.prompt_tokens - usage.cached_tokens, usage.completion_tokens)


def amounts_of_audio(seconds: float) -> Amounts:
    """The amounts that an audio request uses."""
    return {LimitKind.RPM: 1, LimitKind.RPD: 1, LimitKind.ASH: seconds, LimitKind.ASD: seconds}


def _amounts(prompt: int, output: int) -> Amounts:
    return {
        LimitKind.RPM: 1,
        LimitKind.RPD: 1,
        LimitKind.TPM: prompt + output,
        LimitKind.TPD: prompt + output,
        LimitKind.ITPM: prompt,
        LimitKind.OTPM: output,
    }


class OverLimitError(Exception):
    """A request that exceeds a limit; ``wait_s`` is None when waiting does not help."""

    def __init__(self, bucket: LeakyBucket, requested: float, now: float) -> None:
        self.kind = bucket.kind
        self.limit = bucket.limit
        self.used = bucket.limit - bucket.remaining_at(now)
        self.requested = math.ceil(requested)
        self.wait_s = bucket.wait_for(requested, now)
        super().__init__(f"{self.kind}: {self.requested} do not fit")


@dataclass(frozen=True, slots=True)
class AdmittedRequest:
    """The amounts reserved for one request to a model."""

    model: str
    amounts: Amounts


class Limits:
    """The limits of one organisation, shared by all of its keys.

    Args:
        rows: For each model id its buckets; a model without a row is not limited.
    """

    def __init__(self, rows: Mapping[str, Mapping[LimitKind, int]]) -> None:
        self._buckets = {
            model: {
                kind: LeakyBucket(kind, buckets[kind], 0.0, 0.0, Source.CATALOGUE)
                for kind in LimitKind
                if kind in buckets
            }
            for model, buckets in rows.items()
        }

    def admit(self, model: str, amounts: Amounts, now: float) -> AdmittedRequest:
        """Reserve amounts in every bucket of a model.

        Raises:
            OverLimitError: A bucket is smaller than its amount, or too full for it. The first kind
                is reported before the second, and the input limit before others, as Groq does.
                Nothing is reserved: refused requests do not count.
        """
        buckets = self._buckets.get(model, {})
        refused = [
            OverLimitError(bucket, amounts[kind], now)
            for kind, bucket in buckets.items()
            if kind in amounts and bucket.wait_for(amounts[kind], now) != 0
        ]
        if refused:
            raise min(
                refused, key=lambda each: (each.wait_s is not None, each.kind != LimitKind.ITPM)
            )
        self._charge(model, amounts, now)
        return AdmittedRequest(model, amounts)

    def settle(self, reservation: AdmittedRequest, used: Amounts, now: float) -> AdmittedRequest:
        """Replace a reservation by the amounts used; the result can be settled again."""
        difference = {
            kind: used.get(kind, 0) - reserved for kind, reserved in reservation.amounts.items()
        }
        self._charge(reservation.model, difference, now)
        return AdmittedRequest(reservation.model, used)

    def spend(self, model: str, kind: LimitKind, amount: float, now: float) -> None:
        """Use an amount of a bucket without a request."""
        self._charge(model, {kind: amount}, now)

    def remaining(self, model: str, now: float) -> dict[LimitKind, int]:
        """The amount left in each bucket of a model."""
        buckets = self._buckets.get(model, {})
        return {kind: bucket.remaining_at(now) for kind, bucket in buckets.items()}

    def buckets(self, model: str) -> tuple[LeakyBucket, ...]:
        """The buckets of a model, each exact at its own time."""
        return tuple(self._buckets.get(model, {}).values())

    def headers(self, model: str, now: float) -> dict[str, str]:
        """The ``x-ratelimit-*`` headers: requests of the day, tokens of the minute."""
        headers = {}
        for kind, name in ((LimitKind.RPD, "requests"), (LimitKind.TPM, "tokens")):
            if bucket := self._buckets.get(model, {}).get(kind):
                headers[f"x-ratelimit-limit-{name}"] = str(bucket.limit)
                headers[f"x-ratelimit-remaining-{name}"] = str(bucket.remaining_at(now))
                headers[f"x-ratelimit-reset-{name}"] = duration(bucket.resets_in(now))
        return headers

    def _charge(self, model: str, amounts: Amounts, now: float) -> None:
        buckets = self._buckets.get(model, {})
        for kind, bucket in buckets.items():
            if kind in amounts:
                buckets[kind] = bucket.charged(amounts[kind], now)


def duration(seconds: float) -> str:
    """Seconds in Groq's notation, exact to the millisecond: 585ms, 7.66s, 1m26.4s, 1h2m3s."""
    milliseconds = round(seconds * 1000)
    if 0 < milliseconds < 1000:
        return f"{milliseconds}ms"
    minutes, rest = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    text = f"{hours}h" if hours else ""
    text += f"{minutes}m" if hours or minutes else ""
    return text + f"{rest / 1000:.3f}".rstrip("0").rstrip(".") + "s"

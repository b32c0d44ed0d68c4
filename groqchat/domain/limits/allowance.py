"""Fits a request into what is left: how long its answer may be, or how long it must wait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.limits.quota import LimitKind

if TYPE_CHECKING:
    from groqchat.domain.limits.quota import LeakyBucket

# An answer that may be no longer than the first is not worth asking for; nobody needs one longer
# than the second, and while it is reserved it keeps other requests out.
LEAST_ANSWER, LARGEST_ANSWER = 128, 16_384
# What an ordinary answer needs, where there is no average to go by.
USUAL_ANSWER = 1_024


@dataclass(frozen=True, slots=True)
class Allowance:
    """How a request may be sent: how long its answer may be, and how long to wait before.

    ``max_tokens`` is None where nothing bounds the answer. ``wait_s`` is None when the request can
    never fit. Unless it is 0, ``tightest`` is the bucket in the way of ``requested`` units, or None
    where the model's context window is in the way.
    """

    max_tokens: int | None
    wait_s: float | None = 0.0
    tightest: LeakyBucket | None = None
    requested: int = 0


def allowance(
    buckets: tuple[LeakyBucket, ...],
    prompt_tokens: int,
    now: float,
    *,
    doubt: int = 0,
    excess: int = 0,
    usual: int = USUAL_ANSWER,
    wanted: int | None = None,
    most: int | None = None,
    window: int | None = None,
) -> Allowance:
    """Fit a request into what is left.

    The server counts a prompt and the longest answer it may get before it answers (Groq
    rate-limit behaviour), so the answer is bounded by what is left; where that is less than an
    answer usually takes, the request waits. A prompt that may fit, if it is shorter than it seems,
    goes out with an ordinary answer: a refusal costs nothing, and tells how long the prompt is.

    Args:
        buckets: What is known of the limits.
        prompt_tokens: Of the prompt, estimated.
        now: The Unix time.
        doubt: By how many tokens that may be too few.
        excess: By how many it may be too many.
        usual: How long an answer may well be, in tokens.
        wanted: The longest answer that the user wants; sent as it is where no limit is known.
        most: The longest answer that the model can give.
        window: The model's context window: prompt and answer in tokens.
    """
    ceiling = min(limit for limit in (wanted, most, LARGEST_ANSWER) if limit)
    shortest = max(0, prompt_tokens - excess)
    least = min(LEAST_ANSWER, ceiling)
    if window is not None:  # it takes a prompt that leaves a single token
        least = min(least, max(1, window - shortest))
    # As long as it may be where that ever fits, else as it seems, else as short as it may be.
    for size in (prompt_tokens + doubt, prompt_tokens, shortest):
        answer = _answer(buckets, size, usual, ceiling, window)
        takes_it = all(_needs(bucket.kind, size, 0) <= bucket.limit for bucket in buckets)
        if takes_it and answer >= least:
            break
    else:
        return _never(buckets, prompt_tokens, LEAST_ANSWER, window)
    needed = [(bucket, _needs(bucket.kind, size, answer)) for bucket in buckets]
    waits = [(bucket.wait_for(amount, now) or 0.0, bucket, amount) for bucket, amount in needed]
    wait, tightest, amount = max(waits, key=lambda told: told[0], default=(0.0, None, 0))
    if wait > 0:
        return Allowance(answer, wait, tightest, amount)
    if size < prompt_tokens:
        return Allowance(answer)
    left = [
        bucket.remaining_at(now) - _needs(bucket.kind, size, 0)
        for bucket in buckets
        if bucket.kind in _COUNT_ANSWERS
    ]
    room = [] if window is None else [window - size]
    if left:
        return Allowance(max(answer, min([ceiling, *room, *left])))
    return Allowance(min([wanted, *room]) if wanted else None)


def _answer(
    buckets: tuple[LeakyBucket, ...],
    prompt_tokens: int,
    usual: int,
    ceiling: int,
    window: int | None,
) -> int:
    """How long an answer is asked for, as far as limits and window ever leave room for it."""
    ever = [
        bucket.limit - _needs(bucket.kind, prompt_tokens, 0)
        for bucket in buckets
        if bucket.kind in _COUNT_ANSWERS
    ]
    ever += [] if window is None else [window - prompt_tokens]
    return min([max(usual, LEAST_ANSWER), ceiling, *ever])


_COUNT_ANSWERS = frozenset({LimitKind.TPM, LimitKind.TPD, LimitKind.OTPM})


def _never(
    buckets: tuple[LeakyBucket, ...], prompt: int, answer: int, window: int | None
) -> Allowance:
    """What is exceeded the most, a bucket or the window, for a request that never fits."""
    needed = [(bucket, _needs(bucket.kind, prompt, answer)) for bucket in buckets]
    exceeded: list[tuple[float, LeakyBucket | None, int]] = [
        (amount / bucket.limit, bucket, amount) for bucket, amount in needed
    ]
    if window is not None:
        exceeded.append((prompt / window, None, prompt))
    _, tightest, amount = max(exceeded, key=lambda told: told[0])
    return Allowance(None, None, tightest, amount)


def _needs(kind: LimitKind, prompt: int, answer: int) -> int:
    """What a chat request takes from a bucket while it is being answered."""
    match kind:
        case LimitKind.RPM | LimitKind.RPD:
            return 1
        case LimitKind.TPM | LimitKind.TPD:
            return prompt + answer
        case LimitKind.ITPM:
            return prompt
        case LimitKind.OTPM:
            return answer
        case _:
            return 0

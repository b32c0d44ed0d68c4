"""The fit of a request into its limits: the longest answer, or the time to wait."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING

from groqchat.domain.limits.quota import LimitKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from groqchat.domain.limits.quota import LeakyBucket

# A shorter answer than the first is not worth asking for; nobody needs a longer one than the
# second, and while it is reserved it keeps other requests out.
LEAST_ANSWER, LARGEST_ANSWER = 128, 16_384
# What an answer may take although others follow: hardly any is longer.
AMPLE_ANSWER = 4_096
# What an answer in a row of many may take: so many times the longest of the last ones, if there are
# enough of them. Of a hundred answers the next one is longer once in five hundred times, even where
# their lengths differ as widely as those of texts.
_MARGIN, _ENOUGH = 1.5, 10
LEARNS_FROM = 100
# The seconds in which requests that follow each other use what is free of a limit.
SPREAD_S = 5.0
# What an ordinary answer needs, where there is no average to go by.
USUAL_ANSWER = 1_024
# An answer that shares leaves room for so many requests with prompts of so many tokens. Its own
# room is a multiple of what this part of the last answers took.
_OTHERS, _SHORT_PROMPT, _MOST = 2, 256, 0.95
# What an answer that is gone on with leaves of a limit: a prompt with calls of tools may have a few
# tokens more than estimated, and a refusal would cost more than these.
_SPARE = 64
# The tokens of a turn where there is no average: a short question and its answer.
FIRST_GUESS_TOKENS = 1_000


class AnswerRoom(Enum):
    """How much room a request asks for its answer.

    ORDINARY is what an answer usually needs, and all that is left. LEARNT is for one of many
    answers that are expected to be like each other, AMPLE for one that turned out to be longer.
    SHARED is for an answer that is gone on with if it turns out to be longer than most: it leaves
    room for requests of others.
    """

    ORDINARY = auto()
    SHARED = auto()
    LEARNT = auto()
    AMPLE = auto()


@dataclass(frozen=True, slots=True)
class RequestSize:
    """The size of a request, in tokens: its prompt, and the answer that is asked for.

    Attributes:
        prompt_tokens: The estimated length of the prompt.
        doubt: How many more tokens the prompt may have than estimated.
        excess: How many fewer it may have.
        usual: The length that an answer may well need.
        wanted: The longest answer that the user wants; sent as it is where no limit is known.
        most: The longest answer that the model can give.
        window: The model's context window, which prompt and answer share.
        beside: The number of requests under way beside which others are to follow this one; None:
            the answer may take all that is left.
        ample: What the answer may reserve in any case where others follow.
        shares: Whether the answer leaves room for others, also where none are under way, since it
            is gone on with if it turns out to be longer.
    """

    prompt_tokens: int
    doubt: int = 0
    excess: int = 0
    usual: int = USUAL_ANSWER
    wanted: int | None = None
    most: int | None = None
    window: int | None = None
    beside: int | None = None
    ample: int = AMPLE_ANSWER
    shares: bool = False

    def share(self, left: int) -> int:
        """The part of the units that are left which the answer may reserve.

        So little that many more could be under way, but an ample answer in any case.
        """
        if self.beside is None:
            others = _OTHERS * (self.ample + _SHORT_PROMPT) if self.shares else 0
            spare = _SPARE if self.shares else 0
            return max(left - others, min(left - spare, AMPLE_ANSWER))
        requests = self.beside + 1
        free = left // (8 * requests)
        if not self.shares:
            free = max(free, min(left // (2 * requests), AMPLE_ANSWER))
        return max(free, min(left, self.ample))

    @property
    def longest_answer(self) -> int:
        """The longest answer that may be asked for."""
        return min(limit for limit in (self.wanted, self.most, LARGEST_ANSWER) if limit)

    @property
    def shortest_prompt(self) -> int:
        """The fewest tokens that the prompt may have."""
        return max(0, self.prompt_tokens - self.excess)

    @property
    def least_answer(self) -> int:
        """The shortest answer that is worth asking for."""
        least = min(LEAST_ANSWER, self.longest_answer)
        if self.window is None:
            return least
        # The context window takes a prompt that leaves a single token.
        return min(least, max(1, self.window - self.shortest_prompt))

    @property
    def prompt_sizes(self) -> tuple[int, int, int]:
        """The longest, the estimated and the shortest length that the prompt may have."""
        return self.prompt_tokens + self.doubt, self.prompt_tokens, self.shortest_prompt


@dataclass(frozen=True, slots=True)
class Allowance:
    """The terms on which a request may be sent: its longest answer, and the wait before it.

    ``max_tokens`` is None where nothing bounds the answer. ``wait_s`` is in seconds, and None when
    the request can never fit. Unless it is 0, ``tightest`` is the bucket in the way of
    ``requested`` units, or None where the model's context window is in the way.
    """

    max_tokens: int | None
    wait_s: float | None = 0.0
    tightest: LeakyBucket | None = None
    requested: int = 0


def allowance(buckets: Sequence[LeakyBucket], request: RequestSize, now: float) -> Allowance:
    """Fit a request into what is left of the limits at a Unix time.

    The server counts a prompt and the longest answer it may get before it answers (Groq
    rate-limit behaviour), so the answer is bounded by what is left; where that is less than an
    answer usually takes, the request waits. A prompt that may fit, if it is shorter than it seems,
    goes out with an ordinary answer: a refusal costs nothing, and tells how long the prompt is.
    """
    fitting = _fitting(buckets, request)
    if fitting is None:
        return _never(buckets, request)
    prompt, answer = fitting
    needed = [(bucket, _needs(bucket.kind, prompt, answer)) for bucket in buckets]
    waits = [(bucket.wait_for(amount, now) or 0.0, bucket, amount) for bucket, amount in needed]
    wait, tightest, amount = max(waits, key=lambda row: row[0], default=(0.0, None, 0))
    if wait > 0:
        return Allowance(answer, wait, tightest, amount)
    if prompt < request.prompt_tokens:
        return Allowance(answer)
    left = _left_for_answer(buckets, prompt, lambda bucket: bucket.remaining_at(now))
    room = [] if request.window is None else [request.window - prompt]
    if left:
        shares = map(request.share, left)
        return Allowance(max(answer, min([request.longest_answer, *room, *shares])))
    return Allowance(min([request.wanted, *room]) if request.wanted else None)


def learnt_answer(lengths: Sequence[int]) -> int | None:
    """The length that hardly any answer in a row of many exceeds; None while too few are known.

    Args:
        lengths: The tokens of the last answers, ``LEARNS_FROM`` at most.
    """
    if len(lengths) < _ENOUGH:
        return None
    return min(AMPLE_ANSWER, max(LEAST_ANSWER, round(_MARGIN * max(lengths))))


def shared_answer(lengths: Sequence[int]) -> int:
    """The length that an answer gets beside others, which most of the last ones did not exceed.

    Args:
        lengths: The tokens of the last answers, ``LEARNS_FROM`` at most.
    """
    if not lengths:
        return USUAL_ANSWER
    usual = sorted(lengths)[math.ceil(_MOST * len(lengths)) - 1]
    return min(AMPLE_ANSWER, max(USUAL_ANSWER, round(_MARGIN * usual)))


def ample_answer(buckets: Sequence[LeakyBucket], request: RequestSize) -> int:
    """The length that an answer gets if the limits are waited for: an ample one, or less."""
    ample = replace(request, usual=AMPLE_ANSWER)
    fitting = _fitting(buckets, ample)
    return fitting[1] if fitting else 0


def prompt_room(buckets: Iterable[LeakyBucket], request: RequestSize) -> int | None:
    """The longest prompt that limits and window ever take with a usual answer, in tokens.

    Returns:
        None where no limit is known.
    """
    answer = min(request.usual, request.longest_answer)
    beside = {LimitKind.TPM: answer, LimitKind.TPD: answer, LimitKind.ITPM: 0}
    rooms = [each.limit - beside[each.kind] for each in buckets if each.kind in beside]
    rooms += [] if request.window is None else [request.window - answer]
    return max(0, min(rooms)) if rooms else None


def gap_s(buckets: Sequence[LeakyBucket], tokens: float, now: float) -> float:
    """The seconds between two requests of a row: the limits of a minute refill meanwhile.

    What is free is spread over some seconds. Where nothing is, the pace is twice that of the
    refill: the limit itself holds requests back then, and tells how long.

    Args:
        buckets: The limits.
        tokens: What a request takes of them on average.
        now: The Unix time.
    """
    gaps = [0.0]
    for bucket in buckets:
        if bucket.kind.window_s == LimitKind.RPM.window_s and bucket.limit:
            pace = 2 * bucket.limit / bucket.kind.window_s + bucket.remaining_at(now) / SPREAD_S
            gaps.append((1.0 if bucket.kind.counts == "requests" else tokens) / pace)
    return max(gaps)


def allowance_for_amounts(
    buckets: Iterable[LeakyBucket], amounts: Mapping[LimitKind, float], now: float
) -> Allowance:
    """The wait until a request that takes fixed amounts of its limits fits.

    Args:
        buckets: The limits.
        amounts: The amount that is taken of each kind of limit.
        now: The Unix time.
    """
    needed = [(bucket, amounts.get(bucket.kind, 0)) for bucket in buckets]
    for bucket, amount in needed:
        if amount > bucket.limit:
            return Allowance(None, None, bucket, math.ceil(amount))
    waits = [(bucket.wait_for(amount, now) or 0.0, bucket, amount) for bucket, amount in needed]
    wait, tightest, amount = max(waits, key=lambda row: row[0], default=(0.0, None, 0))
    return Allowance(None, wait, tightest if wait else None, math.ceil(amount))


def _fitting(buckets: Sequence[LeakyBucket], request: RequestSize) -> tuple[int, int] | None:
    """The longest size of the prompt that can ever fit, and the length of its answer."""
    for prompt in request.prompt_sizes:
        answer = _answer(buckets, prompt, request)
        takes_it = all(_needs(bucket.kind, prompt, 0) <= bucket.limit for bucket in buckets)
        if takes_it and answer >= request.least_answer:
            return prompt, answer
    return None


def _answer(buckets: Sequence[LeakyBucket], prompt: int, request: RequestSize) -> int:
    """The length of the answer, as far as limits and window ever leave room for it.

    Half of a limit on output alone is enough: a request for all of it would wait until nothing at
    all of the limit is used.
    """
    ever = _left_for_answer(buckets, prompt, lambda bucket: bucket.limit)
    ever += [] if request.window is None else [request.window - prompt]
    halves = [bucket.limit // 2 for bucket in buckets if bucket.kind is LimitKind.OTPM]
    usual = max(min([request.usual, *halves]), LEAST_ANSWER)
    return min([usual, request.longest_answer, *ever])


_COUNT_ANSWERS = frozenset({LimitKind.TPM, LimitKind.TPD, LimitKind.OTPM})


def _left_for_answer(
    buckets: Sequence[LeakyBucket], prompt: int, units: Callable[[LeakyBucket], int]
) -> list[int]:
    """The units that a prompt leaves to its answer in each bucket that counts answers."""
    return [
        units(bucket) - _needs(bucket.kind, prompt, 0)
        for bucket in buckets
        if bucket.kind in _COUNT_ANSWERS
    ]


def _never(buckets: Sequence[LeakyBucket], request: RequestSize) -> Allowance:
    """The refusal of a request that never fits, naming the bucket or window it exceeds most."""
    prompt = request.prompt_tokens
    needed = [(bucket, _needs(bucket.kind, prompt, LEAST_ANSWER)) for bucket in buckets]
    exceeded: list[tuple[float, LeakyBucket | None, int]] = [
        (amount / bucket.limit, bucket, amount) for bucket, amount in needed
    ]
    if request.window is not None:
        exceeded.append((prompt / request.window, None, prompt))
    _, tightest, amount = max(exceeded, key=lambda row: row[0])
    return Allowance(None, None, tightest, amount)


def _needs(kind: LimitKind, prompt: int, answer: int) -> int:
    """The units that a chat request takes from a bucket while it is being answered."""
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

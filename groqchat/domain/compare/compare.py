"""Answers of several models to one prompt, measured against each other."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from groqchat.domain.text.humanize import UNKNOWN, count, duration, exact_money, speed
from groqchat.domain.turns.chat import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.turns.chat import Message, Options

FEWEST_MODELS, MOST_MODELS = 2, 8

Number = int | float | Decimal


@dataclass(frozen=True, slots=True)
class Figures:
    """What one answer took; None is what nobody told.

    Times in seconds since the request was sent, rates in completion tokens a second: ours over the
    time in which the answer streamed to us, the server's over its own ``completion_time``.
    ``length`` is in characters. ``is_estimated``: the server did not count the tokens.
    """

    first_token_s: float | None = None
    total_s: float | None = None
    rate: float | None = None
    server_rate: float | None = None
    prompt_tokens: int | None = None
    cached_tokens: int | None = None
    completion_tokens: int | None = None
    reasoning_tokens: int | None = None
    cost: Decimal | None = None
    length: int | None = None
    is_estimated: bool = False


NO_FIGURES = Figures()


def figures_of(answer: Message) -> Figures:
    """The figures of a saved answer."""
    usage, timing = answer.usage, answer.timing
    return Figures(
        first_token_s=timing.time_to_first_token_s if timing else None,
        total_s=timing.total_s if timing else None,
        rate=timing.tokens_per_second(usage.completion_tokens) if timing and usage else None,
        server_rate=usage.completion_tokens / usage.completion_time
        if usage and usage.completion_time
        else None,
        prompt_tokens=usage.prompt_tokens if usage else None,
        cached_tokens=usage.cached_tokens if usage else None,
        completion_tokens=usage.completion_tokens if usage else None,
        reasoning_tokens=usage.reasoning_tokens if usage else None,
        cost=answer.cost.total if answer.cost else None,
        length=len(answer.content),
        is_estimated=usage is not None and usage.is_estimated,
    )


class Better(StrEnum):
    """Which figure of a row is the best one; of lengths and token counts none is."""

    LESS = "less"
    MORE = "more"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of a comparison: how it is called, taken from figures, judged and written.

    ``is_counted``: it stands on the server's count of tokens.
    """

    label: str
    of: Callable[[Figures], Number | None]
    better: Better
    words: Callable[[Number], str]
    is_counted: bool = True

    def text(self, figures: Figures) -> str:
        """The figure as people read it."""
        value = self.of(figures)
        if value is None:
            return UNKNOWN
        about = "≈ " if self.is_counted and figures.is_estimated else ""
        return f"{about}{self.words(value)}"

    def best(self, columns: Sequence[Figures]) -> frozenset[int]:
        """The places of the best figures; none where there is nothing to choose between."""
        values = [self.of(figures) for figures in columns]
        return best_places(values, list(map(self.text, columns)), self.better)


def best_places(
    values: Sequence[Number | None], written: Sequence[str], better: Better
) -> frozenset[int]:
    """Where the best of some values stand; nowhere when there is nothing to choose between.

    Values that are written alike are alike: nobody could see why one is better.
    """
    told = {place: value for place, value in enumerate(values) if value is not None}
    if better is Better.NEITHER or len({written[place] for place in told}) < 2:
        return frozenset()
    best = (min if better is Better.LESS else max)(told, key=lambda place: told[place])
    return frozenset(place for place in told if written[place] == written[best])


def _seconds(value: Number) -> str:
    return duration(float(value))


def _speed(value: Number) -> str:
    return speed(float(value))


def _count(value: Number) -> str:
    return count(int(value))


def _money(value: Number) -> str:
    return exact_money(Decimal(value))


MEASURES = (
    Measure("first token", lambda fig: fig.first_token_s, Better.LESS, _seconds, is_counted=False),
    Measure("speed", lambda fig: fig.rate, Better.MORE, _speed),
    Measure("cost", lambda fig: fig.cost, Better.LESS, _money),
    Measure("tokens out", lambda fig: fig.completion_tokens, Better.NEITHER, _count),
    Measure("total", lambda fig: fig.total_s, Better.LESS, _seconds, is_counted=False),
    Measure("server speed", lambda fig: fig.server_rate, Better.MORE, _speed),
    Measure("tokens in", lambda fig: fig.prompt_tokens, Better.NEITHER, _count),
    Measure("cached", lambda fig: fig.cached_tokens, Better.NEITHER, _count),
    Measure("reasoning", lambda fig: fig.reasoning_tokens, Better.NEITHER, _count),
    Measure("characters", lambda fig: fig.length, Better.NEITHER, _count, is_counted=False),
)
"""The rows of every comparison, what decides first."""


class Verdict(StrEnum):
    """How somebody judged the answers to one prompt."""

    WINNER = "winner"
    TIE = "tie"
    ALL_BAD = "all_bad"


@dataclass(frozen=True, slots=True)
class Vote:
    """One judgement; ``winner`` is a model and set with that verdict only.

    ``turn`` counts from 1 within the session of the comparison; ``time`` is a Unix time. ``tag``
    names the kind of task, such as ``code``.
    """

    session_id: str
    turn: int
    time: float
    models: tuple[str, ...]
    verdict: Verdict
    winner: str | None = None
    is_blind: bool = False
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote down about a turn; see `Vote` for the rest."""

    session_id: str
    turn: int
    time: float
    text: str
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Seat:
    """One column of a comparison as it is kept: how it is asked, what it was asked last.

    ``prompt_id`` is the message of its last prompt, ``failures`` counts turns without an answer.
    ``error`` is why the last one had none, or was not answered better.
    """

    options: Options
    prompt_id: str | None = None
    failures: int = 0
    error: GroqchatError | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A comparison as it is kept, so that it can be opened again.

    ``is_open`` says that it is to be seen as columns; else one of its answers was gone on with.
    ``tag`` is the kind of task. ``is_blind`` says that the names of each turn are hidden until the
    vote on it, ``is_hidden`` that this vote is still to come.
    """

    session_id: str
    turn: int
    seats: tuple[Seat, ...]
    is_open: bool = True
    tag: str = ""
    is_blind: bool = False
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """One model over the turns of a comparison; times in seconds, rates in tokens a second.

    ``answers`` are whole ones, ``stopped`` those that somebody did not wait for. ``cost`` is that
    of all that was answered, in part too; None where nothing was, or the price is not known.
    """

    model: str
    answers: int
    stopped: int
    failures: int
    wins: int
    median_first_s: float | None
    p95_first_s: float | None
    median_rate: float | None
    cost: Decimal | None


def score(
    model: str,
    answers: Sequence[Figures],
    *,
    failures: int,
    votes: Iterable[Vote],
    partial: Sequence[Message] = (),
) -> Score:
    """Sum one model's answers and votes up.

    Args:
        model: Who answered.
        answers: The figures of its whole answers.
        failures: How many of its turns ended in an error.
        votes: All that were given here.
        partial: Its answers that were stopped or broke off.
    """
    first = [fig.first_token_s for fig in answers if fig.first_token_s is not None]
    rates = [fig.rate for fig in answers if fig.rate is not None]
    costs = [fig.cost for fig in (*answers, *map(figures_of, partial))]
    told = [cost for cost in costs if cost is not None]
    return Score(
        model,
        len(answers),
        sum(answer.state is State.STOPPED for answer in partial),
        failures,
        sum(vote.winner == model for vote in votes),
        quantile(first, 0.5),
        quantile(first, 0.95),
        quantile(rates, 0.5),
        sum(told, Decimal(0)) if costs and len(told) == len(costs) else None,
    )


def quantile(values: Sequence[float], share: float) -> float | None:
    """The value below which a share of all lies, between neighbours in proportion.

    >>> quantile([3.0, 1.0, 2.0], 0.5), quantile([1.0, 2.0], 0.95), quantile([], 0.5)
    (2.0, 1.95, None)
    """
    if not values:
        return None
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])

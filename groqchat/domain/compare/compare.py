"""Comparisons of models: figures of answers, votes and notes, scores, and the stored record."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from groqchat.domain.compare.rules import variant_name
from groqchat.domain.text.humanize import UNKNOWN, count, duration, exact_money, speed
from groqchat.domain.turns.chat import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.turns.chat import Message, Options

Number = int | float | Decimal
Sum = TypeVar("Sum", int, float, Decimal)


@dataclass(frozen=True, slots=True)
class Figures:
    """Time, tokens and cost of one answer; None where a figure is unknown.

    Times are in seconds since the request was sent. Rates are in completion tokens a second:
    ``rate`` over the time in which the answer arrived, ``server_rate`` over the server's own
    ``completion_time``. ``length`` is in characters. ``is_estimated`` says that the server did not
    count the tokens.
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

    @property
    def is_rough(self) -> bool:
        """True for those of an answer that grows, whose length is not known yet."""
        return self.length is None


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


def of_rounds(rounds: Sequence[Figures]) -> Figures:
    """The figures of a turn in which tools were called: those of its answers together.

    The rates and the length are the last answer's; what is unknown of one is unknown of all.
    """
    first, last = rounds[0], rounds[-1]
    if first is last:
        return last

    def total(of: Callable[[Figures], Sum | None]) -> Sum | None:
        known = [value for value in map(of, rounds) if value is not None]
        return sum(known[1:], known[0]) if len(known) == len(rounds) else None

    return replace(
        last,
        first_token_s=first.first_token_s,
        total_s=total(lambda each: each.total_s),
        prompt_tokens=total(lambda each: each.prompt_tokens),
        cached_tokens=total(lambda each: each.cached_tokens),
        completion_tokens=total(lambda each: each.completion_tokens),
        reasoning_tokens=total(lambda each: each.reasoning_tokens),
        cost=total(lambda each: each.cost),
        is_estimated=any(each.is_estimated for each in rounds),
    )


class Better(StrEnum):
    """The direction in which a figure is better; lengths and token counts have none."""

    LESS = "less"
    MORE = "more"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of figures: its label, its value, which value is best, and how it is written.

    ``is_counted`` says that the value depends on the server's count of tokens.
    """

    label: str
    of: Callable[[Figures], Number | None]
    better: Better
    words: Callable[[Number], str]
    is_counted: bool = True

    def text(self, figures: Figures) -> str:
        """The figure in words."""
        value = self.of(figures)
        if value is None:
            return UNKNOWN
        about = "≈ " if self.is_counted and figures.is_estimated else ""
        return f"{about}{self.words(value)}"

    def best(self, columns: Sequence[Figures]) -> frozenset[int]:
        """The places of the best figures; empty where all are equal."""
        values = [self.of(figures) for figures in columns]
        return best_places(values, list(map(self.text, columns)), self.better)


def best_places(
    values: Sequence[Number | None], written: Sequence[str], better: Better
) -> frozenset[int]:
    """The indexes of the best values; empty if all known values are equal.

    Values displayed alike count as equal.

    Args:
        values: A value for each column; None is unknown.
        written: Each value as it is displayed.
        better: Whether more or less is better.
    """
    known = {place: value for place, value in enumerate(values) if value is not None}
    if better is Better.NEITHER or not known:
        return frozenset()
    best = (min if better is Better.LESS else max)(known, key=lambda place: known[place])
    alike = frozenset(
        place for place in known if written[place] == written[best] or known[place] == known[best]
    )
    return alike if len(alike) < len(known) else frozenset()


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
"""The rows of figures, the most important first."""


class Verdict(StrEnum):
    """The judgement on the answers to one prompt."""

    WINNER = "winner"
    TIE = "tie"
    ALL_BAD = "all_bad"


@dataclass(frozen=True, slots=True)
class Vote:
    """The user's judgement on one turn; ``winner`` is set with the verdict of that name only.

    ``turn`` counts from 1 within the session of the comparison; ``time`` is a Unix time; ``models``
    are those with a complete answer. ``tag`` names the kind of task, such as ``code``.
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
    """The user's note on one turn; the other fields are those of `Vote`."""

    session_id: str
    turn: int
    time: float
    text: str
    tag: str = ""


@dataclass(frozen=True, slots=True)
class SavedColumn:
    """One column of a comparison as it is stored.

    ``prompt_id`` is the message of its last prompt, ``failures`` the number of turns that ended in
    an error, ``error`` the error of the last turn. ``variant`` are the parameters that tell it from
    other columns of its model, as they were written.
    """

    options: Options
    prompt_id: str | None = None
    failures: int = 0
    error: GroqchatError | None = None
    variant: str = ""

    @property
    def name(self) -> str:
        """The model, with what tells the column from others of it."""
        return variant_name(self.options.model, self.variant)


@dataclass(frozen=True, slots=True)
class ComparisonRecord:
    """A comparison as it is stored, so that it can be opened again.

    ``is_open`` says that the session opens as columns; it is false once the chat went on with an
    answer. ``tag`` is the kind of task. ``is_blind`` says that names are hidden until the vote of
    each turn, ``is_hidden`` that the vote of the present turn is still to come.
    """

    session_id: str
    turn: int
    columns: tuple[SavedColumn, ...]
    is_open: bool = True
    tag: str = ""
    is_blind: bool = False
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """The sums of one model over a comparison; times in seconds, rates in tokens a second.

    ``answers`` counts complete answers, ``stopped`` those that the user stopped. ``cost`` includes
    partial answers; None where there is no answer, or a price is unknown.
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
    """Sum up one model's answers and votes.

    Args:
        model: The id of the model.
        answers: The figures of its complete answers.
        failures: The number of its turns that ended in an error.
        votes: All votes of the comparison.
        partial: The model's answers that were stopped or broke off.
    """
    first = [fig.first_token_s for fig in answers if fig.first_token_s is not None]
    rates = [fig.rate for fig in answers if fig.rate is not None]
    costs = [fig.cost for fig in (*answers, *map(figures_of, partial))]
    known_costs = [cost for cost in costs if cost is not None]
    return Score(
        model,
        len(answers),
        sum(answer.state is State.STOPPED for answer in partial),
        failures,
        sum(vote.winner == model for vote in votes),
        quantile(first, 0.5),
        quantile(first, 0.95),
        quantile(rates, 0.5),
        sum(known_costs, Decimal(0)) if costs and len(known_costs) == len(costs) else None,
    )


def quantile(values: Sequence[float], share: float) -> float | None:
    """The quantile of some values, interpolated between neighbours; None without values.

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

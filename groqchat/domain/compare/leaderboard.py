"""The leaderboard: Bradley–Terry ratings of models from the user's votes, with intervals."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from groqchat.domain.compare.compare import Verdict
from groqchat.domain.compare.rules import model_in, parameters_in
from groqchat.domain.text.humanize import count
from groqchat.domain.text.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from groqchat.domain.compare.compare import Vote

AVERAGE = 1000.0
"""The mean rating of all models on a board."""
POINTS_PER_DECADE = 400.0
"""A lead of this many points means odds of ten to one, as with Elo."""
ALONE = "No model is rated yet: no vote so far was on whole answers of two different models."
"""The sentence where there are votes, but no ratings."""
Z95 = 1.96
# Every model is taken to have tied once with an average opponent: without that, a model that only
# wins would be infinitely good, and models that never met could not be put in order.
_PRIOR_GAMES, _PRIOR_WINS = 1.0, 0.5
_MOST_ROUNDS = 2_000
_SETTLED = 1e-10

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Rank:
    """One model's rating with the bounds of a 95 % interval, and its record.

    ``wins``, ``ties`` and ``losses`` count pairs: a vote on four answers is three wins for the
    winner.
    """

    model: str
    rating: float
    low: float
    high: float
    wins: int
    ties: int
    losses: int


def leaderboard(votes: Iterable[Vote], tag: str | None = None) -> tuple[Rank, ...]:
    """Rate every model that was voted on against another, the best first.

    Args:
        votes: The votes. In a tie, and where all answers were bad, every pair of models shares a
            win.
        tag: The kind of task whose votes count; None for all votes.
    """
    met = meetings(vote for vote in votes if tag is None or vote.tag == tag)
    models = sorted({model for pair in met for model in pair})
    strengths = _strengths(models, met)
    errors = _standard_errors(models, met, strengths)
    logs = {model: math.log10(strength) for model, strength in strengths.items()}
    mean = sum(logs.values()) / len(models) if models else 0.0
    ranks = [_rank(model, logs[model] - mean, errors[model], met) for model in models]
    return tuple(sorted(ranks, key=lambda rank: (-rank.rating, rank.model)))


@dataclass(slots=True)
class Meeting:
    """The numbers of times that the first model of a pair won, tied and lost."""

    wins: int = 0
    ties: int = 0
    losses: int = 0

    @property
    def games(self) -> int:
        """The number of votes on both."""
        return self.wins + self.ties + self.losses

    @property
    def points(self) -> float:
        """The wins of the first model, with half a win for a tie."""
        return self.wins + self.ties / 2


def meetings(votes: Iterable[Vote]) -> Mapping[Pair, Meeting]:
    """The meeting of each pair of models, whose names are in alphabetical order."""
    found: dict[Pair, Meeting] = {}
    for vote in votes:
        for first, second in combinations(sorted(set(vote.models)), 2):
            if vote.verdict is Verdict.WINNER and vote.winner not in {first, second}:
                continue
            meeting = found.setdefault((first, second), Meeting())
            if vote.verdict is not Verdict.WINNER:
                meeting.ties += 1
            elif vote.winner == first:
                meeting.wins += 1
            else:
                meeting.losses += 1
    return found


def _strengths(models: Sequence[str], meetings: Mapping[Pair, Meeting]) -> Mapping[str, float]:
    """The most likely strength of each model; that of the average opponent is 1.

    By minorisation and maximisation (Hunter 2004): ``s = points / Σ games / (s + s_other)``.
    """
    points = dict.fromkeys(models, _PRIOR_WINS)
    for (first, second), meeting in meetings.items():
        points[first] += meeting.points
        points[second] += meeting.games - meeting.points
    strengths = dict.fromkeys(models, 1.0)
    for _ in range(_MOST_ROUNDS):
        weights = {model: _PRIOR_GAMES / (strengths[model] + 1) for model in models}
        for (first, second), meeting in meetings.items():
            weight = meeting.games / (strengths[first] + strengths[second])
            weights[first] += weight
            weights[second] += weight
        better = {model: points[model] / weights[model] for model in models}
        change = max((abs(better[m] / strengths[m] - 1) for m in models), default=0.0)
        strengths = better
        if change < _SETTLED:
            break
    return strengths


def _standard_errors(
    models: Sequence[str], meetings: Mapping[Pair, Meeting], strengths: Mapping[str, float]
) -> Mapping[str, float]:
    """The standard error of each strength's logarithm, measured from the mean of all models.

    The errors come from the inverse of the Fisher information. They are measured from the mean,
    since votes show only differences between models; the distance of all models from the average
    opponent would add an uncertainty without meaning.
    """
    place = {model: number for number, model in enumerate(models)}
    information = [[0.0] * len(models) for _ in models]
    for model, at in place.items():
        information[at][at] = _information(_PRIOR_GAMES, strengths[model], 1.0)
    for (first, second), meeting in meetings.items():
        known = _information(meeting.games, strengths[first], strengths[second])
        here, there = place[first], place[second]
        information[here][here] += known
        information[there][there] += known
        information[here][there] -= known
        information[there][here] -= known
    covariance = _inverse(information)
    means = [sum(row) / len(models) for row in covariance]
    common = sum(means) / len(models) if models else 0.0
    # What is nothing may have become a little less by rounding.
    return {
        model: math.sqrt(max(0.0, covariance[at][at] - 2 * means[at] + common))
        for model, at in place.items()
    }


def _information(games: float, strength: float, other: float) -> float:
    share = strength / (strength + other)
    return games * share * (1 - share)


def _inverse(matrix: Sequence[Sequence[float]]) -> list[list[float]]:
    """The inverse of a positive definite matrix, by Gauss–Jordan elimination."""
    size = len(matrix)
    rows = [[*row, *(float(at == other) for other in range(size))] for at, row in enumerate(matrix)]
    for at in range(size):
        pivot = rows[at][at]
        rows[at] = [value / pivot for value in rows[at]]
        for other in range(size):
            if other != at:
                factor = rows[other][at]
                rows[other] = [
                    value - factor * own for value, own in zip(rows[other], rows[at], strict=True)
                ]
    return [row[size:] for row in rows]


def _rank(model: str, decades: float, error: float, meetings: Mapping[Pair, Meeting]) -> Rank:
    total: Counter[str] = Counter()
    for (first, second), meeting in meetings.items():
        if model in {first, second}:
            is_first = model == first
            total["wins"] += meeting.wins if is_first else meeting.losses
            total["losses"] += meeting.losses if is_first else meeting.wins
            total["ties"] += meeting.ties
    rating = AVERAGE + POINTS_PER_DECADE * decades
    margin = Z95 * error * POINTS_PER_DECADE / math.log(10)
    return Rank(
        model, rating, rating - margin, rating + margin,
        total["wins"], total["ties"], total["losses"],
    )  # fmt: skip


def tags_of(votes: Iterable[Vote]) -> tuple[str, ...]:
    """The tags of all votes, each once, in alphabetical order."""
    return tuple(sorted({vote.tag for vote in votes if vote.tag}))


def unknown_tag(tag: str, tags: Sequence[str]) -> str:
    """The sentences about a tag that no vote has, with those that votes have."""
    there = f"Tags with votes: {', '.join(tags)}." if tags else "No vote has a tag."
    return f"No vote has the tag {tag!r}{did_you_mean(tag, tags) or '.'} {there}"


def number_of_bad(votes: Iterable[Vote]) -> int:
    """The number of votes that called all answers bad."""
    return sum(vote.verdict is Verdict.ALL_BAD for vote in votes)


def bad_words(votes: Iterable[Vote]) -> str:
    """A sentence on the votes that called all answers bad; empty where there are none."""
    number = number_of_bad(votes)
    says, counts = ("says", "counts") if number == 1 else ("say", "count")
    return f"{count(number)} {says} all bad, and {counts} as a tie." if number else ""


def rank_rows(ranks: Iterable[Rank]) -> Iterator[dict[str, object]]:
    """The JSON objects of ranks, with ratings in whole points."""
    for place, rank in enumerate(ranks, 1):
        yield {
            "place": place,
            "model": model_in(rank.model),
            "variant": parameters_in(rank.model) or None,
            "rating": round(rank.rating),
            "low": round(rank.low),
            "high": round(rank.high),
            "wins": rank.wins,
            "ties": rank.ties,
            "losses": rank.losses,
        }

"""What votes show about the order of two models, by the votes in which one of them won.

A vote is a pair of answers to one prompt, so that McNemar's exact test says whether the wins fall
to both models alike; Holm's correction covers all pairs of the board. Ties say nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from groqchat.domain.compare.leaderboard import meetings
from groqchat.domain.compare.rules import model_in, parameters_in
from groqchat.domain.statistics.comparison import ALPHA
from groqchat.domain.statistics.paired_tests import holm, mcnemar
from groqchat.domain.statistics.sample_size import pairs_for_share
from groqchat.domain.text.humanize import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from groqchat.domain.compare.compare import Vote
    from groqchat.domain.compare.leaderboard import Pair, Rank

_SHOWN_WINS = 7
"""The wins of ten votes whose number of votes is named."""
_MOST_SENTENCES = 5


@dataclass(frozen=True, slots=True)
class VotedPair:
    """The votes on two models: the wins of each, and what they show.

    ``p_value`` is that of McNemar's test, ``adjusted`` the one over all pairs. ``more_votes`` are
    those that are missing to find, with a probability of 0.8, a model that wins 7 of 10.
    """

    first: str
    second: str
    wins: int
    losses: int
    p_value: float
    adjusted: float
    more_votes: int

    @property
    def is_shown(self) -> bool:
        """True if one of them wins more often than chance would have it."""
        return self.adjusted <= ALPHA


def voted_pairs(votes: Iterable[Vote]) -> list[VotedPair]:
    """The pairs of models that were voted on together, in alphabetical order."""
    found = sorted(meetings(votes).items())
    p_values = [mcnemar(met.wins, met.losses) for _, met in found]
    adjusted = holm(p_values)
    left = len(found) - sum(each <= ALPHA for each in adjusted)
    lead = (2 * _SHOWN_WINS - 10) / 10
    needed = math.ceil(pairs_for_share(1.0, lead, ALPHA / max(1, left)))
    return [
        VotedPair(
            first, second, met.wins, met.losses, p_value, corrected,
            max(0, needed - met.wins - met.losses),
        )
        for ((first, second), met), p_value, corrected in zip(
            found, p_values, adjusted, strict=True
        )
    ]  # fmt: skip


def order_sentences(votes: Iterable[Vote], ranks: Sequence[Rank]) -> Iterator[str]:
    """Sentences on models that are neighbours on the board, the best first."""
    pairs: Mapping[Pair, VotedPair] = {
        (each.first, each.second): each for each in voted_pairs(votes)
    }
    for better, worse in list(pairwise(ranks))[:_MOST_SENTENCES]:
        names = sorted((better.model, worse.model))
        pair = pairs.get((names[0], names[1]))
        yield _sentence(better.model, worse.model, pair)


def _sentence(better: str, worse: str, pair: VotedPair | None) -> str:
    if pair is None:
        return f"No order of {better} and {worse} is shown: no vote was on both."
    wins, losses = pair.wins, pair.losses
    if better != pair.first:
        wins, losses = losses, wins
    if pair.is_shown and wins > losses:
        return f"{better} is shown to be better than {worse}: it won {wins} of {wins + losses}."
    told = f"No order of {better} and {worse} is shown ({count(wins)} to {count(losses)} votes)."
    if not pair.more_votes:
        return f"{told} A model that wins {_SHOWN_WINS} of 10 would probably have been found."
    more = count(pair.more_votes)
    return f"{told} About {more} more would show one that wins {_SHOWN_WINS} of 10."


def pair_rows(pairs: Iterable[VotedPair]) -> Iterator[dict[str, object]]:
    """The JSON objects of pairs."""
    for pair in pairs:
        yield {
            "first": _named(pair.first),
            "second": _named(pair.second),
            "wins": pair.wins,
            "losses": pair.losses,
            "p": pair.p_value,
            "adjusted_p": pair.adjusted,
            "shown": pair.is_shown,
            "more_votes": pair.more_votes,
        }


def _named(name: str) -> dict[str, str | None]:
    return {"model": model_in(name), "variant": parameters_in(name) or None}

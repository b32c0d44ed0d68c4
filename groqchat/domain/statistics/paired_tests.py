"""Tests of paired values, exact where that is cheap, and the correction for many of them.

A prompt that two columns answer is a pair; its difference is positive where the second column has
more. All p-values are two-sided. No library that is light enough has these tests: SciPy 1.17.1 is
220 MB with NumPy, and takes 0.9 s of processor time to import.
"""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import accumulate, groupby
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_EXACT = 50
"""Up to so many differences that are not 0, the ranks' own distribution is used."""
# Differences that are equal but for the rounding of floating point have one rank.
DIGITS = 12


def mcnemar(gained: int, lost: int) -> float:
    """The exact test of McNemar (1947): whether pairs that differ fall to both sides alike.

    It is the binomial test of a fair coin; the smaller tail is doubled.

    Args:
        gained: The number of pairs in which only the second is a success.
        lost: The number of pairs in which only the first is one.

    >>> mcnemar(1, 7), mcnemar(0, 0)
    (0.0703125, 1.0)
    """
    number = gained + lost
    term = tail = 1
    for successes in range(min(gained, lost)):
        term = term * (number - successes) // (successes + 1)
        tail += term
    return min(1.0, 2 * tail / (1 << number))


def signed_rank(differences: Sequence[float]) -> float:
    """The signed-rank test of Wilcoxon (1945): whether differences lie around 0 symmetrically.

    Differences of 0 are left out, and equal ones share the mean of their ranks. Up to `MOST_EXACT`
    differences, the p-value is exact, given these ranks; beyond, it is that of the normal
    approximation with the correction for ties (Lehmann 1975, Nonparametrics, section 3.2).

    Args:
        differences: The difference of each pair.
    """
    known = [value for each in differences if (value := round(each, DIGITS))]
    ranks = _doubled_ranks([abs(value) for value in known])
    positive = sum(rank for value, rank in zip(known, ranks, strict=True) if value > 0)
    smaller = min(positive, sum(ranks) - positive)
    if len(set(ranks)) <= 1:  # a coin for each pair
        gained = sum(value > 0 for value in known)
        return mcnemar(gained, len(known) - gained)
    if len(ranks) <= MOST_EXACT:
        return min(1.0, 2 * _share_up_to(smaller, ranks))
    distance = sum(ranks) / 2 - smaller
    deviation = math.sqrt(sum(rank * rank for rank in ranks)) / 2
    return math.erfc(distance / deviation / math.sqrt(2))


def _doubled_ranks(sizes: Sequence[float]) -> list[int]:
    """Twice the rank of each size, from 1; equal sizes share the mean, whose double is whole."""
    order = sorted(range(len(sizes)), key=sizes.__getitem__)
    ranks = [0] * len(sizes)
    smaller = 0
    for _, alike in groupby(order, key=sizes.__getitem__):
        places = list(alike)
        for place in places:
            ranks[place] = 2 * smaller + len(places) + 1
        smaller += len(places)
    return ranks


def _share_up_to(most: int, ranks: Sequence[int]) -> float:
    """The share of all choices of signs whose positive ranks have a sum of at most so much."""
    return sum(_ways(ranks, most)) / (1 << len(ranks))


def _ways(ranks: Iterable[int], most: int) -> list[int]:
    """The number of choices among ranks with each sum from 0 to so much."""
    ways = [1] + [0] * most
    for rank in ranks:
        for total in range(most, rank - 1, -1):
            ways[total] += ways[total - rank]
    return ways


@lru_cache(maxsize=64)
def most_signed_rank(number: int, tail: float = 0.025) -> int:
    """The largest sum of positive ranks in a tail; -1 where even 0 is too probable.

    Args:
        number: The number of differences, without ties.
        tail: The probability of the tail.
    """
    if number > MOST_EXACT:
        mean, square = number * (number + 1) / 4, number * (number + 1) * (2 * number + 1) / 24
        return math.floor(mean + NormalDist().inv_cdf(tail) * math.sqrt(square))
    ways = _ways(range(1, number + 1), number * (number + 1) // 4)
    reached = accumulate(ways)
    return sum(each <= tail * (1 << number) for each in reached) - 1


def holm(p_values: Sequence[float]) -> list[float]:
    """The p-values, corrected for their number by Holm's method (1979).

    Whatever is true, none of those up to 0.05 is wrong with a probability of 0.95.

    >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03, 0.005])]
    [0.03, 0.06, 0.06, 0.02]
    """
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    adjusted = [0.0] * len(p_values)
    reached = 0.0
    for place, at in enumerate(order):
        reached = max(reached, min(1.0, (len(order) - place) * p_values[at]))
        adjusted[at] = reached
    return adjusted

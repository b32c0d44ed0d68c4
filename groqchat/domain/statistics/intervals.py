"""95 % intervals whose unit is the prompt, all of them without chance: a report does not change.

The bootstrap of a median needs no random numbers, since the distribution of its resamples is
known. The bootstrap of a share would call 20 of 20 certain (100 % to 100 %); shares get intervals
that hold there too.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist, median
from typing import TYPE_CHECKING

from groqchat.domain.statistics.paired_tests import DIGITS, most_signed_rank

if TYPE_CHECKING:
    from collections.abc import Sequence

FEWEST = 6
"""With fewer values, no interval for a median holds in 95 of 100 cases."""
LEVEL = 0.95
_TAIL = (1 - LEVEL) / 2
# A range of 1 becomes shorter than a rounded value.
_HALVINGS = 45
Z95 = NormalDist().inv_cdf(1 - _TAIL)


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with the bounds of its 95 % interval, which are None below `FEWEST` values."""

    value: float
    low: float | None
    high: float | None


def median_interval(values: Sequence[float]) -> Interval:
    """A median with the percentile interval of its bootstrap.

    The resamples' median is at most the k-th value with the probability that a binomial variable of
    n draws with chance k/n reaches the middle (Efron 1979, The Annals of Statistics 7, section 3).
    A few values make this interval too short; it is never shorter than the one that holds for all
    distributions, between values that a fair coin would leave outside in 5 of 100 cases at most
    (Conover 1999, Practical Nonparametric Statistics, section 3.2).

    Args:
        values: At least one value.
    """
    if len(values) < FEWEST:
        return Interval(median(values), None, None)
    ordered = sorted(values)
    outside = _values_outside(len(values))
    return Interval(median(ordered), ordered[outside], ordered[-1 - outside])


@lru_cache(maxsize=64)
def _values_outside(number: int) -> int:
    """The number of values below the interval of a median, and above it, of so many values."""
    middle = (number + 1) // 2

    def is_inside(place: int) -> bool:
        """Whether the value in this place, from 0, belongs to the interval."""
        by_resamples = at_least(middle, number, (place + 1) / number)
        return by_resamples >= _TAIL or at_least(number - place - 1, number, 0.5) > _TAIL

    return bisect_left(range(middle), True, key=is_inside)


def at_least(successes: int, trials: int, chance: float) -> float:
    """The probability of at least so many successes, each with a chance between 0 and 1."""
    yes, no = math.log(chance), math.log1p(-chance)
    return math.fsum(
        math.exp(log_ways(trials, number) + number * yes + (trials - number) * no)
        for number in range(successes, trials + 1)
    )


def log_ways(trials: int, successes: int) -> float:
    """The logarithm of the number of ways to choose so many of so many."""
    return (
        math.lgamma(trials + 1) - math.lgamma(successes + 1) - math.lgamma(trials - successes + 1)
    )


def share_interval(shares: Sequence[float], repeats: int = 1) -> Interval:
    """The mean of shares, one a prompt, with Wilson's score interval (1927).

    Where a prompt was asked several times, its share lies between 0 and 1, and the number of values
    is that of single answers with the same variance: at least one a prompt, at most all of them.

    Args:
        shares: For each prompt, the share of its answers that are a success; at least one.
        repeats: The number of times that a prompt was asked at most.
    """
    number, mean = len(shares), sum(shares) / len(shares)
    spread = sum((share - mean) ** 2 for share in shares) / number
    alone = mean * (1 - mean)
    weight = min(float(repeats), alone / spread) if spread and alone else 1.0
    if not spread and alone:
        weight = float(repeats)
    return Interval(mean, *wilson(mean, number * max(1.0, weight)))


def wilson(share: float, number: float, z: float = Z95) -> tuple[float, float]:
    """The bounds of a share of so many answers (Wilson 1927, JASA 22, 209–212).

    >>> tuple(round(bound, 4) for bound in wilson(81 / 263, 263))
    (0.2553, 0.3662)
    """
    square = z * z / number
    middle = (share + square / 2) / (1 + square)
    margin = z / (1 + square) * math.sqrt(share * (1 - share) / number + square / number / 4)
    return max(0.0, middle - margin), min(1.0, middle + margin)


def paired_interval(differences: Sequence[float]) -> Interval:
    """The mean difference of paired shares, with the interval of Bonett and Price (2012).

    It is Wald's, after one pair was added that differs to each side (Journal of Educational and
    Behavioral Statistics 37, 479–488).

    Args:
        differences: For each prompt, the difference of two shares; at least one.
    """
    number, total = len(differences) + 2, sum(differences)
    centre = total / number
    squares = sum(each * each for each in differences) + 2
    margin = Z95 * math.sqrt(max(0.0, squares / number - centre * centre) / number)
    return Interval(total / len(differences), max(-1.0, centre - margin), min(1.0, centre + margin))


def typical_interval(values: Sequence[float]) -> Interval:
    """The centre of values by Hodges and Lehmann, with the interval that goes with Wilcoxon's test.

    The centre is the median of the means of all pairs, each value with itself too. The bounds are
    those of these means that the test would not tell from the centre (Hodges and Lehmann 1963, The
    Annals of Mathematical Statistics 34; Hollander and Wolfe 1999, section 3.3).

    Args:
        values: At least one value.
    """
    ordered = sorted(values)
    number = len(ordered)
    pairs = number * (number + 1) // 2
    middle = [_mean_of_pair(ordered, place) for place in {(pairs + 1) // 2, pairs // 2 + 1}]
    if number < FEWEST:
        return Interval(sum(middle) / len(middle), None, None)
    place = most_signed_rank(number) + 1
    low, high = _mean_of_pair(ordered, place), _mean_of_pair(ordered, pairs + 1 - place)
    return Interval(sum(middle) / len(middle), low, high)


def _mean_of_pair(ordered: Sequence[float], place: int) -> float:
    """The mean of a pair in a place, from 1, among all in their order; found by halving a range."""
    below, above = ordered[0], ordered[-1]
    if below == above or _means_up_to(ordered, below) >= place:
        return below
    for _ in range(_HALVINGS):
        tried = (below + above) / 2
        if _means_up_to(ordered, tried) >= place:
            above = tried
        else:
            below = tried
    return round(above, DIGITS)


def _means_up_to(ordered: Sequence[float], most: float) -> int:
    """The number of pairs, each value with itself too, whose mean is at most so much."""
    number, last = 0, len(ordered) - 1
    for first, value in enumerate(ordered):
        while last >= first and value + ordered[last] > 2 * most:
            last -= 1
        if last < first:
            break
        number += last - first + 1
    return number

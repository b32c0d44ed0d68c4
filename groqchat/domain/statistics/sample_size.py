"""The number of prompts that shows a difference of a certain size, from those that are there.

The spread is not known but estimated from a few prompts; its upper 80 % limit is taken, so that the
number is seldom too small (Browne 1995, Statistics in Medicine 14, 1933–1940).
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

from groqchat.domain.statistics.intervals import FEWEST, Z95, wilson

if TYPE_CHECKING:
    from collections.abc import Sequence

POWER = 0.8
"""The probability with which the difference is found."""
_NORMAL = NormalDist()
_Z_POWER = _NORMAL.inv_cdf(POWER)
_Z_LIMIT = _NORMAL.inv_cdf(0.8)


def pairs_for_share(discordant: float, difference: float, alpha: float) -> float:
    """The number of pairs in which McNemar's test finds a difference of shares.

    Connor (1987), Biometrics 43, 207–211; ``1 / difference`` more, since the exact test decides by
    whole pairs (Fleiss' correction for continuity).

    Args:
        discordant: The share of pairs that differ; at least the difference.
        difference: The difference of the shares, above 0.
        alpha: The level of the two-sided test.
    """
    z = _NORMAL.inv_cdf(1 - alpha / 2)
    unequal = math.sqrt(max(0.0, discordant - difference**2))
    pairs = ((z * math.sqrt(discordant) + _Z_POWER * unequal) / difference) ** 2
    return pairs + 1 / difference


def prompts_for_share(differences: Sequence[float], difference: float, alpha: float) -> int:
    """The number of prompts that shows a difference of shares.

    Args:
        differences: The differences of the prompts that are there; at least one.
        difference: The difference to be shown, above 0.
        alpha: The level of the two-sided test.
    """
    number = len(differences)
    discordant = sum(each * each for each in differences) / number
    most = max(difference, wilson(min(1.0, discordant), number, _Z_LIMIT)[1])
    return math.ceil(pairs_for_share(most, difference, alpha))


def prompts_for_ratio(low: float, high: float, number: int, ratio: float, alpha: float) -> int:
    """The number of prompts in which the signed-rank test finds a ratio of figures.

    The spread is read off the length of the interval that goes with the test (Lehmann 1963, The
    Annals of Mathematical Statistics 34, 1507–1512), which a few extreme prompts do not change.
    The small number that comes on top is Guenther's (1981, The American Statistician 35, 243–244).

    Args:
        low: The lower bound of the ratio over the prompts that are there, above 0.
        high: The upper bound.
        number: The number of these prompts, at least `FEWEST`.
        ratio: The ratio to be shown, above 1.
        alpha: The level of the two-sided test.
    """
    spread = math.log(high / low) / 2 / Z95 * math.sqrt(number)
    limit = (number - 1) / chi_square(1 - POWER, number - 1)
    z = _NORMAL.inv_cdf(1 - alpha / 2)
    pairs = limit * ((z + _Z_POWER) * spread / math.log(ratio)) ** 2
    return max(FEWEST, math.ceil(pairs + z * z / 2))


def chi_square(share: float, degrees: int) -> float:
    """A quantile of the chi-square distribution, by the cube root of Wilson and Hilferty (1931).

    >>> round(chi_square(0.2, 10), 2)
    6.18
    """
    part = 2 / (9 * degrees)
    return degrees * max(1e-3, 1 - part + _NORMAL.inv_cdf(share) * math.sqrt(part)) ** 3

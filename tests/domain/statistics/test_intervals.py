"""Intervals against published examples, SciPy and statsmodels, and how often they hold."""

import random
from statistics import median

import pytest

from groqchat.domain.statistics.intervals import (
    Interval,
    median_interval,
    paired_interval,
    share_interval,
    typical_interval,
    wilson,
)
from tests.domain.statistics.test_paired_tests import DEPRESSION

SKEWED = [
    1.38, 2.03, 0.61, 1.78, 1.24, 2.01, 0.53, 0.24, 0.36, 0.57, 1.71, 0.82, 0.67, 0.84, 3.0, 0.56,
    4.53, 0.29, 0.55, 2.35, 1.68, 0.43, 0.9, 0.49, 2.34,
]  # fmt: skip


def test_the_bootstrap_of_a_median_is_that_of_resamples():
    # SciPy 1.17.1, bootstrap(np.median, n_resamples=200_000, method="percentile")
    assert median_interval(SKEWED) == Interval(0.84, 0.56, 1.71)


@pytest.mark.parametrize("number", [20, 31])
def test_the_bootstrap_of_a_median_needs_no_chance(number):
    drawn = random.Random(number)
    values = [drawn.gauss(0, 1) for _ in range(number)]
    medians = sorted(median(drawn.choices(values, k=number)) for _ in range(4_000))
    found = median_interval(values)
    assert abs(found.low - medians[100]) < 0.25
    assert abs(found.high - medians[-101]) < 0.25


def test_few_values_have_a_wide_interval_or_none():
    assert median_interval([3.0, 1.0, 2.0]) == Interval(2.0, None, None)
    assert typical_interval([3.0, 1.0, 2.0]) == Interval(2.0, None, None)
    # Between the k-th smallest and largest of n values: Conover (1999), table A3
    for number, outside in ((6, 0), (8, 0), (9, 1), (10, 1), (15, 3), (20, 5), (50, 17)):
        found = median_interval([float(value) for value in range(number)])
        assert (found.low, found.high) == (outside, number - 1 - outside)


def test_the_interval_of_a_typical_difference_is_that_of_the_textbook():
    # Hollander and Wolfe (1999), examples 3.3 and 3.4
    found = typical_interval(DEPRESSION)
    assert (found.value, found.low, found.high) == pytest.approx((-0.46, -0.786, -0.010))


def test_the_interval_of_a_typical_difference_is_made_of_all_means_of_pairs():
    values = [round(each - 1, 2) for each in SKEWED] * 2
    means = sorted((values[i] + values[j]) / 2 for i in range(50) for j in range(i, 50))
    found = typical_interval(values)
    assert found.value == pytest.approx(median(means))
    # For 50 pairs the table has 434.
    assert (found.low, found.high) == pytest.approx((means[434], means[-435]))
    assert typical_interval([2.0] * 9) == Interval(2.0, 2.0, 2.0)
    assert typical_interval([0.0] * 50 + [1.0]) == Interval(0.0, 0.0, 0.0)


def test_wilsons_interval():
    assert wilson(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)  # Newcombe (1998)
    # statsmodels 0.15.0, proportion_confint(20, 20, method="wilson")
    assert wilson(1.0, 20) == pytest.approx((0.83887, 1.0), abs=1e-5)


def test_the_prompt_is_the_unit_of_a_share():
    once = share_interval([1.0] * 15 + [0.0] * 5)
    assert (once.value, once.low, once.high) == (0.75, *wilson(0.75, 20))
    # Repeats that are all alike are worth no more; those that differ each time are all worth it.
    assert share_interval([1.0] * 15 + [0.0] * 5, repeats=3) == once
    evenly = share_interval([2 / 3] * 20, repeats=3)
    assert (evenly.low, evenly.high) == pytest.approx(wilson(2 / 3, 60))
    certain = share_interval([1.0] * 20, repeats=3)
    assert certain.low == pytest.approx(wilson(1.0, 20)[0])


def test_the_interval_of_paired_shares():
    # Fagerland et al. (2014), table V: 1 and 7 of 21 pairs differ; Bonett and Price's interval
    found = paired_interval([1.0] * 7 + [-1.0] + [0.0] * 13)
    assert (found.value, found.low, found.high) == pytest.approx((0.2857, 0.0134, 0.5084), abs=5e-5)
    assert paired_interval([0.0] * 10).low == -paired_interval([0.0] * 10).high < 0
    assert paired_interval([1.0] * 4).high == 1.0


@pytest.mark.parametrize("passing", [0.5, 0.9])
def test_intervals_of_shares_hold_in_95_of_100_sets(passing):
    held = 0
    for seed in range(200):
        drawn = random.Random(seed)
        shares = [sum(drawn.random() < passing for _ in range(3)) / 3 for _ in range(30)]
        found = share_interval(shares, repeats=3)
        held += found.low <= passing <= found.high
    assert held >= 184  # 190 are expected, with a standard deviation of 3

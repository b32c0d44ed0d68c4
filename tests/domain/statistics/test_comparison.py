"""What a set shows: equal columns are called so, real differences are found, prompts are the unit.

On a larger scale: `tests/long/test_statistics.py`.
"""

import pytest

from groqchat.domain.statistics.comparison import Measured, Scale, compared
from tests.domain.statistics.simulated import simulated

HUNDRED = range(100)


@pytest.mark.parametrize("prompts", [40, 150])
def test_columns_that_are_equal_are_called_so_in_95_of_100_sets(prompts):
    said = [any(e.is_shown for e in simulated(seed, prompts).differences) for seed in HUNDRED]
    assert said.count(False) >= 95


@pytest.mark.parametrize(("passing", "alike"), [(0.7, 0.6), (0.9, 0.3)])
def test_a_column_that_is_better_by_10_points_is_found_with_as_many_prompts_as_are_named(
    passing, alike
):
    truth = {"lead": 0.1, "passing": passing, "alike": alike, "has_times": False}
    found = 0
    for seed in HUNDRED:
        (checks,) = simulated(seed, 40, **truth).differences
        (larger,) = simulated(1_000 + seed, checks.prompts_needed, **truth).differences
        found += larger.is_shown and larger.has_more == 1
    assert found >= 80


def test_a_column_that_is_faster_by_a_tenth_is_found_with_as_many_prompts_as_are_named():
    found = 0
    for seed in HUNDRED:
        _, times = simulated(seed, 30, ratio=1 / 1.1, spread=0.2).differences
        _, larger = simulated(
            1_000 + seed, times.prompts_needed, ratio=1 / 1.1, spread=0.2
        ).differences
        found += larger.is_shown and larger.has_more == 0
    assert found >= 80


def test_repeats_that_say_the_same_prove_no_more_than_one():
    first, second = ([[float(at % 4 > less)] for at in range(40)] for less in (1, 0))
    (once,) = shares(first, second).differences
    (thrice,) = shares([3 * each for each in first], [3 * each for each in second]).differences
    assert once.p_value == thrice.p_value < 0.05
    assert once.prompts == thrice.prompts == 40
    assert once.interval == thrice.interval


def shares(*columns):
    """The statistics of columns by the shares of their prompts, named by their places."""
    named = [{str(at): each for at, each in enumerate(column)} for column in columns]
    return compared([Measured("passed", Scale.DIFFERENCE, named)])


def test_prompts_that_only_one_column_answered_are_not_compared():
    both = [[1.0]] * 8
    (pair,) = shares([*both, [0.0], [0.0]], both).differences
    assert (pair.prompts, pair.interval.value, pair.p_value) == (8, 0.0, 1.0)
    assert shares(both, []).differences == ()
    assert shares(both, []).summary("passed", 1) is None


def test_fewer_than_six_prompts_show_nothing():
    (pair,) = shares([[1.0]] * 5, [[0.0]] * 5).differences
    assert (pair.p_value, pair.prompts_needed, pair.is_shown) == (None, None, False)
    assert (pair.interval.value, pair.interval.low) == (-1.0, None)
    (pair,) = shares([[1.0]] * 6, [[0.0]] * 6).differences
    assert (pair.p_value, pair.is_shown, pair.has_more) == (0.03125, True, 0)


def test_many_columns_are_corrected_together():
    good, bad = [[1.0]] * 6, [[0.0]] * 6
    statistics = shares(good, bad, good)
    assert [each.p_value for each in statistics.differences] == [0.03125, 1.0, 0.03125]
    assert [each.adjusted for each in statistics.differences] == [0.09375, 1.0, 0.09375]
    assert not any(each.is_shown for each in statistics.differences)
    good, bad = [[1.0]] * 12, [[0.0]] * 12
    statistics = shares(good, bad, good)
    assert statistics.better_than("passed", 0, is_more=True) == {1}
    assert statistics.better_than("passed", 1, is_more=False) == {0, 2}
    assert statistics.better_than("passed", 1, is_more=True) == frozenset()


def test_more_comparisons_need_more_prompts():
    column = [[float(place % 3 > 0)] for place in range(30)]
    two, three = shares(column, column[::-1]), shares(column, column[::-1], column)
    assert two.differences[0].more_prompts < three.differences[0].more_prompts


def test_figures_of_nothing_have_no_ratio():
    free, priced = ({str(at): [cost] for at in range(8)} for cost in (0.0, 0.1))
    statistics = compared([Measured("cost_usd", Scale.RATIO, [free, priced])])
    assert statistics.differences == ()
    assert statistics.summary("cost_usd", 0).interval.value == 0.0


def test_a_ratio_is_that_of_a_typical_prompt_whatever_the_prompts_are_like():
    lengths = [1.0, 2.0, 5.0, 40.0, 90.0, 3.0, 7.0, 11.0]
    slow = {at: [length, 3 * length] for at, length in enumerate(lengths)}
    fast = {at: [length] for at, length in enumerate(lengths)}
    (pair,) = compared([Measured("total_s", Scale.RATIO, [slow, fast])]).differences
    assert (pair.interval.value, pair.interval.low, pair.interval.high) == pytest.approx((0.5,) * 3)
    assert pair.p_value == 2 / 2**8
    assert pair.is_shown

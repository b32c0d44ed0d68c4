"""The statistics of sets over thousands of sets of which the truth is known."""

import pytest

from tests.domain.statistics.simulated import simulated

SETS = range(1_000)


@pytest.mark.parametrize("prompts", [10, 60, 300])
def test_columns_that_are_equal_are_called_so(prompts):
    said = [any(e.is_shown for e in simulated(seed, prompts).differences) for seed in SETS]
    assert said.count(False) >= 940  # 950 or more are expected, with a standard deviation of 7


@pytest.mark.parametrize("pilot", [20, 60])
@pytest.mark.parametrize("passing", [0.5, 0.7, 0.9])
@pytest.mark.parametrize("alike", [0.0, 0.6, 0.9])
def test_ten_points_are_found_by_sets_of_the_size_that_is_named(pilot, passing, alike):
    truth = {"lead": 0.1, "passing": passing, "alike": alike, "has_times": False}
    found = 0
    for seed in SETS:
        (checks,) = simulated(seed, pilot, **truth).differences
        (larger,) = simulated(10_000 + seed, checks.prompts_needed, **truth).differences
        found += larger.is_shown and larger.has_more == 1
    assert found >= 800


@pytest.mark.parametrize("spread", [0.1, 0.4])
def test_a_tenth_is_found_by_sets_of_the_size_that_is_named(spread):
    truth = {"ratio": 1 / 1.1, "spread": spread}
    found = 0
    for seed in range(300):
        _, times = simulated(seed, 30, **truth).differences
        _, larger = simulated(10_000 + seed, times.prompts_needed, **truth).differences
        found += larger.is_shown and larger.has_more == 0
    assert found >= 240

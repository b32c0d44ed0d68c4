"""The size of a set, against published formulas and values."""

import pytest

from groqchat.domain.statistics.sample_size import (
    chi_square,
    pairs_for_share,
    prompts_for_ratio,
    prompts_for_share,
)


def test_the_number_of_pairs_is_connors_with_a_correction():
    # Connor (1987), p. 209: 0.45 and 0.05 of the pairs differ to one side: 23 pairs without it
    assert 22 < pairs_for_share(0.5, 0.4, 0.05) - 1 / 0.4 <= 23
    # 0.15 more of 0.45: 155 pairs
    assert 154 < pairs_for_share(0.45, 0.15, 0.05) - 1 / 0.15 <= 155


@pytest.mark.parametrize(
    ("degrees", "quantile"),
    [(5, 2.3425), (10, 6.1791), (19, 13.7158), (59, 49.7182)],  # SciPy 1.17.1, chi2.ppf(0.2, n)
)
def test_quantiles_of_chi_square(degrees, quantile):
    assert chi_square(0.2, degrees) == pytest.approx(quantile, rel=0.01)


def test_less_known_and_more_spread_need_more_prompts():
    steady = [0.0] * 50 + [1.0, -1.0] * 2
    varied = [0.0] * 20 + [1.0, -1.0] * 17
    assert prompts_for_share(varied, 0.1, 0.05) > prompts_for_share(steady, 0.1, 0.05)
    assert prompts_for_share(steady, 0.1, 0.005) > prompts_for_share(steady, 0.1, 0.05)
    assert prompts_for_share(varied[-20:], 0.1, 0.05) > prompts_for_share(varied, 0.1, 0.05)
    near, far = (prompts_for_ratio(1 / by, by, 40, 1.1, 0.05) for by in (1.02, 1.3))
    assert 6 <= near < far

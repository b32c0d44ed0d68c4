"""Tests of pairs against published tables and examples, and against SciPy and statsmodels."""

import math
from itertools import product

import pytest

from groqchat.domain.statistics.paired_tests import holm, mcnemar, most_signed_rank, signed_rank

# Critical values at 2.5 % in each tail for 6 to 62 pairs: OEIS A226330, after Mitic (1996).
CRITICAL = [
    0, 2, 3, 5, 8, 10, 13, 17, 21, 25, 29, 34, 40, 46, 52, 58, 65, 73, 81, 89, 98, 107, 116,
    126, 137, 147, 159, 170, 182, 195, 208, 221, 235, 249, 264, 279, 294, 310, 327, 343,
    361, 378, 396, 415, 434, 453, 473, 494, 514, 536, 557, 579, 602, 625, 648, 672, 697,
]  # fmt: skip
# Hollander and Wolfe (1999), table 3.1: the Hamilton depression scale before and after a drug.
BEFORE = (1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30)
AFTER = (0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29)
DEPRESSION = [after - before for before, after in zip(BEFORE, AFTER, strict=True)]
# Darwin's maize, crossed less self-fertilised (Fisher 1935, The Design of Experiments, chapter 3).
MAIZE = [6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75]


def test_wilcoxons_critical_values_are_those_of_the_tables():
    *exact, last = (most_signed_rank(number) for number in range(6, 6 + len(CRITICAL)))
    assert exact == CRITICAL[:-1]
    assert last == CRITICAL[-1] - 1  # from 51 pairs on by the normal approximation
    assert most_signed_rank(5) == -1  # five pairs show nothing at this level


@pytest.mark.parametrize(
    ("differences", "p_value"),
    [(DEPRESSION, 0.0390625), (MAIZE, 0.041259765625)],  # SciPy 1.17.1, method="exact"
)
def test_wilcoxons_examples_of_textbooks(differences, p_value):
    assert signed_rank(differences) == p_value
    assert signed_rank([-1000 * each for each in differences]) == p_value


def test_ties_are_tested_exactly_and_zeros_left_out():
    differences = [1, 1, -1, 2, 2, 3, -2, 4, 4, 5, 0, 0]
    # SciPy 1.17.1 with a PermutationMethod over all choices of signs
    assert signed_rank(differences) == 0.041015625
    sizes = [abs(each) for each in differences if each]
    ranks = {1: 2, 2: 5, 3: 7, 4: 8.5, 5: 10}
    smaller = ranks[1] + ranks[2]
    sums = [
        sum(ranks[size] for size, sign in zip(sizes, signs, strict=True) if sign)
        for signs in product((False, True), repeat=len(sizes))
    ]
    assert signed_rank(differences) == 2 * sum(each <= smaller for each in sums) / 2**10


def test_thirds_that_differ_in_their_last_digit_only_are_equal():
    thirds = [2 / 3 - 1 / 3, 1 / 3 - 0, 1 - 2 / 3, -(2 / 3 - 1 / 3), 1.0, 1.0, 1 - 1 / 3]
    assert signed_rank(thirds) == signed_rank([1, 1, 1, -1, 3, 3, 2])


def test_many_pairs_are_tested_by_the_normal_approximation_with_its_correction_for_ties():
    thirds = [
        -1, 1, -1, -1, 2, 3, 0, 1, 1, 0, 0, -2, 2, 0, 0, 1, 2, 4, 0, 0, 1, -1, 3, 3, 2, 0, 2, 3,
        2, 0, -3, 3, 0, -1, 2, 1, -2, 0, 0, 3, -3, 0, 0, 4, -2, -6, -2, 1, 2, 4, 1, -1, 2, 1, 0,
        1, 3, -1, -2, 0, 0, -1, -1, 1, 3, 2, 2, 3, -4, -3, -1, -2, -1, 1, -2, 0, -4, -1, 3, -1,
    ]  # fmt: skip
    # SciPy 1.17.1, method="asymptotic", correction=False
    assert signed_rank(thirds) == pytest.approx(0.09391831214732513, abs=1e-12)
    exact, near = (signed_rank(_alternating(number)) for number in (50, 51))
    assert exact == pytest.approx(near, abs=0.03)


def _alternating(number):
    return [size * (-1 if size % 3 == 0 else 1) for size in range(1, number + 1)]


@pytest.mark.parametrize(
    ("gained", "lost", "p_value"),
    [
        (12, 2, 0.012939),  # Armitage and Berry (1994), p. 127: two media, P = 0.0129
        (1, 7, 0.0703125),  # Bentur et al. (2009), in Fagerland et al. (2013)
        (5, 15, 0.04138946533203125),  # this and the next: statsmodels 0.15.0, mcnemar(exact=True)
        (121, 150, 0.0887796125701743),
        (59, 6, 4.964650327128616e-12),
        (0, 6, 0.03125),
        (0, 5, 0.0625),
        (3, 3, 1.0),
        (0, 0, 1.0),
    ],
)
def test_mcnemars_exact_test(gained, lost, p_value):
    assert mcnemar(gained, lost) == pytest.approx(p_value, rel=1e-4)
    assert mcnemar(lost, gained) == mcnemar(gained, lost)


def test_mcnemars_test_is_wilcoxons_where_all_differences_have_one_size():
    assert signed_rank([1] * 15 + [-1] * 5 + [0] * 80) == mcnemar(15, 5)
    assert signed_rank([]) == signed_rank([0, 0]) == 1.0


def test_mcnemars_test_takes_ten_thousand_pairs():
    z = 200 / math.sqrt(10_000)
    assert mcnemar(5_100, 4_900) == pytest.approx(math.erfc(z / math.sqrt(2)), rel=0.05)


def test_holms_correction():
    # statsmodels 0.15.0, multipletests(method="holm")
    adjusted = holm([0.01, 0.04, 0.03, 0.005, 0.2])
    assert adjusted == pytest.approx([0.04, 0.09, 0.09, 0.025, 0.2])
    assert holm([]) == []
    assert holm([0.6, 0.6]) == [1.0, 1.0]

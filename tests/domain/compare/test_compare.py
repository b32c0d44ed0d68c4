"""Figures side by side: what is best, what is unknown, what they come to over several turns."""

from decimal import Decimal

import pytest

from groqchat.domain.compare.compare import (
    MEASURES,
    NO_FIGURES,
    Figures,
    Verdict,
    Vote,
    figures_of,
    quantile,
    score,
)
from groqchat.domain.money.pricing import Cost
from groqchat.domain.money.usage import Timing, Usage
from groqchat.domain.turns.chat import Message, Role, State

BY_LABEL = {measure.label: measure for measure in MEASURES}


def answer(**fields):
    return Message("m1", "s1", "p1", Role.ASSISTANT, "Because.", 0.0, **fields)


def test_figures_are_those_of_the_saved_answer():
    usage = Usage(20, 4, 60, 10, completion_time=0.1)
    figures = figures_of(answer(usage=usage, timing=Timing(0.5, 1.0), cost=Cost(Decimal("0.001"))))
    assert figures == Figures(
        0.5, 1.0, 120.0, pytest.approx(600.0), 20, 4, 60, 10, Decimal("0.001"), 8
    )


def test_what_nobody_told_is_unknown_and_never_best():
    figures = figures_of(answer())
    assert (figures.cost, figures.rate, figures.length) == (None, None, 8)
    cost = BY_LABEL["cost"]
    assert cost.text(figures) == "unknown"
    columns = [NO_FIGURES, Figures(cost=Decimal("0.02")), Figures(cost=Decimal("0.01"))]
    assert cost.best(columns) == {2}


@pytest.mark.parametrize(
    ("label", "figures", "best"),
    [
        ("first token", [Figures(0.2), Figures(0.1), Figures(0.1)], {1, 2}),
        ("first token", [Figures(0.2), Figures(0.2)], set()),
        ("first token", [Figures(0.2001), Figures(0.2002)], set()),
        ("first token", [Figures(0.3), Figures(0.2001), Figures(0.2002)], {1, 2}),
        ("first token", [Figures(0.2), NO_FIGURES], set()),
        ("speed", [Figures(rate=9.0), Figures(rate=10.0)], {1}),
        ("tokens out", [Figures(completion_tokens=1), Figures(completion_tokens=2)], set()),
        ("cost", [Figures(cost=Decimal(0)), Figures(cost=Decimal(1))], {0}),
    ],
)
def test_the_best_of_a_row(label, figures, best):
    assert BY_LABEL[label].best(figures) == best


def test_a_score_sums_turns_votes_and_cost():
    turns = [Figures(first_token_s=at / 10, rate=100.0, cost=Decimal("0.1")) for at in range(1, 4)]
    votes = [
        Vote("s1", 1, 0.0, ("a", "b"), Verdict.WINNER, "a"),
        Vote("s1", 2, 0.0, ("a", "b"), Verdict.TIE),
        Vote("s1", 3, 0.0, ("a", "b"), Verdict.WINNER, "b"),
    ]
    summed = score("a", turns, failures=2, votes=votes)
    assert (summed.answers, summed.failures, summed.wins) == (3, 2, 1)
    assert (summed.median_first_s, summed.p95_first_s) == (0.2, pytest.approx(0.29))
    assert (summed.median_rate, summed.cost) == (100.0, Decimal("0.3"))


def test_a_score_counts_what_was_cut_off_and_its_cost():
    def cut(state, cost):
        return Message("a", "s1", "q", Role.ASSISTANT, "half", 0.0, state, cost=Cost(Decimal(cost)))

    partial = [cut(State.STOPPED, "0.5"), cut(State.BROKEN, "0.25")]
    summed = score("a", [Figures(cost=Decimal(1))], failures=1, votes=[], partial=partial)
    assert (summed.answers, summed.stopped, summed.failures) == (1, 1, 1)
    assert summed.cost == Decimal("1.75")
    assert score("a", [], failures=1, votes=[]).cost is None


def test_an_unpriced_answer_leaves_the_total_unknown():
    assert score("a", [Figures(cost=Decimal(1)), NO_FIGURES], failures=0, votes=[]).cost is None


def test_quantiles_lie_between_neighbours():
    assert quantile([4.0, 1.0, 3.0, 2.0], 0.5) == 2.5
    assert quantile([7.0], 0.95) == 7.0
    assert quantile([], 0.5) is None

"""Ratings from votes: order, symmetry, uncertainty, kinds of tasks."""

import math

import pytest

from groqchat.domain.compare.compare import Verdict, Vote
from groqchat.domain.compare.leaderboard import (
    AVERAGE,
    POINTS_PER_DECADE,
    Z95,
    bad_words,
    leaderboard,
    rank_rows,
    tags_of,
)


def votes(*results, tag=""):
    """Votes from ``("ab", "a")``: those who met, and who won; no winner is a tie."""
    return [
        Vote(
            "s",
            turn,
            0.0,
            tuple(met),
            Verdict.WINNER if winner else Verdict.TIE,
            winner or None,
            tag=tag,
        )
        for turn, (met, winner) in enumerate(results)
    ]


def bad_votes(number):
    return [Vote("s", turn, 0.0, ("a", "b"), Verdict.ALL_BAD) for turn in range(number)]


def ratings(*results):
    return {rank.model: rank for rank in leaderboard(votes(*results))}


def test_two_models_have_the_ratings_that_the_formula_gives():
    """Three wins to one with the tie against the average: s·s' = 1, s the root of its equation."""
    found = ratings(*[("ab", "a")] * 3, ("ab", "b"))
    strength = 10 ** ((found["a"].rating - AVERAGE) / POINTS_PER_DECADE)
    assert (
        pytest.approx(4 * strength / (strength + 1 / strength) + strength / (strength + 1)) == 3.5
    )
    assert found["a"].rating - AVERAGE == pytest.approx(AVERAGE - found["b"].rating)
    assert (found["a"].wins, found["a"].ties, found["a"].losses) == (3, 0, 1)


def test_the_bounds_are_those_of_the_information_matrix():
    found = ratings(*[("ab", "")] * 7)
    rank = found["a"]
    assert rank.rating == pytest.approx(AVERAGE)
    # Both at the mean: [[7/4 + 1/4, -7/4], [-7/4, 7/4 + 1/4]] is inverted, and half of the
    # variance of the difference is each one's distance from the mean.
    here, between = 2 / (4 - 49 / 16), 7 / 4 / (4 - 49 / 16)
    error = math.sqrt((here - between) / 2)
    assert rank.high - rank.rating == pytest.approx(Z95 * error * 400 / math.log(10))
    assert rank.rating - rank.low == pytest.approx(rank.high - rank.rating)


def test_the_order_follows_the_wins_and_the_strength_of_opponents():
    found = ratings(
        *[("ab", "a")] * 6, *[("ab", "b")] * 4, *[("bc", "b")] * 9, ("bc", "c"), *[("cd", "c")] * 9
    )
    assert [rank.model for rank in leaderboard(votes(*[("abc", "b")] * 3, ("abc", "a")))][:2] == [
        "b",
        "a",
    ]
    assert found["a"].rating > found["b"].rating > found["c"].rating > found["d"].rating


def test_more_votes_narrow_the_bounds_and_a_clean_record_stays_finite():
    few, many = ratings(*[("ab", "a")] * 2), ratings(*[("ab", "a"), ("ab", "b")] * 40)
    assert few["a"].high - few["a"].low > many["a"].high - many["a"].low
    assert math.isfinite(few["a"].rating)
    assert few["a"].rating > AVERAGE


def test_a_winner_among_many_met_each_of_the_others_and_they_did_not_meet():
    found = ratings(("abcd", "c"))
    assert (found["c"].wins, found["c"].losses) == (3, 0)
    assert {(found[m].wins, found[m].ties, found[m].losses) for m in "abd"} == {(0, 0, 1)}


def test_all_bad_says_as_little_as_a_tie():
    bad = bad_votes(1)
    assert leaderboard(bad) == leaderboard(votes(("ab", "")))
    assert {rank.ties for rank in leaderboard(bad)} == {1}


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, ""),
        (1, "1 says all bad, and counts as a tie."),
        (2, "2 say all bad, and count as a tie."),
    ],
)
def test_votes_of_all_bad_are_said(number, words):
    assert bad_words([*votes(("ab", "a"), ("ab", "")), *bad_votes(number)]) == words


def test_the_order_of_votes_and_names_changes_nothing():
    results = [("ab", "a"), ("bc", "c"), ("ac", ""), ("ab", "b"), ("ca", "a")]
    board = {rank.model: rank.rating for rank in leaderboard(votes(*results))}
    turned = {rank.model: rank.rating for rank in leaderboard(votes(*results[::-1]))}
    swapped = {
        rank.model.translate(str.maketrans("abc", "zyx")): rank.rating
        for rank in leaderboard(votes(*results))
    }
    assert turned == pytest.approx(board)
    renamed = [(m.translate(str.maketrans("abc", "zyx")), w.translate(str.maketrans("abc", "zyx")))
               for m, w in results]  # fmt: skip
    assert {r.model: r.rating for r in leaderboard(votes(*renamed))} == pytest.approx(swapped)


def test_tasks_of_one_kind_are_rated_apart():
    both = votes(("ab", "a"), tag="code") + votes(("ab", "b"), ("bc", "b"), tag="prose")
    assert tags_of(both) == ("code", "prose")
    assert [rank.model for rank in leaderboard(both, "code")] == ["a", "b"]
    assert next(rank.model for rank in leaderboard(both, "prose")) == "b"
    assert leaderboard(both, "none") == ()


def test_rows_are_in_whole_points():
    (first, second) = rank_rows(leaderboard(votes(("ab", "b"))))
    assert (first["place"], first["model"], second["place"]) == (1, "b", 2)
    assert all(isinstance(first[name], int) for name in ("rating", "low", "high"))


def test_variants_of_a_model_are_rated_apart():
    met = Vote("s", 1, 0.0, ("m effort=low", "m"), Verdict.WINNER, "m effort=low")
    rows = rank_rows(leaderboard([met]))
    assert [(row["model"], row["variant"]) for row in rows] == [("m", "effort=low"), ("m", None)]

"""What votes show about two models, and how many more would show it."""

from groqchat.domain.compare.leaderboard import leaderboard
from groqchat.domain.compare.vote_conclusions import order_sentences, pair_rows, voted_pairs
from tests.domain.compare.test_leaderboard import votes


def sentences(*results):
    cast = votes(*results)
    return list(order_sentences(cast, leaderboard(cast)))


def test_many_wins_show_an_order_and_ties_do_not():
    won = [("ab", "b")] * 12 + [("ab", "a")] * 2
    assert sentences(*won) == ["b is shown to be better than a: it won 12 of 14."]
    # Armitage and Berry (1994), p. 127: 12 and 2, P = 0.0129
    (pair,) = voted_pairs(votes(*won, *[("ab", "")] * 30))
    assert (pair.wins, pair.losses, round(pair.p_value, 4)) == (2, 12, 0.0129)
    (row,) = pair_rows([pair])
    assert row["first"] == {"model": "a", "variant": None}
    assert (row["shown"], row["adjusted_p"]) == (True, pair.p_value)


def test_a_few_votes_show_nothing_and_the_missing_ones_are_named():
    (said,) = sentences(*[("ab", "a")] * 5)
    assert said == (
        "No order of a and b is shown (5 to 0 votes). About 45 more would show one that wins 7 of"
        " 10."
    )
    even = [("ab", "a")] * 30 + [("ab", "b")] * 28
    (said,) = sentences(*even)
    assert said == (
        "No order of a and b is shown (30 to 28 votes). A model that wins 7 of 10 would probably"
        " have been found."
    )


def test_only_neighbours_are_told_and_all_pairs_are_corrected_together():
    won = [("ab", "a")] * 6
    assert sentences(*won) == ["a is shown to be better than b: it won 6 of 6."]
    (first, second) = sentences(*won, *[("bc", "b")] * 2)
    assert first.startswith("No order of a and b is shown (6 to 0 votes).")
    assert second.startswith("No order of b and c is shown (2 to 0 votes).")
    (alone, *_) = sentences(("ac", "a"), ("bc", "b"))
    assert alone == "No order of a and b is shown: no vote was on both."


def test_variants_of_a_model_are_told_apart():
    cast = votes((("m x=1", "m x=2"), "m x=1"))
    (row,) = pair_rows(voted_pairs(cast))
    assert (row["first"], row["wins"]) == ({"model": "m", "variant": "x=1"}, 1)

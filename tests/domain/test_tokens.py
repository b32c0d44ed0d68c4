"""Estimating tokens, and learning from the server's count."""

from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.tokens import TokenEstimator


def test_english_is_about_four_characters_a_token():
    assert TokenEstimator().tokens("a" * 400) == 100


def test_ideographs_are_denser():
    assert TokenEstimator().tokens("日" * 300) == 200


def test_no_text_is_no_token_and_little_text_is_one():
    assert TokenEstimator().tokens("") == 0
    assert TokenEstimator().tokens("a") == 1


def test_it_learns_what_the_server_counts():
    estimator = TokenEstimator()
    for _ in range(30):
        estimator = estimator.learned(100, 130)
    assert 125 <= estimator.tokens("a" * 400) <= 135


@given(st.lists(st.tuples(st.floats(0, 1e6), st.integers(0, 10**6)), max_size=20))
def test_no_count_makes_it_absurd(samples):
    estimator = TokenEstimator()
    for estimated, counted in samples:
        estimator = estimator.learned(estimated, counted)
    assert 0.25 <= estimator.factor <= 4

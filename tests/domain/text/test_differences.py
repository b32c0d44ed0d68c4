"""Differences lose nothing, and name no word that both have in the same place."""

from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.text.differences import differences, likeness

WORDS = st.lists(st.sampled_from(["a", "red", "car", ",", "\n\n", " ", "überall", "1.5"])).map(
    " ".join
)


def sides(stretches):
    return "".join(s.left for s in stretches), "".join(s.right for s in stretches)


@given(WORDS, WORDS)
def test_both_texts_can_be_put_together_again(left, right):
    found = differences(left, right)
    # What is the same but for white space is shown on each side as it stands there.
    assert sides(found) == (left, right)
    assert all(s.left.split() == s.right.split() for s in found if s.is_same)


def test_words_are_compared_and_not_letters_or_white_space():
    found = differences("The quick\n\nfox runs.", "The quick fox ran.")
    assert [(s.left.strip(), s.right.strip()) for s in found if not s.is_same] == [("runs", "ran")]


def test_likeness_goes_from_nothing_to_all():
    assert likeness(differences("a b", "a b")) == 1
    assert likeness(differences("", "")) == 1
    assert likeness(differences("a b", "c d")) < 0.5
    assert likeness(differences("", "c d")) == 0

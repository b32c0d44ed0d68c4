"""Texts in pieces that one request takes."""

from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.audio.speech import pieces


def test_cuts_are_behind_sentences_before_they_are_elsewhere():
    assert pieces("One two three. Four five, six seven eight nine", 24) == (
        "One two three.",
        "Four five,",
        "six seven eight nine",
    )
    assert pieces("a" * 25, 10) == ("a" * 10, "a" * 10, "a" * 5)
    assert pieces("  \n ") == ()


@given(st.text(alphabet="ab .,!?\n", max_size=400), st.integers(5, 60))
def test_no_word_is_lost_and_no_piece_too_long(text, longest):
    found = pieces(text, longest)
    assert all(0 < len(piece) <= longest for piece in found)
    assert "".join("".join(found).split()) == "".join(text.split())

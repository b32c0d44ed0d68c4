"""What sanitize lets through."""

from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.text.sanitize import sanitize

ANY = st.text(st.characters(codec=None) | st.sampled_from("\x1b\x9b\r\n\u2028\u202e\u200d"))


def test_nothing_a_terminal_obeys_is_left():
    assert sanitize("\x1b]52;c;aGk=\x07\x9b2J\x7f\x00") == "]52;c;aGk=2J"
    assert sanitize("a\r\nb\rc\u2028d\x85e\x0bf") == "a\nbc\nd\ne\nf"
    assert sanitize("\u202eabc\u2066\u200f\ufeff\U000e0041") == "abc"
    assert sanitize("\ud800x") == "\ufffdx"


def test_honest_text_is_untouched():
    for text in ("tab\t\n", "👩\u200d💻 ❤\ufe0f", "e\u0301 שלום नमस्ते क्\u200dष", "\xa0"):
        assert sanitize(text) is text


@given(ANY, ANY)
def test_pieces_may_come_apart(before, after):
    assert sanitize(before) + sanitize(after) == sanitize(before + after)
    assert sanitize(sanitize(before)) == sanitize(before)


@given(ANY)
def test_the_result_can_be_encoded(text):
    sanitize(text).encode()

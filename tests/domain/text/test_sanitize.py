"""What sanitize lets through."""

from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.text.sanitize import sanitize

ANY = st.text(st.characters(codec=None) | st.sampled_from("\x1b\x9b\r\n\u2028\u202e\u200d"))


def test_nothing_a_terminal_obeys_is_left():
    assert sanitize("\x1b]52;c;aGk=\x07\x9b2J\x7f\x00") == ""
    assert sanitize("\x1b[31mboom\x1b[0m\x1b]0;PWNED\x07!") == "boom!"
    assert sanitize("a\x1bP1$q\x1b\\b\x1b(Bc\x1b]8;;x\x9cd\x9d0;t\x07e\x9b1;2Hf") == "abcdef"
    assert sanitize("\x1b]0;no end\nof it \x1b[") == "]0;no end\nof it ["
    assert sanitize("a\r\nb\rc\u2028d\x85e\x0bf") == "a\nbc\nd\ne\nf"
    assert sanitize("\u202eabc\u2066\u200f\ufeff\U000e0041") == "abc"
    assert sanitize("\ud800x") == "\ufffdx"


def test_honest_text_is_untouched():
    for text in ("tab\t\n", "👩\u200d💻 ❤\ufe0f", "e\u0301 שלום नमस्ते क्\u200dष", "\xa0"):
        assert sanitize(text) is text


@given(ANY, ANY)
def test_pieces_without_escapes_may_come_apart(before, after):
    before = before.translate(dict.fromkeys([0x1B, *range(0x80, 0xA0)], "."))
    assert sanitize(before) + sanitize(after) == sanitize(before + after)
    assert sanitize(sanitize(before)) == sanitize(before)


PARTS = st.sampled_from([*"\x1b\x9b\x9d\x90\x07\x9c[]P\\;0m \n", "text", "\x1b[", "\x1b]"])


@given(st.lists(PARTS).map("".join))
def test_of_escape_sequences_nothing_is_left_and_of_text_all(text):
    left = sanitize(text)
    assert not set(left) & set("\x1b\x9b\x9d\x90\x07\x9c")
    assert left == sanitize(sanitize(text))
    assert sanitize(f"\x1b[1;31m{left}\x1b[0m") == left
    assert left.count("\n") == text.count("\n")


@given(ANY)
def test_the_result_can_be_encoded(text):
    sanitize(text).encode()

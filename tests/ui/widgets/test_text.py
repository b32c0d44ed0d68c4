from __future__ import annotations

from groqchat.ui.widgets.text import LONGEST_LINE, KeyHint, block, key_line, key_lines, line
from tests.ui.stage import HOSTILE, is_clean


def test_a_line_is_one_line_harmless_and_bounded():
    assert line("a\n\tb  c") == "a b c"
    assert line("x" * 10, 5) == "xxxx…"
    assert line("x" * 5, 5) == "xxxxx"
    assert is_clean(line(HOSTILE))
    assert len(line("y" * 1_000_000)) == LONGEST_LINE


def test_a_block_keeps_its_line_breaks():
    assert block("\na\nb\n") == "a\nb"
    assert block("abcdef", 3) == "abc…"
    assert is_clean(block(HOSTILE))


def test_a_line_without_room_for_all_keys_ends_with_the_key_to_them():
    hints, others = [KeyHint("r", "retry"), KeyHint("m", "switch model")], KeyHint("F1", "help")
    shown = [str(key_line(hints, width, others)) for width in (23, 22, 16, 15)]
    assert shown == [
        "r retry  m switch model",
        "r retry  F1 help",
        "r retry  F1 help",
        "r ret…  F1 help",
    ]
    assert str(key_line([], 10, others)) == ""


def test_keys_stay_with_their_words_when_lines_break():
    hints = [KeyHint("r", "retry"), KeyHint("m", "switch model"), KeyHint("Esc", "close")]
    assert [str(text) for text in key_lines(hints, 60)] == ["r retry  m switch model  Esc close"]
    assert [str(text) for text in key_lines(hints, 20)] == [
        "r retry",
        "m switch model",
        "Esc close",
    ]
    assert [str(text) for text in key_lines(hints, 6)] == ["r ret…", "m swi…", "Esc c…"]
    assert key_lines([], 60) == []

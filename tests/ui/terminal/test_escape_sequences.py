"""Nothing of an escape sequence that nobody knows is typed, and letters behind Esc are."""

import pytest
from textual.events import Key, MouseDown

from groqchat.ui.terminal.escape_sequences import Report
from groqchat.ui.terminal.paste_filter import PasteSafeParser

UP = "\x1b[A"
REPORTS = {
    "a key without a name": "\x1b[99;5;2X",
    "a key of the old xterm": "\x1bO5P",
    "Alt with a key of the number pad": "\x1b[1;3x",
    "abilities": "\x1b[?1;2c",
    "many abilities": "\x1b[?62;1;2;4;6;9;15;16;17;18;21;22;28;29c",
    "flags of the keyboard": "\x1b[?1u",
    "colour with a bell": "\x1b]11;rgb:1e1e/1e1e/2e2e\x07",
    "colour with a string end": "\x1b]4;1;rgb:1e1e/1e1e/2e2e\x1b\\",
    "name of the terminal": "\x1bP>|XTerm(370)\x1b\\",
    "ability by name": "\x1bP1+r544e=787465726d2d323536636f6c6f72\x1b\\",
    "answer about a picture": "\x1b_Gi=31;OK\x1b\\",
}


def events_of(*pieces):
    parser = PasteSafeParser()
    return [event for piece in pieces for event in parser.feed(piece)]


def keys_of(*pieces):
    return [(event.key, event.character) for event in events_of(*pieces) if isinstance(event, Key)]


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_a_sequence_that_nobody_knows_writes_nothing_however_it_is_cut(report):
    for cut in range(len(report) + 1):
        pieces = "a" + report[:cut], report[cut:] + "b" + UP
        pressed = [key for key in keys_of(*filter(None, pieces)) if key[0] != "escape"]
        assert pressed == [("a", "a"), ("b", "b"), ("up", None)], f"cut at {cut}"
    assert keys_of(report + report + "c") == [("c", "c")]


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("\x1bx", [("alt+x", "x")]),
        ("\x1bX", [("alt+shift+x", "X")]),
        ("\x1bé", [("alt+é", "é")]),
        ("\x1b1", [("alt+1", "1")]),
        ("\x1b/", [("slash", "/")]),
        ("\x1bhello", [("alt+h", "h"), *((letter, letter) for letter in "ello")]),
        ("\x1bOh", [("O", "O"), ("h", "h")]),
        ("\x1bPs", [("P", "P"), ("s", "s")]),
        ("\x1b[é", [("left_square_bracket", "["), ("é", "é")]),
        ("\x1b\x07", [("ctrl+g", "\x07")]),
        ("\x1bb", [("ctrl+left", None)]),
        ("\x1b\x7f", [("ctrl+w", None)]),
    ],
)
def test_a_letter_right_behind_escape_is_typed_and_no_circumflex(typed, keys):
    assert keys_of(typed + UP) == [*keys, ("up", None)]
    assert keys_of(typed, "\x1bz" + UP) == [*keys, ("alt+z", "z"), ("up", None)]


def test_many_letters_behind_an_escape_that_begins_nothing_are_typed():
    letters = "P" + "a" * 40
    assert "".join(character for _, character in keys_of("\x1b" + letters)) == letters


def test_what_textual_knows_goes_on_to_be_read():
    assert keys_of("\x1b[[A\x1b[3$\x1b[1;5C\x1bOP") == [
        ("f1", None), ("shift+delete", None), ("ctrl+right", None), ("f1", None),
    ]  # fmt: skip
    pressed, reported = events_of("\x1b[<0;5;7M\x1b[?2026;2$y")
    assert isinstance(pressed, MouseDown)
    assert type(reported).__name__ == "TerminalSupportsSynchronizedOutput"
    assert not keys_of("\x1b[M !!")


def test_a_report_that_never_ends_is_over_after_a_pause_or_with_a_key_that_acts():
    now = [0.0]
    report = Report(clock=lambda: now[0])
    assert [report.takes(piece) for piece in ("\x1b]11;", "r", "g")] == [True] * 3
    now[0] += 1
    assert not report.takes("b")
    for key in ("\x03", "\x1b[", "\r"):
        assert report.takes("\x1b]11;")
        assert not any(report.takes(piece) for piece in (key, "a"))


def test_a_circumflex_that_is_typed_is_typed():
    assert keys_of("^") == [("circumflex_accent", "^")]

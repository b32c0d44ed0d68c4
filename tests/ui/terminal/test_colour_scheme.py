"""The terminal's background: what it answers is taken out of what is typed."""

import pytest
from textual.events import Key, Paste

from groqchat.ui.terminal.colour_scheme import BackgroundReports, BackgroundTold
from groqchat.ui.terminal.paste_filter import PasteSafeParser

WHITE, BLACK = "\x1b]11;rgb:ffff/ffff/ffff\x1b\\", "\x1b]11;rgb:00/00/00\x07"


def parsed(*pieces):
    """The letters, and whether the background was told to be light."""
    parser = PasteSafeParser()
    events = [event for piece in pieces for event in parser.feed(piece)]
    letters = "".join(event.character or "" for event in events if isinstance(event, Key))
    told = [event for event in events if isinstance(event, BackgroundTold)]
    return letters, [(event.is_light, event.is_change) for event in told]


@pytest.mark.parametrize(
    ("report", "told"),
    [
        (WHITE, (True, False)),
        (BLACK, (False, False)),
        ("\x1b]11;rgb:fdfd/f6f6/e3e3\x1b\\", (True, False)),  # Solarized
        ("\x1b]11;rgb:0000/2b2b/3636\x07", (False, False)),
        ("\x1b]11;rgb:f/f/f\x07", (True, False)),
        ("\x1b]11;rgba:ffff/ffff/ffff/8000\x1b\\", (True, False)),
        ("\x1b[?997;2n", (True, True)),
        ("\x1b[?997;1n", (False, True)),
    ],
)
def test_light_and_dark_are_told_apart_between_letters(report, told):
    assert parsed(f"a{report}b") == ("ab", [told])
    assert parsed("a", report, "b") == ("ab", [told])


@pytest.mark.parametrize("report", [WHITE, BLACK])
def test_an_answer_in_pieces_is_read_once_its_kind_is_known_and_never_typed(report):
    for cut in range(1, len(report)):
        letters, told = parsed("a" + report[:cut], report[cut:] + "b")
        assert letters.replace("\x1b", "") == "ab", cut
        assert told == ([(report is WHITE, False)] if cut >= len("\x1b]11;") else []), cut


def test_an_answer_without_an_end_holds_no_key_back():
    now = 0.0
    reports = BackgroundReports(lambda: now)
    assert reports.taken("a\x1b]11;rgb:ffff") == ("a", [])
    now = 1.0
    assert reports.taken("hello") == ("hello", [])
    assert reports.taken("\x1b]") == ("\x1b]", [])  # Alt and ]


def test_what_is_pasted_tells_nothing():
    parser = PasteSafeParser()
    [paste] = parser.feed(f"\x1b[200~{WHITE}\x1b[201~")
    assert isinstance(paste, Paste)

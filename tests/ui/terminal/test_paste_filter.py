"""Nothing that is pasted acts."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from textual.events import Key, Paste

from groqchat.ui.terminal import paste_filter as module
from groqchat.ui.terminal.escape_sequences import SequenceParser
from groqchat.ui.terminal.paste_filter import ALT_ENTER, END, START, PasteFilter, PasteSafeParser

LOG = "\x1b]52;c;aGk=\x07\x1b[31mred\x1b\x11\x1b\r\x07 text\nmore"


def events_of(*pieces):
    parser = PasteSafeParser()
    return [event for piece in pieces for event in parser.feed(piece)]


def test_a_pasted_terminal_log_presses_no_key():
    events = events_of(START + LOG + END)
    assert not [event for event in events if isinstance(event, Key)]
    pasted = [event.text for event in events_of(START + LOG + END, "x") if isinstance(event, Paste)]
    assert pasted == ["]52;c;aGk=[31mred\r text\nmore"]


def test_pasted_text_is_not_read_letter_by_letter_and_is_kept_up_to_a_bound(monkeypatch):
    fed = []
    feed = SequenceParser.feed
    monkeypatch.setattr(
        SequenceParser, "feed", lambda self, data: fed.append(data) or feed(self, data)
    )
    events = events_of(f"a{START}one ", "two\n" * 9, f" end{END}b", f"{START}{END}c")
    assert [event.key if isinstance(event, Key) else event.text for event in events] == [
        "a", "one " + "two\n" * 9 + " end", "b", "", "c",
    ]  # fmt: skip
    assert "".join(fed) == f"a{START}{END}b{START}{END}c"
    monkeypatch.setattr(module, "MOST_PASTED", 5)
    assert [event.text for event in events_of(START, "1234", f"5678{END}")] == ["123456"]


@given(st.lists(st.integers(3, len(START + LOG + END)), max_size=6))
def test_however_it_is_cut(cuts):
    whole = START + LOG + END
    places = [0, *sorted(cuts), len(whole)]
    pastes = PasteFilter()
    pieces = [pastes.filter(whole[start:end]) for start, end in pairwise(places)]
    assert "".join(pieces) == START + "]52;c;aGk=[31mred\r text\nmore" + END


@given(st.text())
def test_what_is_typed_passes_as_it_is(text):
    if START not in text:
        assert PasteFilter().filter(text) == text.replace("\x1b\r", ALT_ENTER)


def keys_of(*pieces):
    return [event.key for event in events_of(*pieces)]


def test_alt_enter_is_an_escape_and_an_enter_of_one_read():
    assert keys_of("a\x1b\rb") == ["a", "alt+enter", "b"]
    assert keys_of("\x1b\x1b\r") == ["escape", "alt+enter"]
    assert keys_of("\x1b[13;3u", "\x1b[27;3;13~") == ["alt+enter"] * 2


def test_control_and_space_are_that_key_in_every_terminal():
    assert keys_of("a\0b\x1b[32;5u") == ["a", "ctrl+space", "b", "ctrl+space"]
    assert keys_of("\x1b", "\r") == ["escape", "enter"]
    assert [
        one.key for one in events_of(f"{START}a\x1b\rb{END}", "\r") if isinstance(one, Key)
    ] == ["enter"]

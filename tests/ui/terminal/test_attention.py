"""Each terminal is sent what it can show, and nothing that it would print."""

from types import SimpleNamespace

import pytest
from textual.events import AppBlur, AppFocus, Key

from groqchat.ui.terminal import attention
from groqchat.ui.terminal.attention import BELL, KEEP_TITLE, RESTORE_TITLE, Attention, title

SAID = "The answer is there: a; b"
OSC_9 = f"\x1b]9;groqchat: {SAID}\a"
OSC_777 = "\x1b]777;notify;groqchat;The answer is there: a, b\a"
IN_TMUX = f"\x1bPtmux;\x1b{OSC_9}\x1b\\"
TITLE = KEEP_TITLE + title(f"● {SAID}")
RESTORED = title("") + RESTORE_TITLE


@pytest.fixture
def written():
    return []


@pytest.fixture
def terminal(written, monkeypatch):
    """A terminal called xterm; ``attention`` looks at nothing else of the environment."""
    monkeypatch.setattr(attention.os, "environ", {"TERM": "xterm-256color"})
    driver = SimpleNamespace(write=written.append, flush=lambda: None)
    return Attention(SimpleNamespace(app=SimpleNamespace(_driver=driver)))


@pytest.mark.parametrize(
    ("environ", "sent"),
    [
        ({"TERM": "xterm-256color"}, TITLE + OSC_9 + BELL),
        ({"TERM": "xterm-kitty"}, TITLE + OSC_9 + BELL),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7006"}, TITLE + OSC_777 + BELL),
        ({"TERM": "rxvt-unicode-256color"}, TITLE + OSC_777 + BELL),
        ({"TERM": "foot"}, TITLE + OSC_777 + BELL),
        ({"TERM": "tmux-256color", "TMUX": "x"}, TITLE + IN_TMUX + BELL),
        ({"TERM": "screen", "TMUX": "x", "VTE_VERSION": "7006"}, TITLE + IN_TMUX + BELL),
        ({"TERM": "screen.xterm", "STY": "1"}, BELL),
        ({"TERM": "screen"}, BELL),
        ({"TERM": "linux"}, BELL),
        ({"TERM": "dumb"}, BELL),
        ({}, BELL),
    ],
)
def test_a_terminal_that_is_not_in_front_is_sent_what_it_can_show(
    environ, sent, terminal, written, monkeypatch
):
    monkeypatch.setattr(attention.os, "environ", environ)
    terminal.note(AppBlur())
    terminal.call(SAID, rings_unseen=False)
    assert "".join(written) == sent
    terminal.note(AppFocus())
    assert "".join(written) == sent + (RESTORED if TITLE in sent else "")


def test_nothing_is_written_while_the_terminal_is_in_front(terminal, written):
    terminal.note(AppFocus())
    terminal.call(SAID, rings_unseen=True)
    terminal.note(Key("a", "a"))
    terminal.restore()
    assert written == []


@pytest.mark.parametrize(("rings", "sent"), [(False, TITLE), (True, TITLE + BELL)])
def test_without_reports_the_title_tells_and_the_bell_if_it_is_set(rings, sent, terminal, written):
    terminal.call(SAID, rings_unseen=rings)
    assert written == [sent]
    terminal.note(Key("a", "a"))
    assert written == [sent, RESTORED]


def test_a_title_is_kept_and_restored_once(terminal, written):
    terminal.note(AppBlur())
    terminal.call("one", rings_unseen=False)
    terminal.call("two", rings_unseen=False)
    terminal.restore()
    terminal.restore()
    all_of_it = "".join(written)
    assert (all_of_it.count(KEEP_TITLE), all_of_it.count(RESTORE_TITLE)) == (1, 1)


def test_a_key_says_that_the_terminal_is_in_front(terminal, written):
    terminal.note(AppBlur())
    terminal.note(Key("a", "a"))
    terminal.call(SAID, rings_unseen=True)
    assert written == []


def test_no_control_character_of_a_title_is_sent(terminal, written):
    terminal.note(AppBlur())
    terminal.call("a\x1b]0;evil\x07\n\x9cb", rings_unseen=False)
    ours = "".join(written).replace(KEEP_TITLE, "")
    assert ours.count("\x1b") == 2  # the title's and the notification's
    assert ours.count("\a") == 3  # their ends, and the bell
    assert not {"\n", "\x9c"} & set(ours)

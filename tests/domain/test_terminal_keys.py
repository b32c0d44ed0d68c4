"""Which keys arrive is known of the terminals that were tried, and of a browser."""

import pytest

from groqchat.domain.terminal_keys import why_not_sent

XTERM = {"TERM": "xterm", "XTERM_VERSION": "XTerm(379)"}
KITTY = {"TERM": "xterm-kitty"}


@pytest.mark.parametrize(
    ("key", "environ", "arrives"),
    [
        ("ctrl+n", XTERM, True),
        ("f5", XTERM, True),
        ("ctrl+underscore", XTERM, True),
        ("alt+m", XTERM, False),
        ("alt+1", XTERM, False),
        ("alt+up", XTERM, True),
        ("alt+m", {"TERM": "xterm-256color", "VTE_VERSION": "7006"}, True),
        ("alt+m", {**XTERM, "TERM": "tmux-256color", "TMUX": "/tmp/s"}, True),
        ("ctrl+shift+m", XTERM, False),
        ("ctrl+shift+m", KITTY, True),
        ("ctrl+shift+m", {**KITTY, "TMUX": "/tmp/s"}, False),
        ("super+n", {"TERM": "foot"}, True),
        ("ctrl+space", XTERM, True),
        ("ctrl+right_square_bracket", XTERM, True),
        # What the terminals do themselves: scroll, paste, open a window, change the font.
        ("shift+pageup", XTERM, False),
        ("shift+insert", XTERM, False),
        ("shift+home", XTERM, True),
        ("shift+home", {"TERM": "alacritty"}, False),
        ("ctrl+shift+home", {"TERM": "alacritty"}, True),
        ("ctrl+shift+n", KITTY, False),
        ("ctrl+shift+up", KITTY, False),
        ("shift+pageup", KITTY, True),
        ("ctrl+shift+x", {"TERM": "foot"}, False),
        ("ctrl+minus", {"TERM": "foot-extra"}, False),
        ("ctrl+shift+up", {"TERM": "foot"}, True),
        ("shift+pageup", {**XTERM, "TERM": "tmux-256color", "TMUX": "/tmp/s"}, True),
    ],
)
def test_keys_of_a_terminal(key, environ, arrives):
    assert (why_not_sent(key, environ, in_browser=False) == "") == arrives


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("ctrl+n", "keeps it"), ("ctrl+t", "keeps it"), ("ctrl+w", "keeps it"),
        ("ctrl+1", "keeps it"), ("ctrl+shift+n", "keeps it"), ("alt+f", "sends Ctrl+→"),
        ("ctrl+h", "sends Backspace"), ("ctrl+shift+m", "kitty"),
        ("f5", ""), ("f12", ""), ("ctrl+o", ""), ("alt+n", ""),
    ],
)  # fmt: skip
def test_keys_of_a_browser(key, said):
    told = why_not_sent(key, {"TERM": "xterm-256color"}, in_browser=True)
    assert (said in told) if said else told == ""

"""``doctor`` in real pseudo-terminals that lack something."""

import pytest

pytestmark = pytest.mark.pty
SAYS = "Ctrl+J breaks the line in every terminal"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"TERM": "xterm-kitty"}, ["24-bit colours", "Enter with Shift", "which takes copies"]),
        (
            {"TERM": "st-256color"},
            ["256 colours", "COLORTERM", SAYS, "refuses copies by default", "xclip"],
        ),
        (
            {"TERM": "xterm", "XTERM_VERSION": "XTerm(379)"},
            ["24-bit colours", "Alt with a letter", "disallowedWindowOps", "refuses copies"],
        ),
        ({"TERM": "linux"}, ["16 colours", "marks no pastes", "nothing here takes a copy"]),
        ({"TERM": "tmux-256color", "TMUX": "/x,1,0"}, ["tmux's buffer", "set-clipboard on"]),
        ({"TERM": "dumb"}, ["no screen here", "Set TERM"]),
    ],
)
def test_what_the_terminal_lacks_is_told_with_what_mends_it(program, tmp_path, changes, told):
    bare = {"DISPLAY": None, "WAYLAND_DISPLAY": None, "COLORTERM": None, "PATH": str(tmp_path)}
    terminal = program("doctor", ready=None, size=(200, 60), **(bare | changes))
    assert terminal.wait_exit() == 0
    missing = [words for words in told if words not in terminal.text]
    assert not missing, terminal.text


def test_a_window_that_is_too_narrow(program):
    terminal = program("doctor", ready=None, size=(39, 60))
    assert terminal.wait_exit() == 0
    assert "Make the window 40 columns" in " ".join(terminal.text.split())

"""What is known of terminals decides how many colours they are sent, and what is advised."""

import pytest

from groqchat.domain.terminals import Depth, advice, depth

TRUE = {"COLORTERM": "truecolor"}
XTERM = {"TERM": "xterm", "XTERM_VERSION": "XTerm(379)"}


@pytest.mark.parametrize(
    ("environ", "colours"),
    [
        (XTERM, "TRUE"),
        (XTERM | {"XTERM_VERSION": "XTerm(278)"}, "INDEXED"),
        ({"TERM": "xterm"}, "INDEXED"),
        ({"TERM": "xterm-256color"}, "INDEXED"),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7006"}, "TRUE"),
        ({"TERM": "xterm-256color"} | TRUE, "TRUE"),
        ({"TERM": "rxvt-unicode-256color", "COLORTERM": "rxvt-xpm"}, "INDEXED"),
        ({"TERM": "rxvt-unicode-256color", "XTERM_VERSION": "XTerm(379)"}, "INDEXED"),
        ({"TERM": "xterm-kitty"}, "TRUE"),
        ({"TERM": "alacritty"}, "TRUE"),
        ({"TERM": "linux"} | TRUE, "SIXTEEN"),
        ({"TERM": "vt220"}, "SIXTEEN"),
        ({"TERM": "screen", "STY": "1.pts"} | TRUE, "SIXTEEN"),
        ({"TERM": "screen"} | TRUE, "SIXTEEN"),
        ({"TERM": "screen.xterm-256color", "STY": "1.pts"} | TRUE, "INDEXED"),
        ({"TERM": "screen", "TMUX": "x"}, "TRUE"),
        ({"TERM": "tmux-256color"}, "TRUE"),
        ({"TERM": "many"}, "INDEXED"),
        ({"TERM": "few"}, "SIXTEEN"),
    ],
)
def test_colours_are_those_that_the_terminal_is_known_to_show(environ, colours):
    assert depth(environ, lambda: 256 if environ["TERM"] == "many" else 8) is Depth[colours]


@pytest.mark.parametrize(
    ("environ", "colours", "words"),
    [
        ({"TERM": "screen"}, "SIXTEEN", ["term screen-256color"]),
        ({"TERM": "tmux-256color"}, "TRUE", ["RGB:clipboard"]),
        (XTERM, "TRUE", ["metaSendsEscape", "omitTranslation", "disallowedWindowOps"]),
        ({"TERM": "linux"}, "SIXTEEN", ["set TERM", "marks no pastes"]),
        ({"TERM": "xterm-kitty"}, "TRUE", []),
    ],
)
def test_what_could_be_better_is_said(environ, colours, words):
    said = " ".join(advice(environ, Depth[colours]))
    assert [word for word in words if word not in said] == []
    assert bool(said) == bool(words)

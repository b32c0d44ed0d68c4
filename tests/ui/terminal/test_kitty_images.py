"""Images in pixels: for terminals known to have them, and nothing that one would answer."""

import base64
import re

import pytest

from groqchat.ui.terminal import kitty_images
from groqchat.ui.terminal.kitty_images import Box, box_of, can_show, removed, shown

ROOM = Box(2, 3, 80, 20)


@pytest.mark.parametrize(
    ("environ", "is_known"),
    [
        ({"TERM": "xterm-kitty"}, True),
        ({"TERM": "xterm-ghostty"}, True),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, True),
        ({"TERM": "xterm-256color"}, False),
        ({"TERM": "xterm-kitty", "TMUX": "/tmp/tmux"}, False),
        ({"TERM": "tmux-256color", "TERM_PROGRAM": "WezTerm"}, False),
        ({}, False),
    ],
)
def test_terminals_are_known_by_their_names(environ, is_known):
    assert can_show(environ) is is_known


@pytest.mark.parametrize(
    ("size", "box"),
    [
        ((400, 200), Box(22, 8, 40, 10)),  # as large as it is
        ((8000, 800), Box(2, 11, 80, 4)),  # as wide as there is room
        ((800, 8000), Box(40, 3, 4, 20)),
        ((1, 1), Box(41, 12, 1, 1)),
        ((90_000, 1), Box(2, 12, 80, 1)),
    ],
)
def test_an_image_keeps_its_shape_in_the_middle(size, box):
    assert box_of(*size, ROOM, (10, 20)) == box


def test_it_is_sent_in_pieces_that_are_put_together_and_answered_by_nobody():
    data = bytes(range(256)) * 40
    sequence = shown(7, data, Box(4, 5, 30, 10))
    commands = re.findall(r"\x1b_G([^;]*);([^\x1b]*)\x1b\\", sequence)
    *sent, (put, _) = commands
    assert base64.b64decode("".join(payload for _, payload in sent)) == data
    assert [about.endswith("m=1") for about, _ in sent] == [True] * (len(sent) - 1) + [False]
    assert all(len(payload) <= 4096 for _, payload in sent)
    assert put == "a=p,i=7,c=30,r=10,C=1,q=2"
    assert sequence.index("\x1b[6;5H") < sequence.index("a=p")
    assert all("q=2" in about for about, _ in (sent[0], commands[-1]))
    assert "q=2" in removed(7)


def test_the_size_of_a_cell_is_usual_where_nobody_knows_it(monkeypatch):
    monkeypatch.setattr(kitty_images.sys, "__stderr__", None)
    assert kitty_images.cell_size() == (10, 20)

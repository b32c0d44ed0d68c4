"""The bar of work of known size: drawn on a terminal only, and gone at the end."""

import io
import os

import pytest

from groqchat.cli import output, work_bar


class Terminal(io.StringIO):
    def isatty(self):
        return True

    def fileno(self):
        return 2


@pytest.fixture
def terminal(monkeypatch):
    """A function that puts a terminal in the place of stderr, which pytest sets for each phase."""

    def of():
        made = Terminal()
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setattr(output.sys, "stderr", made)
        monkeypatch.setattr(output.os, "get_terminal_size", lambda _: os.terminal_size((60, 24)))
        return made

    return of


def test_a_bar_grows_within_the_width_and_leaves_nothing_behind(terminal):
    screen, times = terminal(), iter(range(100))
    with work_bar.work_bar("Importing", "sessions", now=lambda: next(times)) as show:
        show(50, 200)
        show(200, 200)
    drawn = screen.getvalue().split("\r")[1:]
    assert drawn[0] == f"Importing  {'━' * 7}{'╌' * 21}  50 of 200 sessions\x1b[K\n\x1b[1A"
    assert drawn[1].count("━") == 27
    assert all(len(line.partition("\x1b[K")[0]) < 60 for line in drawn)
    assert drawn[-1] == "\x1b[J"


def test_work_that_is_done_at_once_draws_nothing(terminal):
    screen = terminal()
    with work_bar.work_bar("Importing", "sessions", now=lambda: 0.0) as show:
        show(1, 1)
    assert screen.getvalue() == ""


def test_nothing_is_drawn_where_stderr_is_no_terminal(capsys):
    with work_bar.work_bar("Importing", "sessions", now=iter(range(9)).__next__) as show:
        show(1, 2)
    assert capsys.readouterr().err == ""

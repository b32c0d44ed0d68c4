"""The terminal is gone in the middle of an answer, with a signal or without: the program ends."""

import sqlite3
import sys
from contextlib import closing

import pytest

from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog

pytestmark = pytest.mark.pty
GROQCHAT = [sys.executable, "-m", "groqchat"]
# In a session of its own the program has no controlling terminal, and nobody sends it SIGHUP.
UNTOLD = ["sh", "-c", "trap '' HUP; exec setsid --wait \"$@\"", "sh", *GROQCHAT]


@pytest.fixture
def simulator():
    """A pretend Groq that takes long to answer."""
    with BackgroundSimulator(load_catalog(), Options(rate=60)) as simulator:
        yield simulator


def _rows(home, query):
    with closing(sqlite3.connect(home / "groqchat.db")) as database:
        return database.execute(query).fetchall()


@pytest.mark.parametrize("command", [GROQCHAT, UNTOLD])
def test_it_saves_and_ends_when_the_terminal_is_gone(program, groqchat_home, command):
    terminal = program(command=command)
    terminal.press("write 2000 tokens\r")
    terminal.wait_for("● answering")
    terminal.press("and then")
    terminal.wait_for("│ and then")
    terminal.hang_up()
    assert terminal.wait_exit() == 129
    answer = "SELECT state FROM messages WHERE role = 'assistant'"
    assert _rows(groqchat_home, answer) == [("stopped",)]
    assert _rows(groqchat_home, "SELECT text FROM drafts") == [("and then",)]

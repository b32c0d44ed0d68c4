"""The program is ended from outside, in the middle of an answer: nothing that was said is lost."""

import random
import signal
import sqlite3
from contextlib import closing

import pytest

from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog

pytestmark = pytest.mark.pty
KILLS = 4


@pytest.fixture
def simulator():
    """A pretend Groq that takes long to answer."""
    with BackgroundSimulator(load_catalog(), Options(rate=60)) as simulator:
        yield simulator


def _rows(home, query):
    with closing(sqlite3.connect(home / "groqchat.db")) as database:
        return database.execute(query).fetchall()


def _answer(home):
    return _rows(home, "SELECT content, state FROM messages WHERE role = 'assistant'")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_asked_to_end_it_tidies_up(program, groqchat_home, number, code):
    terminal = program()
    terminal.press("write 2000 tokens\r")
    terminal.wait_for("You", "TPM")
    while not any(text for text, _ in _answer(groqchat_home)):
        terminal.read(0.1)
    before = len(terminal.raw)
    terminal.kill(number)
    assert terminal.wait_exit() == code
    farewell = bytes(terminal.raw[before:])
    for mode in (b"?1049l", b"?1000l", b"?1003l", b"?1006l", b"?2004l", b"?25h"):
        assert b"\x1b[" + mode in farewell
    assert b"Traceback" not in farewell
    [(text, state)] = _answer(groqchat_home)
    assert text
    assert state == "stopped"


def test_killed_it_has_what_was_pasted_as_a_chip_again(program, groqchat_home):
    terminal = program()
    terminal.press("Sum it up: ")
    terminal.paste("\n".join(f"{number}: some words" for number in range(300)))
    terminal.wait_for("Sum it up: [pasted text · 4.7 kB · ")
    while not _rows(groqchat_home, "SELECT 1 FROM drafts WHERE chips != ''"):
        terminal.read(0.1)
    terminal.kill(signal.SIGKILL)
    terminal.wait_exit()
    terminal = program()
    terminal.wait_for("Sum it up: [pasted text · 4.7 kB · ")
    terminal.kill(signal.SIGKILL)
    terminal.wait_exit()


def test_killed_it_has_all_but_the_last_second(program, groqchat_home):
    chance = random.Random(7)
    prompts = []
    for number in range(KILLS):
        terminal = program()
        prompts.append(f"{number}: write 2000 tokens")
        terminal.press(prompts[-1])
        terminal.press("\r")
        terminal.wait_for("You")
        terminal.read(chance.uniform(0, 1.5))
        terminal.kill()
        terminal.wait_exit()
    assert _rows(groqchat_home, "PRAGMA integrity_check") == [("ok",)]
    stored = _rows(groqchat_home, "SELECT content FROM messages WHERE role = 'user'")
    assert sorted(text for (text,) in stored) == prompts

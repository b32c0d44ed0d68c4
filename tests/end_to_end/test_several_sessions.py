"""Three sessions are answered at once at a terminal: all texts are whole, also after a kill."""

import sqlite3
from contextlib import closing

import pytest

from groqchat.domain.models.catalog import Plan
from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog

pytestmark = pytest.mark.pty

SESSIONS = ("first", "second", "third")
EMPTY = "What each answer uses"
# Wide enough for the list of sessions.
SIZE = (160, 40)


@pytest.fixture
def simulator(request):
    """A pretend Groq with room for three long answers a minute."""
    options = Options(rate=request.param, plan=Plan.DEVELOPER)
    with BackgroundSimulator(load_catalog(), options) as simulator:
        yield simulator


def begin_all(terminal, tokens):
    """Ask in three sessions, one after another, and open a fourth."""
    for name in SESSIONS:
        terminal.press(f"write {tokens} tokens, {name}")
        terminal.wait_for(f"│ write {tokens} tokens, {name} ")
        terminal.press("\r")
        terminal.wait_for("● answering")
        terminal.press("\x0e")
        terminal.wait_for(EMPTY)


def rows(home, query):
    with closing(sqlite3.connect(home / "groqchat.db")) as database:
        return database.execute(query).fetchall()


def answers(home):
    query = "SELECT session_id, content, state, request_id FROM messages WHERE role = 'assistant'"
    return rows(home, query)


@pytest.mark.parametrize("simulator", [1_000], indirect=True)
def test_three_answers_are_as_they_were_sent_while_one_types_in_a_fourth(
    program, groqchat_home, simulator
):
    terminal = program(size=SIZE)
    begin_all(terminal, 4_000)
    typed = "all of this is typed meanwhile"
    for letter in typed:
        terminal.press(letter)
        terminal.read(0.05)
    terminal.wait_for(f"│ {typed} ")
    terminal.wait_for(*(f"✓ write 4000 tokens, {name}"[:23] for name in SESSIONS))
    terminal.press("\x03")
    terminal.wait_for("│ Ask anything")
    assert terminal.quit() == 0
    found = answers(groqchat_home)
    assert [state for _, _, state, _ in found] == ["complete"] * 3
    for _, content, _, request_id in found:
        assert content == simulator.simulator.answer(request_id).content


@pytest.mark.parametrize("simulator", [60], indirect=True)
def test_a_kill_costs_none_of_three_answers_more_than_its_last_second(
    program, groqchat_home, simulator
):
    terminal = program(size=SIZE)
    begin_all(terminal, 2_000)
    while len([text for _, text, _, _ in answers(groqchat_home) if len(text) > 200]) < 3:
        terminal.read(0.1)
    before = {session: text for session, text, _, _ in answers(groqchat_home)}
    terminal.kill()
    terminal.wait_exit()
    terminal = program("--continue", size=SIZE)
    terminal.wait_for("✗ broken off")
    assert terminal.quit() == 0
    found = answers(groqchat_home)
    assert [state for _, _, state, _ in found] == ["broken"] * 3
    for session, content, _, request_id in found:
        assert content.startswith(before[session])
        assert simulator.simulator.answer(request_id).content.startswith(content)
    booked = rows(groqchat_home, "SELECT session_id, outcome, estimated, cost > 0 FROM ledger")
    assert sorted(booked) == sorted((session, "stream_broken", 1, 1) for session in before)
    assert rows(groqchat_home, "SELECT count(*) FROM flights") == [(0,)]

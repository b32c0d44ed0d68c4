"""An incognito chat leaves nothing: no file under the home holds a word of it, however it ends."""

import os
import signal
import sqlite3
from contextlib import closing

import pytest

from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog
from groqchat.storage.database.database_file import DatabaseFile
from tests.end_to_end.terminal import Terminal

pytestmark = pytest.mark.pty

KEY = "gsk_test_0123456789abcdefghij"
MARKER, UNSENT, TITLE = "xylophonic", "quizzaciously", "zugzwanglike"
TABLES = ("sessions", "messages", "drafts", "prompt_queue", "flights", "votes")
GONE = "The incognito chat is gone; nothing of it was saved."
SIGN = "incognito: nothing is saved"
ESCAPE = "\x1b[27u"


@pytest.fixture
def homes(tmp_path, groqchat_home, monkeypatch):
    """All places where a program may write: its home, the user's, and that of temporary files."""
    home, temporary = tmp_path / "user", tmp_path / "tmp"
    for folder in (home, temporary):
        folder.mkdir()
    for name, value in {
        "HOME": home,
        "TMPDIR": temporary,
        "XDG_STATE_HOME": home / "state",
        "XDG_CACHE_HOME": home / "cache",
        "XDG_DATA_HOME": home / "data",
        "XDG_CONFIG_HOME": home / "config",
        "GROQ_API_KEY": KEY,
        "GROQCHAT_LOG": "debug",
        "TERM": "xterm-256color",
    }.items():
        monkeypatch.setenv(name, str(value))
    return [groqchat_home, home, temporary]


@pytest.fixture
def server(monkeypatch):
    with BackgroundSimulator(load_catalog(), Options(rate=200)) as running:
        monkeypatch.setenv("GROQ_BASE_URL", running.url)
        yield running.simulator


def traces(homes, *words):
    """The files that hold one of some words, and all files that were looked at."""
    seen = [path for home in homes for path in home.rglob("*") if path.is_file()]
    texts = {path: path.read_bytes().lower() for path in seen}
    found = [(path, word) for word in words for path in seen if word.encode() in texts[path]]
    return found, seen


def ledger(home):
    with closing(sqlite3.connect(home / "groqchat.db")) as db:
        entries = db.execute(
            "SELECT model, completion_tokens, cost, session_id, message_id FROM ledger"
        ).fetchall()
        left = {
            table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES
        }
    return entries, left


def tokens_under_way(home):
    """The tokens of the answer that is being written, as the last checkpoint has them."""
    with closing(sqlite3.connect(home / "groqchat.db")) as db:
        query = "SELECT sum(json_extract(entry, '$.completion_tokens')) FROM unlinked_flights"
        return db.execute(query).fetchone()[0] or 0


def talk(terminal):
    """Ask, fail, name the session, write what is not sent, and look at all of it again."""
    terminal.wait_for(SIGN, "Enter send")
    terminal.press(f"Say {MARKER} once\r")
    terminal.wait_for("tok/s")
    terminal.press(f"/rename {TITLE}\r")
    terminal.wait_for("it", f"“{TITLE}”")
    terminal.press("\x06\x06")
    terminal.wait_for("Search all sessions")
    terminal.press(MARKER)
    terminal.wait_for("Enter go there")
    terminal.press(ESCAPE)
    terminal.wait_for("Search all sessions", gone=True)
    terminal.press("\x12")
    terminal.wait_for("Prompts sent before", MARKER)
    terminal.press(ESCAPE)
    terminal.wait_for("Prompts sent before", gone=True)
    terminal.press("\x07")
    terminal.wait_for("An editor writes files")
    terminal.press(UNSENT)
    terminal.wait_for(f"│ {UNSENT}")
    terminal.read(1.5)  # longer than a draft waits


def assert_nothing_is_left(homes):
    found, seen = traces(homes, MARKER, UNSENT, TITLE)
    assert found == []
    names = {path.name for path in seen}
    assert "groqchat.db" in names
    assert not any("log" in name for name in names)
    entries, left = ledger(homes[0])
    assert [(session, message) for *_, session, message in entries] == [(None, None)] * len(entries)
    assert entries[0][1] > 0
    assert entries[0][2] is not None
    assert set(left.values()) == {0}, left


def test_a_chat_that_was_left_says_that_it_is_gone_and_is(homes, server):
    with Terminal("--incognito", cold=True) as terminal:
        talk(terminal)
        terminal.press("\x11")
        assert terminal.wait_exit() == 0
    assert GONE.encode() in terminal.raw
    assert_nothing_is_left(homes)


def test_a_chat_that_was_killed_while_it_was_answered_has_left_nothing_either(homes, server):
    with Terminal("--incognito") as terminal:
        talk(terminal)
        terminal.press("\x03")
        terminal.press(f"write 3000 tokens on {MARKER}\r")
        terminal.wait_for(f"write 3000 tokens on {MARKER}")
        terminal.press(f"And then {UNSENT}\r")  # waits in the queue
        while tokens_under_way(homes[0]) < 100:
            terminal.read(0.1)
        os.kill(terminal.pid, signal.SIGKILL)
        terminal.read(1.0)
        assert_nothing_is_left(homes)
    # Whoever opens the database next books the tokens that had come, without a word of them.
    before = len(ledger(homes[0])[0])
    with closing(DatabaseFile(homes[0] / "groqchat.db", print)) as file:
        file.read(lambda _: None)
    *_, (model, tokens, cost, *_) = ledger(homes[0])[0]
    assert len(ledger(homes[0])[0]) == before + 1
    assert model
    assert tokens >= 100
    assert cost is not None
    assert_nothing_is_left(homes)


def test_a_refused_request_names_no_session(homes, server):
    server.arm("unprocessable*9@chat")
    with Terminal("--incognito") as terminal:
        terminal.wait_for(SIGN, "Enter send")
        terminal.press(f"Say {MARKER} once\r")
        terminal.wait_for("422")
        terminal.press("\x11")
        assert terminal.wait_exit() == 0
    assert traces(homes, MARKER)[0] == []
    entries, left = ledger(homes[0])
    assert [entry[3:] for entry in entries] == [(None, None)]
    assert set(left.values()) == {0}


def test_from_a_saved_chat_into_an_incognito_one_and_back(homes, server):
    with Terminal() as terminal:
        terminal.wait_for("Enter send")
        assert SIGN not in terminal.text
        terminal.press("Keep this one\r")
        terminal.wait_for("tok/s")
        terminal.press("/incognito\r")
        talk(terminal)
        terminal.press("\x03")
        terminal.press("/incognito off\r")
        terminal.wait_for(GONE)
        assert SIGN not in terminal.text
        terminal.press("\x11")
        assert terminal.wait_exit() == 0
    assert traces(homes[:1], "keep this one")[0]
    assert traces(homes, MARKER, UNSENT, TITLE)[0] == []
    entries, left = ledger(homes[0])
    assert [session is None for _, _, _, session, _ in entries] == [False, True]
    assert (left["sessions"], left["messages"]) == (1, 2)

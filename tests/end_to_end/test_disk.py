"""The disk is full, the database damaged or too new: it is said, and chatting goes on."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from tests.end_to_end.conftest import KEY
from tests.end_to_end.forked import start_groqchat

pytestmark = pytest.mark.pty
GROQCHAT = [sys.executable, "-m", "groqchat"]
# No file may grow beyond 4 KiB; the interpreter would leave bytecode cut off there.
FULL = "ulimit -f 8; export PYTHONDONTWRITEBYTECODE=1"
ON_A_FULL_DISK = ["sh", "-c", f'{FULL}; exec "$@"', "sh", *GROQCHAT]


def _ask(environment, simulator):
    env = {**environment, "GROQ_API_KEY": KEY, "GROQ_BASE_URL": simulator.url}
    asked = start_groqchat("ask", "Hello", env=env, stdin=subprocess.DEVNULL)
    _, err = asked.communicate()
    return asked.returncode, err.decode()


def _greet(terminal):
    terminal.press("Hello")
    terminal.wait_for("│ Hello")
    terminal.press("\r")
    terminal.wait_for("▎ Hello", "tok/s")


def test_on_a_full_disk_the_chat_goes_on_in_memory(program):
    terminal = program(command=ON_A_FULL_DISK, ready=None)
    terminal.wait_for("Disk trouble", "Free space")
    _greet(terminal)
    assert terminal.quit() == 0


def test_a_damaged_database_is_moved_aside(program, groqchat_home):
    with program() as terminal:
        terminal.press("Is this kept?\r")
        terminal.wait_for("You asked about", "tok/s")
        assert terminal.quit() == 0
    path = groqchat_home / "groqchat.db"
    data = bytearray(path.read_bytes())
    data[100:120] = b"\xff" * 20
    path.write_bytes(data)
    terminal = program("--continue", ready="Recovered")
    assert list(groqchat_home.glob("groqchat.db.damaged-*"))
    assert terminal.quit() == 0


def test_a_database_of_a_newer_groqchat_is_left_alone(
    program, environment, simulator, groqchat_home
):
    assert _ask(environment, simulator) == (0, "")
    path = groqchat_home / "groqchat.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 999")
    before = shutil.copy(path, path.with_name("before"))
    code, said = _ask(environment, simulator)
    assert code == 10
    assert "999" in said
    terminal = program(ready="999")
    _greet(terminal)
    assert terminal.quit() == 0
    assert path.read_bytes() == before.read_bytes()

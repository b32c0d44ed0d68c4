"""Nonsense, missing rights and a busy database: it is said in a sentence, and chatting goes on."""

import sqlite3
from contextlib import closing

import pytest

from tests.end_to_end.conftest import KEY

pytestmark = pytest.mark.pty


def _greet(terminal, greeting="Is it well?"):
    terminal.press(greeting)
    terminal.wait_for(f"│ {greeting}")
    terminal.press("\r")
    terminal.wait_for(f"You asked about: {greeting}", "tok/s")


def test_ten_thousand_lines_are_refused_in_a_sentence_and_stay(program):
    terminal = program()
    terminal.paste("\n".join("x" * 100 for _ in range(10_000)))
    terminal.wait_for("tokens · window")
    terminal.press("\r")
    terminal.wait_for("413", "larger than its limit", "s shorten", "m switch model")
    assert "xxxx" in terminal.text
    terminal.press("\x1b")
    terminal.wait_for("Esc dismiss", gone=True)
    terminal.press("\x03")
    terminal.wait_for("Ask anything")
    terminal.press("\r")
    _greet(terminal)
    assert terminal.quit() == 0


def test_without_a_key_one_is_asked_for_checked_and_used(program):
    terminal = program(GROQ_API_KEY=None, ready="Keys: ask whoever runs 127.0.0.1:", cold=True)
    terminal.paste(KEY)
    terminal.press("\r")
    terminal.wait_for("It is used for this run only", "No system keyring was found")
    _greet(terminal)
    assert KEY.encode() not in terminal.raw
    assert terminal.quit() == 0


def test_a_broken_config_and_a_model_that_nobody_knows(program, groqchat_home):
    groqchat_home.mkdir(exist_ok=True)
    (groqchat_home / "config.toml").write_text("model = [nonsense\n")
    terminal = program("-m", "no/such-model", ready="config.toml")
    terminal.press("Hello\r")
    terminal.wait_for("o send this one", "│ Hello")
    terminal.press("\x1b[19~o")  # F8
    terminal.wait_for("404", "m switch model", "│ Hello")
    assert terminal.quit() == 0
    assert (groqchat_home / "config.toml").read_text() == "model = [nonsense\n"


def test_a_locked_database_is_waited_for(program, groqchat_home):
    terminal = program()
    _greet(terminal)
    with closing(sqlite3.connect(groqchat_home / "groqchat.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        terminal.press("Is anybody there?")
        terminal.wait_for("│ Is anybody there?")
        terminal.press("\r")
        terminal.read(1.0)
        other.rollback()
    terminal.wait_for("You asked about: Is anybody there?")
    assert terminal.quit() == 0


def test_without_a_home_to_write_to_the_chat_goes_on_in_memory(program, tmp_path):
    (tmp_path / "file").write_text("")
    terminal = program(GROQCHAT_HOME=str(tmp_path / "file" / "home"), ready=None)
    terminal.wait_for("Enter send", "Disk trouble")
    _greet(terminal)
    assert terminal.quit() == 0

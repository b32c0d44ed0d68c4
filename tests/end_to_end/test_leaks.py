"""The hunt for keys: a session with everything that goes wrong, then every trace it left."""

import base64
import os
import sys
from pathlib import Path

import pytest

from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog
from tests.cli.conftest import groqchat
from tests.end_to_end.terminal import Terminal

__all__ = ["groqchat"]  # its fixture is used here

KEY = "gsk_test" + "Wq7Zk2Xv9Jp4Bn6Ht1Lc8Rd3"
TYPED = "gsk_test" + "Ys5Gm0Fu7Ew2Ka9Oi4Vx6Nb1"

# Writes down what it can see of keys, and changes the prompt as an editor would.
CHILD = """\
import os, pathlib, sys
seen = [pathlib.Path(f"/proc/{pid}/{name}") for pid in ("self",) for name in ("cmdline", "environ")]
seen.append(pathlib.Path(f"/proc/{os.getppid()}/cmdline"))
with open(sys.argv[1], "ab") as file:
    file.write(b"".join(path.read_bytes() for path in seen))
"""
EDITOR = CHILD + 'pathlib.Path(sys.argv[2]).write_text("Written in the editor")\n'
COMMAND = CHILD + "print(pathlib.Path(sys.argv[2]).read_text())\n"

# The program, with a bug that has the key in its hands, its message and its cause.
BUGGY = """\
import sys
from groqchat.ui.actions.program import ProgramActions
from groqchat.cli.main import main

async def do_help(self, _):
    key = self._screen.connection.key.secret.reveal()
    try:
        raise ValueError("Illegal header value b'Bearer " + key + "'")
    except ValueError as error:
        raise RuntimeError("a bug near " + key) from error

ProgramActions.do_help = do_help
sys.exit(main(sys.argv[1:]))
"""


def traces(key):
    """All that would give a key away: any eight characters of it, its end, its base64."""
    secret = key.removeprefix("gsk_test")
    yield key[-5:].encode()
    for start in range(len(secret) - 7):
        yield secret[start : start + 8].encode()
    for shift in range(3):
        yield base64.b64encode(b"x" * shift + key.encode())[4:-4]


def found_in(data):
    return [trace for key in (KEY, TYPED) for trace in traces(key) if trace in data]


def assert_clean(folder):
    """No file holds a trace of a key; returns the names of the files."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    for path in files:
        assert not found_in(path.read_bytes()), path
        assert not found_in(str(path).encode())
    return {path.name for path in files}


@pytest.fixture
def server(monkeypatch):
    with BackgroundSimulator(load_catalog(), Options(rate=None)) as running:
        monkeypatch.setenv("GROQ_BASE_URL", running.url)
        monkeypatch.setenv("GROQCHAT_LOG", "debug")
        monkeypatch.setenv("GROQ_LOG", "debug")
        yield running.simulator


@pytest.mark.pty
def test_a_stormy_session_leaves_no_trace_of_its_keys(server, groqchat_home, tmp_path, monkeypatch):
    program, seen = tmp_path / "editor.py", tmp_path / "seen"
    program.write_text(EDITOR)
    monkeypatch.setenv("EDITOR", f"{sys.executable} {program} {seen}")
    monkeypatch.setenv("GROQ_API_KEY", KEY)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.chdir(tmp_path)
    with Terminal(command=[sys.executable, "-c", BUGGY]) as terminal:
        terminal.wait_for("Enter send", seconds=30)
        prompt = "Tell me about keys\r"
        for fault, said in (
            ("network_refused", "network settings"),
            ("cloudflare_html", "Cloudflare"),
            ("unprocessable", "422"),
        ):
            server.arm(f"{fault}*1@chat")
            terminal.press(prompt)
            terminal.wait_for(said)
            prompt = "r"
        terminal.press(prompt)
        terminal.wait_for("tok/s")
        terminal.press("\x07")
        terminal.wait_for("Written in the editor")
        terminal.press("\r")
        terminal.wait_for("You asked about: Written")
        terminal.press(f"/export {groqchat_home}/talk.md\r")
        terminal.wait_for("talk.md")
        terminal.press("/keys\r")
        terminal.wait_for("GROQ_API_KEY, which beats")
        terminal.press("c")
        terminal.wait_for("The key works.")
        terminal.press("o")
        terminal.wait_for("stays until the new one works")
        terminal.paste(TYPED)
        terminal.wait_for("gsk_…6Nb1")
        terminal.press("\r")
        terminal.wait_for("use it for this run")
        terminal.press("\r")
        terminal.wait_for("is used for this run")
        cmdline = Path(f"/proc/{terminal.pid}/cmdline").read_bytes()
        terminal.press("\x1b")
        terminal.wait_for("is used for this run", gone=True)
        terminal.press("\x1bOP")
        terminal.wait_exit(20)
    assert b"a bug near gsk_" in terminal.raw
    assert not found_in(bytes(terminal.raw))
    assert not found_in(cmdline)
    assert b"GROQCHAT_HOME" in seen.read_bytes()
    assert not found_in(seen.read_bytes())
    assert {"groqchat.db", "talk.md"} <= assert_clean(groqchat_home)


def test_no_command_leaves_a_trace_of_a_key(server, groqchat, groqchat_home, monkeypatch):
    monkeypatch.setenv("GROQ_API_KEY", KEY)
    out = ""
    for words in (
        ["key", "check", "--probe", "--json"],
        ["key", "check", "--all"],
        ["key", "list"],
        ["key", "add", "--from-env", "--json"],
        ["ask", "Hi", "--json"],
        ["models"],
        ["usage", "--json"],
        ["sessions", "list"],
        ["doctor", "--json"],
    ):
        done = groqchat(*words)
        out += done.out + done.err
    for fault in ("key_rejected", "org_restricted", "over_capacity", "cut=3", "too_large"):
        server.arm(f"{fault}@chat")
        done = groqchat("ask", "Hi", "--max-wait", "0", "--json")
        assert done.code
        server.disarm()
        out += done.out + done.err
    monkeypatch.setattr("groqchat.cli.ask._answer", crash)
    done = groqchat("ask", "Hi")
    assert done.code == 1
    assert not found_in((out + done.out + done.err).encode())
    assert "log.jsonl" in assert_clean(groqchat_home)
    assert "a bug near gsk_…" in (groqchat_home / "log.jsonl").read_text()


async def crash(*_, **__):
    """A bug that has the key in its hands."""
    key = os.environ["GROQ_API_KEY"]
    raise RuntimeError(f"a bug near {key}")


def test_a_key_command_sees_no_key(server, groqchat, groqchat_home, tmp_path, monkeypatch):
    program, seen, vault = (tmp_path / name for name in ("pass.py", "seen", "vault"))
    program.write_text(COMMAND)
    vault.write_text(KEY)
    groqchat_home.mkdir()
    line = f"{sys.executable} {program} {seen} {vault}"
    (groqchat_home / "config.toml").write_text(f"key_command = '{line}'\n")
    done = groqchat("key", "check", "--from-env")
    assert done.code == 2
    monkeypatch.setenv("ANOTHER_KEY", TYPED.replace("gsk_test", "gsk_"))
    done = groqchat("key", "check", "--json")
    assert (done.code, done.json["source"]) == (0, "command")
    assert not found_in((done.out + done.err).encode())
    assert b"GROQCHAT_HOME" in seen.read_bytes()
    assert not found_in(seen.read_bytes())
    assert_clean(groqchat_home)

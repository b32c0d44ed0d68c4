"""``groqchat backup`` and ``groqchat restore``: what they say, print and end with."""

import signal
import subprocess
import sys

import pytest

from tests.samples import SAMPLES
from tests.storage.backups.conftest import run

NAME = "openwebui-bare.json"


@pytest.fixture
def talk(groqchat):
    """A database with one session."""
    groqchat("sessions", "import", SAMPLES / NAME)


def test_what_was_there_is_there_again(groqchat, talk, tmp_path):
    file = tmp_path / "copy.db"
    done = groqchat("backup", file)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"Backed up 1 session with 2 messages to {file} (")
    groqchat("sessions", "delete", "-y", "b1")
    assert groqchat("sessions", "list", "--json").json == []
    done = groqchat("restore", file)
    assert (done.code, done.err) == (0, "")
    first, second = done.out.splitlines()
    assert first == "Restored 1 session with 2 messages."
    assert second.startswith("The database before is now ")
    assert ".before-restore-" in second
    assert [each["id"] for each in groqchat("sessions", "list", "--json").json] == ["b1"]


def test_both_print_json(groqchat, talk, tmp_path):
    file = tmp_path / "copy.db"
    told = groqchat("backup", file, "--json").json
    assert told == {
        "file": str(file), "sessions": 1, "messages": 2, "bytes": file.stat().st_size,
    }  # fmt: skip
    back = groqchat("restore", file, "--json").json
    assert {name: back[name] for name in told} == told
    assert back["database"].endswith("groqchat.db")
    assert back["moved_aside"].startswith(back["database"])


def test_what_is_refused_ends_with_a_sentence(groqchat, talk, tmp_path):
    file = tmp_path / "copy.db"
    groqchat("backup", file)
    again = groqchat("backup", file)
    assert (again.code, again.out) == (2, "")
    assert "copy.db is there already; --force replaces it" in again.err
    assert groqchat("backup", "--force", file).code == 0
    dash = groqchat("backup", "-")
    assert (dash.code, "a backup goes to a file, not to stdout" in dash.err) == (2, True)
    other = groqchat("restore", SAMPLES / NAME, "--json")
    assert other.code == 2
    assert other.json["error"]["message"] == (
        f"{SAMPLES / NAME} is no database of groqchat; nothing was changed"
    )


def test_a_running_chat_is_not_restored_under(groqchat, talk, tmp_path):
    file = tmp_path / "copy.db"
    groqchat("backup", file)
    code = (
        "import asyncio, sys\nfrom groqchat.bootstrap import Launch, open_services\n"
        "async def main():\n"
        "    async with open_services(Launch()):\n"
        "        print('open', flush=True)\n"
        "        await asyncio.to_thread(sys.stdin.read)\n"
        "asyncio.run(main())\n"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", code], **pipes) as chat:
        assert chat.stdout.readline() == b"open\n"
        done = groqchat("restore", file)
        assert (done.code, done.out) == (10, "")
        assert "Another groqchat uses" in done.err
        assert "End it, and run this again." in done.err
        chat.stdin.close()
        assert chat.wait(timeout=60) == 0
    assert groqchat("restore", file).code == 0


def test_ctrl_c_is_130_and_leaves_nothing(talk, tmp_path):
    code = """
import os, signal, sys
from groqchat.cli.main import main
from groqchat.storage.backups import backup
backup._STEPS = 10
backup.contents = lambda db, now=backup.contents: (os.kill(os.getpid(), signal.SIGINT), now(db))[1]
sys.exit(main(["backup", sys.argv[1]]))
"""
    done = run(code, tmp_path / "copy.db")
    assert done.returncode == 128 + signal.SIGINT, done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.glob("*copy.db*")) == []

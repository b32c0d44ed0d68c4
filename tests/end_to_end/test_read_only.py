"""A home that nobody may write to: what it holds is read, and what is not kept is said."""

import io
import json
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from groqchat.cli.main import main
from groqchat.ui.workspace.unkept import SIGN
from tests.end_to_end.conftest import KEY
from tests.end_to_end.terminal import REPOSITORY
from tests.end_to_end.test_disk import FULL

# Root may write where nobody may, unless it gives that right up (CAP_DAC_OVERRIDE).
WITHOUT_RIGHTS = """
import ctypes, os, sys
ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
HUMBLY = [sys.executable, "-c", WITHOUT_RIGHTS]
# Runs command lines one after another, and prints how each ended.
RUNNING = """
import contextlib, io, json, sys
from groqchat.cli.main import main
ended = []
for argv in json.loads(sys.argv[1]):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(argv)
    ended.append([code, out.getvalue(), err.getvalue()])
print(json.dumps(ended))
"""
READING = (
    "sessions list", "sessions show 1", "sessions search limit", "sessions export 1",
    "sessions bin", "usage", "models", "key list", "leaderboard",
)  # fmt: skip
SENDING = (
    "ask --no-save More",
    "compare --no-save More -m openai/gpt-oss-20b -m openai/gpt-oss-120b",
)
CHANGING = ("ask More", "sessions delete 1", "key remove default", "doctor")
UNKEPT = "Permission denied, so nothing of this run is kept."


@pytest.fixture
def home(simulator, groqchat_home, monkeypatch):
    """A home with a session in it; with the test it can be written to again."""
    monkeypatch.setenv("GROQ_API_KEY", KEY)
    monkeypatch.setenv("GROQ_BASE_URL", simulator.url)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
    assert main(["ask", "What-is-a-limit?"]) == 0
    yield groqchat_home
    groqchat_home.chmod(0o700)


def close(home):
    """Let nobody write there any more."""
    home.chmod(0o500)
    trying = f"open({str(home / 'x')!r}, 'w')"
    if (
        subprocess.run(
            [*HUMBLY, sys.executable, "-c", trying], capture_output=True, check=False
        ).returncode
        == 0
    ):
        pytest.skip("this user's rights cannot be given up")


def run(*lines, by=()):
    """Run command lines, each of words without spaces, in one process that may do less."""
    words = json.dumps([line.split() for line in lines])
    done = subprocess.run(
        [*by, sys.executable, "-c", RUNNING, words],
        cwd=REPOSITORY,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(lines, json.loads(done.stdout), strict=True))


@pytest.mark.slow
def test_what_can_be_read_is_and_what_is_not_kept_is_said(home):
    close(home)
    before = (home / "groqchat.db").read_bytes()
    ended = run(*READING, *SENDING, *CHANGING, by=HUMBLY)
    for line in (*READING, *SENDING):
        code, out, err = ended[line]
        assert (code, err.count(f"{UNKEPT}\n")) == (0, 1), (line, err)
        assert out or line in {"key list", "leaderboard", "sessions bin"}, line
    assert "What-is-a-limit?" in ended["sessions list"][1]
    assert "You asked about: **More**" in ended["ask --no-save More"][1]
    for line in CHANGING:
        code, out, err = ended[line]
        assert f"{UNKEPT} Free space or" in " ".join((out + err).split()), line
        assert code == 10, line
    assert {file.name for file in home.iterdir()} == {"groqchat.db", "log.jsonl"}
    assert (home / "groqchat.db").read_bytes() == before


def test_what_lies_beside_the_file_is_read_and_a_budget_is_not_forgotten(home):
    (home / "config.toml").write_text('[budget]\nmonthly_usd = "10"\n')
    with closing(sqlite3.connect(home / "groqchat.db", isolation_level=None)) as other:
        other.execute("UPDATE sessions SET title = 'Only in the side file'")
        close(home)
        ended = run(
            "sessions list", "ask --no-save Why?", "ask --no-save --over-budget Why?", by=HUMBLY
        )
    assert "Only in the side file" in ended["sessions list"][1]
    code, out, err = ended["ask --no-save Why?"]
    assert (code, out) == (10, "")
    assert "You have set a budget" in err
    code, out, err = ended["ask --no-save --over-budget Why?"]
    assert (code, UNKEPT in err) == (0, True)


@pytest.mark.pty
def test_the_chat_opens_with_what_can_be_read(program, home):
    close(home)
    command = [*HUMBLY, sys.executable, "-m", "groqchat"]
    terminal = program(command=command, ready=None, size=(160, 40))
    terminal.wait_for("Disk trouble", "kept.", "What-is-a-limit?")
    terminal.press("Is it well?\r")
    terminal.wait_for("You asked about: Is it well?", "tok/s", SIGN)
    terminal.press("\x11")
    terminal.wait_for("Nothing of this run is kept; /export FILE")
    assert terminal.quit() == 0


ON_A_FULL_DISK = ["sh", "-c", f'{FULL}; exec "$@"', "sh"]


@pytest.mark.parametrize(("by", "folder"), [(ON_A_FULL_DISK, "home"), ((), "file/home")])
def test_where_nothing_can_be_made_one_is_answered(simulator, tmp_path, monkeypatch, by, folder):
    (tmp_path / "file").touch()
    monkeypatch.setenv("GROQCHAT_HOME", str(tmp_path / folder))
    monkeypatch.setenv("GROQ_API_KEY", KEY)
    monkeypatch.setenv("GROQ_BASE_URL", simulator.url)
    ended = run("ask --no-save Why?", "sessions list", "usage", by=by)
    assert [code for code, _, _ in ended.values()] == [0, 0, 0]
    assert all("so nothing of this run is kept.\n" in err for _, _, err in ended.values())
    assert "You asked about: **Why?**" in ended["ask --no-save Why?"][1]

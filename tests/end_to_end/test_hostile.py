"""Nothing foreign, wherever it comes from, can drive the terminal or the program."""

import json
import subprocess

import pytest

from tests.end_to_end.plain_server import Plain, serving
from tests.end_to_end.terminal import REPOSITORY
from tests.end_to_end.test_disk import GROQCHAT

pytestmark = pytest.mark.pty

REFUSED = 9  # the exit code
PAYLOAD = (
    "\x1b]52;c;aGFja2Vk\x07 \x1b[2J\x1b[31;7mred \x9b32m \x90q\x9c \x1b]0;owned\x07 "
    "[/x] [@click=app.quit]x[/] [b]bold \u202eevil\u2066 zero\u200bwidth 全角 \x08\x07\x7f"
)
FORBIDDEN = [
    b"\x1b]52;", b"\x1b]0;", b"owned\x07", b"\x1b[2J\x1b[31;7m", b"\xc2\x9b", b"\xc2\x90",
    "\u202e".encode(), "\u2066".encode(), "\u200b".encode(), b"\x08",
]  # fmt: skip


class _Evil(Plain):
    """Answers with the payload wherever words are expected."""

    def do_GET(self):  # noqa: N802  # the name that http.server asks for
        models = [
            {"id": name, "object": "model", "created": 1, "owned_by": PAYLOAD}
            for name in (f"evil/{PAYLOAD}", "openai/gpt-oss-120b")
        ]
        self.reply("application/json", json.dumps({"object": "list", "data": models}))

    def do_POST(self):  # noqa: N802  # likewise
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if "fail" in request["messages"][-1]["content"]:
            error = {"message": PAYLOAD, "type": PAYLOAD, "code": PAYLOAD, "param": PAYLOAD}
            self.reply("application/json", json.dumps({"error": error}), status=400)
        else:
            long = "x" * 100_000
            self.stream(f"# {PAYLOAD}\n\n```{PAYLOAD}\n{PAYLOAD}\n```\n{long}\n\n{PAYLOAD} end")


def _leaks(terminal):
    """What was sent that may not be, with what is around it."""
    raw = bytes(terminal.raw)
    return [raw[max(0, raw.index(bad) - 60) :][:120] for bad in FORBIDDEN if bad in raw]


@pytest.fixture
def url():
    with serving(_Evil) as url:
        yield url


@pytest.fixture
def evil_file(tmp_path):
    """A file whose name and text are both the payload."""
    path = tmp_path / f"{PAYLOAD.replace('/', '')}.txt"
    path.write_text(PAYLOAD)
    return path


@pytest.fixture
def run(program, url):
    """Runs a command at a terminal; returns what a person reads in the end."""

    def run(*arguments, code=0):
        with program(*arguments, at=url, ready=None) as terminal:
            assert terminal.wait_exit() == code, terminal.text
            assert not _leaks(terminal)
            return terminal.text

    return run


def _import_evil_session(folder):
    """An ordinary session, exported, spoiled and imported again."""

    def groqchat(*arguments):
        done = subprocess.run(
            [*GROQCHAT, "sessions", *arguments], cwd=REPOSITORY, capture_output=True, check=True
        )
        return done.stdout

    (kept,) = json.loads(groqchat("list", "--json"))
    exported = groqchat("export", kept["id"], "--format", "jsonl").decode()
    spoiled = exported.replace(kept["id"], "evil").replace("Hello", json.dumps(PAYLOAD)[1:-1])
    (folder / "evil.jsonl").write_text(spoiled)
    groqchat("import", str(folder / "evil.jsonl"))


def test_no_payload_reaches_the_terminal(program, url, run, evil_file, tmp_path):
    with program(at=url) as terminal:
        terminal.press("Hello\r")
        terminal.wait_for("tok/s", "end")
        terminal.press("Now fail\r")
        terminal.wait_for("400")
        terminal.press("\x1b")
        terminal.wait_for("Esc dismiss", gone=True)
        terminal.press("\x03")
        for words in (f"/rename {PAYLOAD}", f"/attach {evil_file}", f"/attach {PAYLOAD}"):
            terminal.wait_for("Ask anything")
            # What is pasted stays as it is where it does no harm: emoji are made with such joints.
            terminal.paste(words.replace("\u200b", ""))
            terminal.press("\r")
            terminal.press("\x03")
        for key, sign in (
            ("\x0c", "Ctrl+F favourite"),
            ("\x12", "Esc close"),
            ("/errors\r", "Esc close"),
        ):
            terminal.wait_for("Ask anything")
            terminal.press(key)
            terminal.wait_for(sign)
            terminal.press("\x1b")
            terminal.wait_for("Esc close", gone=True)
        assert not _leaks(terminal)
        assert terminal.quit() == 0
    run("models")
    assert "end" in run("ask", "-f", str(evil_file), "Hello")
    assert "does not take" in run("ask", "Now fail", code=REFUSED)
    # Parameters follow a model behind a blank.
    first, second = (f"{letter}{PAYLOAD.replace(' ', '')}" for letter in "ab")
    run("compare", "Hello", "-m", first, "-m", second)


def test_no_payload_of_a_session_reaches_the_terminal(program, url, run, tmp_path):
    run("ask", "Hello")
    _import_evil_session(tmp_path)
    assert "red [/x]" in run("sessions", "list")
    assert "bold" in run("sessions", "show", "evil")
    terminal = program("--session", "evil", at=url, ready="bold")
    terminal.press("\x13")
    terminal.read(0.2)
    assert not _leaks(terminal)
    assert terminal.quit() == 0

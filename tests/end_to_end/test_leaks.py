"""The hunt for keys: every command, everything that goes wrong, then every trace it left."""

import base64
import json
import os
import signal
import socket
import sys

import pytest

from groqchat.cli.completion.tree import places
from groqchat.cli.main import build_parser
from groqchat.domain.models.catalog import Plan
from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.faults.faults import FAULTS
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog
from tests.cli.conftest import groqchat, process
from tests.end_to_end.hunt import KEY, LOOKING_AROUND, TYPED, assert_clean, found_in, traces
from tests.end_to_end.plain_server import Plain, serving
from tests.mcp.conftest import HOSTILE
from tests.media.sounds import tone, wav

__all__ = ["groqchat", "process"]  # their fixtures are used here

SMALL, LARGE = "openai/gpt-oss-20b", "openai/gpt-oss-120b"
# Those that make a client wait for nothing but its own patience.
SLOW = {"stall", "slow_first_byte", "slow_first_token", "hold_open"}
# Commands that are not run here, each with the reason why it cannot leak.
HARMLESS: dict[tuple[str, ...], str] = {
    ("serve",): "it hands the key on to processes of the chat, in their environment (tests/web)",
}


@pytest.fixture
def server(monkeypatch):
    with BackgroundSimulator(load_catalog(), Options(rate=None)) as running:
        monkeypatch.setenv("GROQ_BASE_URL", running.url)
        monkeypatch.setenv("GROQCHAT_LOG", "debug")
        monkeypatch.setenv("GROQ_LOG", "debug")
        yield running.simulator


class Hunter:
    """Runs commands, and keeps which they were and what they said."""

    def __init__(self, run):
        self._run = run
        self.visited = set()
        self.said = ""

    def __call__(self, *words, piped=b""):
        done = self._run(*words, piped=piped)
        self.visited |= {words[:1], words[:2]}
        self.said += done.out + done.err
        return done


@pytest.fixture
def hunter(groqchat):
    return Hunter(groqchat)


def commands():
    """Every command that can be given, as its words."""
    return {place.path for place in places(build_parser(), ()) if not place.commands}


def test_the_hunter_sees():
    for key in (KEY, TYPED):
        spelt = (key, key.encode().hex(), base64.b64encode(f"Bearer {key}".encode()).decode())
        assert all(found_in(f"before {each} after") for each in spelt)
    assert not found_in(f"gsk_…{KEY[-4:]}")
    assert len(set(traces(KEY))) > 100


def test_no_command_leaves_a_trace_of_a_key(server, hunter, process, groqchat_home, monkeypatch):
    """A new command fails this test until it is run here, or named as harmless with a reason."""
    monkeypatch.setenv("GROQ_API_KEY", KEY)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.storage.keys.fake_keyrings.MemoryKeyring")
    store_and_choose_keys(hunter)
    ask_for_answers(hunter)
    for words in (
        ("models", "--json"),
        ("models", "--all"),
        ("plan", "limits", "--model", LARGE, "--tokens", "2000"),
        ("plan", "cost", "--model", LARGE, "--input", "1M", "--output", "1M", "--json"),
        ("plan", "tiers", "--model", LARGE),
        ("plan", "audio", "--model", "whisper-large-v3-turbo", "--hours", "2"),
        ("transcribe", str(wav(groqchat_home / "talk.wav", tone(1))), "--json"),
        ("speak", "Hello", "-o", str(groqchat_home / "hello.wav")),
        ("quota",),
        ("help", "keys"),
        ("quota", "--json"),
        ("usage", "--json"),
        ("usage", "--by", "profile"),
        ("leaderboard", "--json"),
        ("backup", str(groqchat_home / "copy.db")),
        ("restore", str(groqchat_home / "copy.db")),
        ("doctor", "--json"),
        ("doctor",),
        ("completion", "bash"),
        ("help",),
        ("key", "remove", "mine"),
    ):
        assert hunter(*words).code == 0, words
    use_batches(hunter, groqchat_home, monkeypatch)
    use_tools(hunter)
    join_a_team(hunter)
    use_prompts(hunter, groqchat_home, monkeypatch)
    use_sets(hunter, groqchat_home)
    hunter.visited.add(("simulate",))
    hunter.said += simulate(process, monkeypatch)
    assert not found_in(hunter.said)
    assert KEY[-4:] in hunter.said
    assert "groqchat.db" in assert_clean(groqchat_home)
    assert commands() - hunter.visited - HARMLESS.keys() == set()
    assert not HARMLESS.keys() & hunter.visited
    assert HARMLESS.keys() <= commands()


def use_sets(hunter, folder):
    asked, config = folder / "asked.jsonl", folder / "promptfooconfig.yaml"
    asked.write_text('{"prompt": "Hi", "contains": "e", "judge": "It is polite."}')
    judged = ("--judge", SMALL, "--min-pass", "0.01", "--junit", str(folder / "junit.xml"))
    hunter("compare", "--file", str(asked), "-m", SMALL, *judged)
    assert hunter("sets", "export", str(asked), "-m", SMALL, "-o", str(config)).code == 0
    assert hunter("sets", "import", str(config), "--json", "-o", str(folder / "back")).code == 0


def store_and_choose_keys(hunter):
    for words in (
        ("key", "add", "--from-env", "--json"),
        ("key", "check", "--probe", "--json"),
        ("key", "rename", "team", "mine"),
        ("key", "use", "default"),
        ("key", "check", "--all"),
        ("key", "list"),
        ("key", "list", "--json"),
    ):
        if words[1] == "rename":
            added = hunter("key", "add", "--stdin", "--profile", "team", piped=TYPED.encode())
            assert added.code == 0
        assert hunter(*words).code == 0, words


def use_tools(hunter):
    """A server gets nothing of the key, whose token is no less secret."""
    server = (sys.executable, "-S", str(HOSTILE), "plain")
    for words in (
        ("mcp", "add", "s", "--", *server),
        ("mcp", "add", "net", "--url", "https://example.org/mcp"),
        ("mcp", "list", "--json"),
        ("mcp", "test", "s", "--json"),
        ("tools", "list", "s", "--json"),
        ("tools", "try", "s__env", "--json"),
        ("mcp", "remove", "s"),
    ):
        assert hunter(*words).code == 0, words
    assert hunter("mcp", "token", "net", "--stdin", piped=TYPED.encode()).code == 0
    assert hunter("mcp", "token", "net", "--remove").code == 0


def join_a_team(hunter):
    """A password is no less secret; here nobody takes it."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"postgresql://anna@127.0.0.1:{taken.getsockname()[1]}/team"
    assert hunter("team", "init", address, "--stdin", piped=TYPED.encode()).code == 7
    for command in ("status", "members", "runs"):
        assert hunter("team", command, "--json").code == 10


def use_prompts(hunter, folder, monkeypatch):
    """The editor of a prompt sees no key, and JSON leaves out one that is a variable's value."""
    program, seen = folder / "editor.py", folder / "seen"
    program.write_text(f"{LOOKING_AROUND}pathlib.Path(sys.argv[2]).write_text('Hello {{{{x}}}}')\n")
    monkeypatch.setenv("VISUAL", f"{sys.executable} {program} {seen}")
    monkeypatch.setattr("groqchat.cli.templates.prompts.is_interactive", lambda: True)
    for words in (
        ("prompts", "edit", "hello"),
        ("prompts", "show", "hello", "--var", f"x={KEY}", "--json"),
        ("prompts", "list", "--json"),
    ):
        assert hunter(*words).code == 0, words
    assert b"GROQCHAT_HOME" in seen.read_bytes()


def use_batches(hunter, folder, monkeypatch):
    """Batches are on the developer plan alone, and one that failed can be sent again."""
    (folder / "prompts.txt").write_text("Hi\n")
    with BackgroundSimulator(load_catalog(), Options(Plan.DEVELOPER, rate=None)) as running:
        monkeypatch.setenv("GROQ_BASE_URL", running.url)
        running.simulator.arm("batch_failed=1*1@batches")
        submit = ("batch", "submit", str(folder / "prompts.txt"), "-m", SMALL)
        (name,) = hunter(*submit).out.split()
        running.simulator._state.clock.advance(60)
        for words in (
            ("batch", "show", name),
            ("batch", "results", name),
            ("batch", "resubmit", name, "--json"),
            ("batch", "cancel", name),
            ("batch", "list", "--json"),
        ):
            assert hunter(*words).code == 0, words
        hunter("batch", "show", "batch_x", "--json")


def ask_for_answers(hunter):
    assert hunter("ask", "Hi", "--json").code == 0
    assert hunter("ask", "-c", "And more?", "--usage", "--profile", "mine").code == 0
    assert hunter("compare", "Hi", "-m", SMALL, "-m", LARGE, "--json").code == 0
    listed = hunter("sessions", "list", "--json")
    session_id = listed.json[0]["id"]
    exported = hunter("sessions", "export", session_id, "--format", "jsonl")
    for words in (
        ("sessions", "show", session_id),
        ("sessions", "export", session_id, "--format", "html"),
        ("sessions", "search", "more"),
        ("sessions", "edit", session_id, "--title", f"With {KEY}", "--add-tag", KEY),
        ("sessions", "list", "--json"),
        ("sessions", "delete", session_id),
        ("sessions", "bin", "--json"),
        ("sessions", "restore", session_id),
        ("sessions", "delete", session_id, "--forever", "--yes"),
    ):
        assert hunter(*words).code == 0, words
    assert hunter("sessions", "import", "-", piped=exported.out.encode()).code == 0


def simulate(process, monkeypatch):
    """What the simulator says while a key is sent to it."""
    child = process("simulate", "--port", "0", "--rate", "0")
    url = child.stdout.readline().decode().strip().removeprefix("GROQ_BASE_URL=")
    monkeypatch.setenv("GROQ_BASE_URL", url)
    asked = process("ask", "Hi", "--no-save")
    out, err = asked.communicate(timeout=120)
    assert asked.returncode == 0
    child.send_signal(signal.SIGINT)
    return "".join(part.decode() for part in (out, err, *child.communicate(timeout=120)))


def test_no_failure_leaves_a_trace_of_a_key(server, hunter, groqchat_home, monkeypatch):
    monkeypatch.setenv("GROQ_API_KEY", KEY)
    groqchat_home.mkdir()
    (groqchat_home / "config.toml").write_text("attempts = 1\n")
    for fault in FAULTS.keys() - SLOW:
        server.arm(f"{fault}@any")
        hunter("ask", "Hi", "--max-wait", "0", "--json")
        server.disarm()
    for fault in ("key_rejected", "network_refused", "cloudflare_html", "over_capacity"):
        server.arm(f"{fault}@models")
        assert hunter("key", "check", "--json").code
        server.disarm()
    monkeypatch.setattr("groqchat.cli.ask.AskedTurn.answered", crash)
    assert hunter("ask", "Hi").code == 1
    assert not found_in(hunter.said)
    assert "log.jsonl" in assert_clean(groqchat_home)
    assert "a bug near gsk_…" in (groqchat_home / "log.jsonl").read_text()


async def crash(*_, **__):
    """A bug that has the key in its hands."""
    key = os.environ["GROQ_API_KEY"]
    raise RuntimeError(f"a bug near {key}")


class Echo(Plain):
    """Answers with what it was sent, where other servers put an explanation."""

    def do_GET(self):  # noqa: N802 - as the base class calls it
        self.complain()

    def do_POST(self):  # noqa: N802 - as above
        self.rfile.read(int(self.headers["content-length"]))
        self.complain()

    def complain(self):
        sent = self.headers["authorization"]
        key = sent.removeprefix("Bearer ")
        error = {"message": f"You sent {sent} ({key})", "type": key, "code": key, "param": sent}
        self.reply("application/json", json.dumps({"error": error}), 400)


def test_a_server_that_echoes_the_key_is_not_quoted(hunter, groqchat_home, monkeypatch):
    monkeypatch.setenv("GROQ_API_KEY", KEY)
    monkeypatch.setenv("GROQCHAT_LOG", "debug")
    with serving(Echo) as url:
        monkeypatch.setenv("GROQ_BASE_URL", url)
        assert hunter("key", "check", "--json").code
        assert hunter("ask", "Hi", "--json").code == 9
        assert hunter("compare", "Hi", "-m", SMALL, "-m", LARGE, "--json").code
        hunter("models")
    assert "You sent Bearer …" in hunter.said
    assert not found_in(hunter.said)
    assert_clean(groqchat_home)


def test_a_key_command_sees_no_key(server, groqchat, groqchat_home, tmp_path, monkeypatch):
    program, seen, vault = (tmp_path / name for name in ("pass.py", "seen", "vault"))
    program.write_text(f"{LOOKING_AROUND}print(pathlib.Path(sys.argv[2]).read_text())\n")
    vault.write_text(KEY)
    groqchat_home.mkdir()
    line = f"{sys.executable} {program} {seen} {vault}"
    (groqchat_home / "config.toml").write_text(f"key_command = '{line}'\n")
    done = groqchat("key", "check", "--from-env")
    assert done.code == 2
    monkeypatch.setenv("ANOTHER_KEY", TYPED.replace("gsk_test", "gsk_"))
    done = groqchat("key", "check", "--json")
    assert (done.code, done.json["source"]) == (0, "command")
    assert not found_in(done.out + done.err)
    assert b"GROQCHAT_HOME" in seen.read_bytes()
    assert not found_in(seen.read_bytes())
    assert_clean(groqchat_home)

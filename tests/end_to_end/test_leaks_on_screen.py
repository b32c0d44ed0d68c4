"""The hunt for keys on the screen: every command of the chat, a storm of errors, and a crash."""

import base64
import re
import sys
from pathlib import Path

import pytest

from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog
from groqchat.ui.commands import BY_ID
from tests.end_to_end.hunt import KEY, LOOKING_AROUND, TYPED, assert_clean, found_in
from tests.end_to_end.terminal import Terminal
from tests.media.sounds import tone, wav

pytestmark = pytest.mark.pty

EDITOR = (
    LOOKING_AROUND
    + """\
path = pathlib.Path(sys.argv[2])
path.write_text(path.read_text() if path.suffix == ".toml" else "Written in the editor")
"""
)

# The program, with a bug that has the key in its hands, its message and its cause.
BUGGY = """\
import sys
from groqchat.ui.chat.program_actions import ProgramActions
from groqchat.cli.main import main

async def show_help(self, _):
    key = self._workspace.account.connection.key.secret.reveal()
    try:
        raise ValueError("Illegal header value b'Bearer " + key + "'")
    except ValueError as error:
        raise RuntimeError("a bug near " + key) from error

ProgramActions.show_help = show_help
sys.exit(main(sys.argv[1:]))
"""

ESCAPE = "\x1b[27u"  # the escape key, and no beginning of another
# For each command what is typed, what then stands on the screen, and what takes it away again.
# Where nothing is said to stand there, what was typed has left the composer.
WALK = {
    "system": ("/system Be brief.\r", "", ""),
    "effort": ("/effort low\r", "", ""),
    "tier": ("/tier on_demand\r", "", ""),
    "longest": ("/max-tokens 600\r", "", ""),
    "schema": ("/schema\r", "Answers are plain text", ""),
    "json": ("/json off\r", "plain text again", ""),
    "set": ("/set\r", "Parameters of", ESCAPE),
    "retry": ("/retry\r", "", ""),
    "continue": ("/continue\r", "", ""),
    "queue": ("/queue\r", "", ""),
    "unqueue": ("/unqueue\r", "", ""),
    "stop": (ESCAPE, "", ""),
    "edit": ("/edit\r", "│ Tell me about keys", "\x03"),
    "compact": ("/compact auto off\r", "", ""),
    "btw": ("/btw And keys?\r", "side question", ""),
    "turn_above": ("\x1b[1;3A", "", ""),
    "turn_below": ("\x1b[1;3B", "", ""),
    "copy": ("\x19", " characters", ""),
    "history": ("\x12", "Prompts sent before", ESCAPE),
    "chip": ("\x1bOS", "Nothing is attached here", ""),
    "editor": ("\x07", "Written in the editor", "\x03"),
    "info": ("/info\r", "asked with", ESCAPE),
    "attach": ("/attach notes.txt\r", "notes.txt · 10 bytes", "\x03"),
    "image": ("/image\r", "", ""),
    "transcribe": ("/transcribe talk.wav\r", "Thank you", "\x03"),
    "prompts": ("/prompts\r", "Type a name and press F3", ESCAPE),
    "talk": ("/talk\r", "ecord", ESCAPE),
    "mcp": ("/mcp\r", "No MCP server yet", ESCAPE),
    "tools": ("/tools\r", "browser_search", ESCAPE),
    "batches": ("/batches\r", "No batch", ESCAPE),
    "rename": ("/rename A talk\r", "", ""),
    "sessions": ("\x13", "● A talk", ESCAPE),
    "find": ("\x06", "all sessions", ESCAPE),
    "export": ("/export talk.md\r", "", ""),
    "import": ("/import talk.json\r", "1 added", ""),
    "backup": ("/backup copy.db\r", "copy.db (", ""),
    "model": ("\x0c", "left today", ESCAPE),
    "compare": ("\x0b", "Compare models", ESCAPE),
    "leaderboard": ("/leaderboard\r", "Leaderboard", ESCAPE),
    "quota": ("\x14", "Cost at list price", "\x14"),
    "cost": ("/cost\r", "", ""),
    "budget": ("/budget\r", "", ""),
    "usage": ("/usage\r", "by session", ESCAPE),
    "plan": ("/plan\r", "tokens a turn", ESCAPE),
    "keys": ("/keys\r", "GROQ_API_KEY (used instead", ESCAPE),
    "errors": ("/errors\r", "─ Errors ─", ESCAPE),
    "toast": ("\x1b[19~", "", ""),
    "reasoning": ("/reasoning\r", "", ""),
    "times": ("/times\r", "", ""),
    "palette": ("\x10", "Start an empty conversation", ESCAPE),
    "theme": ("/theme groq-light\r", "", ""),
    "settings": ("/settings\r", "New sessions", ESCAPE),
    "keymap": ("/keymap\r", "Enter new key", ESCAPE),
    "help": ("\x1bOP", "Enter", ESCAPE),
    "tour": ("/tour\r", "", ""),
    "news": ("/news\r", "", ""),
    "pin": ("/pin\r", "", ""),
    "archive": ("/archive\r", "", ""),
    "tag": ("/tag work\r", "", ""),
    "duplicate": ("/duplicate\r", "", ""),
    "tree": ("/tree\r", "Part of a text", ESCAPE),
    "fork": ("/fork\r", "", ""),
    "undo": ("/undo\r", "No deleted message", ""),
    "delete": ("/delete\r", "in the bin", ""),
    "restore": ("/restore\r", "is restored", ""),
    "bin": ("/bin\r", "No deleted session", ESCAPE),
    "incognito": ("/incognito off\r", "", ""),
    "new": ("\x0e", "Ask anything", ""),
    "quit": ("\x11", "", ""),
}


@pytest.fixture
def server():
    with BackgroundSimulator(load_catalog(), Options(rate=None)) as running:
        yield running


@pytest.fixture
def desk(server, tmp_path, monkeypatch):
    """A folder with an editor that looks around, and an environment with a key."""
    program = tmp_path / "editor.py"
    program.write_text(EDITOR)
    (tmp_path / "notes.txt").write_text("Some notes\n")
    (tmp_path / "talk.json").write_text('[{"role": "user", "content": "An old talk"}]\n')
    wav(tmp_path / "talk.wav", tone(2))
    for name, value in {
        "EDITOR": f"{sys.executable} {program} {tmp_path}/seen",
        "GROQ_API_KEY": KEY,
        "GROQ_BASE_URL": server.url,
        "GROQCHAT_LOG": "debug",
        "GROQ_LOG": "debug",
        "TERM": "xterm-256color",
    }.items():
        monkeypatch.setenv(name, value)
    return tmp_path


def program(folder, code):
    """A program of ours, started in a folder."""
    return [sys.executable, "-c", f"import os; os.chdir({str(folder)!r})\n{code}"]


def assert_nothing_leaked(terminal, desk, home):
    assert not found_in(terminal.raw)
    copied = re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)", bytes(terminal.raw))
    assert not any(found_in(base64.b64decode(each)) for each in copied)
    seen = desk / "seen"
    assert b"GROQCHAT_HOME" in seen.read_bytes()
    assert not found_in(seen.read_bytes())
    assert "groqchat.db" in assert_clean(home)
    assert_clean(desk)


def test_no_command_of_the_chat_leaves_a_trace_of_a_key(desk, groqchat_home):
    """A new command fails this test until it stands in the walk."""
    assert WALK.keys() == BY_ID.keys()
    start = "from groqchat.cli.main import main\nraise SystemExit(main([]))"
    # The sides are folded away at this width, so that it is seen when they are called.
    with Terminal(command=program(desk, start), columns=100) as terminal:
        terminal.wait_for("Enter send")
        terminal.press("Tell me about keys\r")
        terminal.wait_for("tok/s")
        for typed, shown, leave in WALK.values():
            written = typed.removesuffix("\r")
            terminal.press(written)
            if written != typed:
                terminal.wait_for(f"│ {written}")
                terminal.press("\r")
                terminal.wait_for(f"│ {written}", gone=True)
            if shown:
                terminal.wait_for(shown)
            while leave and shown in terminal.text:
                # What has just appeared may not listen to keys yet.
                terminal.press(leave)
                terminal.read_until(lambda shown=shown: shown not in terminal.text, 0.3)
        assert terminal.wait_exit() == 0
    assert b"\x1b]52;c;" in terminal.raw
    assert (desk / "talk.md").is_file()
    assert_nothing_leaked(terminal, desk, groqchat_home)


def test_a_stormy_session_leaves_no_trace_of_its_keys(server, desk, groqchat_home):
    with Terminal(command=program(desk, BUGGY)) as terminal:
        terminal.wait_for("Enter send")
        prompt = "Tell me about keys\r"
        for fault, said in (
            ("network_refused", "network settings"),
            ("cloudflare_html", "Cloudflare"),
            ("unprocessable", "422"),
        ):
            server.simulator.arm(f"{fault}*1@chat")
            terminal.press(prompt)
            terminal.wait_for(said)
            prompt = "r"
        terminal.press(prompt)
        terminal.wait_for("tok/s")
        terminal.press("\x07")
        terminal.wait_for("Written in the editor")
        terminal.press("\r")
        terminal.wait_for("You asked about: Written")
        terminal.press("/keys\r")
        terminal.wait_for("GROQ_API_KEY (used instead")
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
        terminal.press(ESCAPE)
        terminal.wait_for("is used for this run", gone=True)
        terminal.press("\x1bOP")
        terminal.wait_exit()
    assert b"this is a bug in groqchat" in terminal.raw
    assert "a bug near gsk_" in (groqchat_home / "log.jsonl").read_text()
    assert not found_in(cmdline)
    assert_nothing_leaked(terminal, desk, groqchat_home)

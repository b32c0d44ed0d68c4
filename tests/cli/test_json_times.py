"""All commands write times in JSON in one way: as Unix times, in seconds."""

import argparse
import json
import re
import sys
import time
from itertools import chain

import pytest

from groqchat.cli.main import CommandParser, build_parser
from groqchat.domain.compare.compare import Note, Verdict, Vote
from groqchat.services.account.keys import MemoryKeyStore
from groqchat.storage.settings.paths import folders
from tests.cli.conftest import KEY
from tests.cli.test_leaderboard import keep
from tests.mcp.conftest import HOSTILE
from tests.media.sounds import tone, wav
from tests.team.conftest import cluster, database, team_url

__all__ = ["cluster", "database", "team_url"]  # their fixtures are used here

A, B = "openai/gpt-oss-120b", "openai/gpt-oss-20b"
LIMITS = ("--model", A, "--tokens", "2000")
COST = ("--model", A, "--input", "1M", "--output", "1M")
AUDIO = ("--model", "whisper-large-v3-turbo", "--hours", "1")
# The fields that are times, and those that are days.
TIMES = {"created", "updated", "time", "last_checked", "last_used", "deleted"}
DAYS = {"as_of", "retired_on", "key"}
_CLOCK = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@pytest.fixture
def keyring(monkeypatch):
    """A keyring in memory that outlives single commands."""
    key_store = MemoryKeyStore()
    monkeypatch.setattr("groqchat.bootstrap.SystemKeyring", lambda: key_store)
    return key_store


def with_json(parser, path=()):
    """The commands below a parser that print JSON."""
    if isinstance(parser, CommandParser):
        parser.load()
    below = [each for each in parser._actions if isinstance(each, argparse._SubParsersAction)]
    for action in below:
        for name, command in action.choices.items():
            yield from with_json(command, (*path, name))
    if not below and any("--json" in action.option_strings for action in parser._actions):
        yield " ".join(path)


def fields(document, name=""):
    """Every value of a document with the name of its field."""
    if isinstance(document, dict):
        for key, value in document.items():
            yield from fields(value, key)
    elif isinstance(document, list):
        for value in document:
            yield from fields(value, name)
    else:
        yield name, document


def batch_documents(groqchat, folder, server):
    """What the commands of batches print with ``--json``."""
    prompts = folder / "prompts.txt"
    prompts.write_text("What is a limit?\nWhat is a batch?\n")
    server.arm("batch_failed=100@batches")
    first = groqchat("batch", "submit", prompts, "-m", B, "--wait", "--json").json
    yield "batch submit", first
    yield "batch show", groqchat("batch", "show", first["id"], "--json").json
    server.disarm()
    yield "batch resubmit", groqchat("batch", "resubmit", first["id"], "--wait", "--json").json
    results = groqchat("batch", "results", first["id"], "--json").out
    yield "batch results", [json.loads(line) for line in results.splitlines()]
    yield "batch list", groqchat("batch", "list", "--json").json
    yield "batch cancel", groqchat("batch", "cancel", first["id"], "--json").json


def tool_documents(groqchat):
    """What the commands of tools and their servers print with ``--json``."""
    server = (sys.executable, "-S", str(HOSTILE), "plain")
    yield "mcp add", groqchat("mcp", "add", "--json", "s", "--", *server).json
    yield "mcp list", groqchat("mcp", "list", "--json").json
    yield "mcp test", groqchat("mcp", "test", "--json").json
    yield "tools list", groqchat("tools", "list", "--json").json
    yield "tools try", groqchat("tools", "try", "s__read_file", "--json").json
    groqchat("mcp", "add", "a", "--url", "https://example.org/mcp")
    token = groqchat("mcp", "token", "a", "--stdin", "--json", piped=b"t0ken")
    yield "mcp token", token.json
    yield "mcp remove", groqchat("mcp", "remove", "a", "--json").json


def team_documents(groqchat, url):
    """What the commands of a team print with ``--json``."""
    made = groqchat("team", "init", url, "--stdin", "--json", piped=b"secret-owner")
    yield "team init", made.json
    yield "team status", groqchat("team", "status", "--json").json
    yield "team members", groqchat("team", "members", "--json").json
    yield "team runs", groqchat("team", "runs", "--json").json


def set_documents(groqchat, folder):
    """What the commands of sets print with ``--json``."""
    asked, config = folder / "prompts.jsonl", folder / "promptfooconfig.yaml"
    asked.write_text('{"prompt": "Hello there"}')
    out = groqchat("sets", "export", asked, "-m", A, "-o", config, "--json")
    yield "sets export", out.json
    back = groqchat("sets", "import", config, "-o", folder / "back.jsonl", "--json")
    yield "sets import", back.json


def documents(groqchat, folder):
    """What each command prints with ``--json``, where there is something to print."""

    def said(*argv, piped=b""):
        outcome = groqchat(*argv, "--json", piped=piped)
        assert outcome.code == 0, (argv, outcome.err)
        return outcome.json

    key, exported = f"{KEY}\n".encode(), folder / "talk.json"
    yield "ask", said("ask", "Hello there")
    yield "compare", said("compare", "Hello there", "-m", A, "-m", B)
    (chat,) = [each for each in said("sessions", "list") if each["kind"] == "chat"]
    now = time.time()
    keep(
        Vote(chat["id"], 1, now, (A, B), Verdict.WINNER, A),
        Note(chat["id"], 1, now, "Good", "code"),
    )
    yield "leaderboard", said("leaderboard")
    yield "key add", said("key", "add", "--stdin", "--profile", "work", piped=key)
    yield "key check", said("key", "check", "--all")
    yield "key list", said("key", "list")
    yield "key rename", said("key", "rename", "work", "office")
    yield "key use", said("key", "use", "office")
    yield "key remove", said("key", "remove", "office")
    yield "models", said("models", "--all")
    yield "models", said("models", "--for")
    yield "plan limits", said("plan", "limits", *LIMITS)
    yield "plan cost", said("plan", "cost", *COST)
    yield "plan tiers", said("plan", "tiers", "--model", A)
    yield "plan audio", said("plan", "audio", *AUDIO)
    yield "quota", said("quota")
    yield "help", said("help")
    for group in ("day", "model", "session", "profile"):
        yield "usage", said("usage", "--by", group)
    yield "sessions list", said("sessions", "list")
    yield "sessions search", said("sessions", "search", "Hello")
    yield "sessions show", said("sessions", "show", chat["id"])
    groqchat("sessions", "export", chat["id"], "-o", str(exported))
    yield "sessions export", said("sessions", "export", chat["id"])
    yield "sessions edit", said("sessions", "edit", chat["id"], "--pin")
    yield "sessions delete", said("sessions", "delete", chat["id"])
    yield "sessions bin", said("sessions", "bin")
    yield "sessions restore", said("sessions", "restore", chat["id"])
    yield "sessions delete", said("sessions", "delete", chat["id"], "--forever", "--yes")
    yield "sessions import", said("sessions", "import", str(exported))
    backup = folder / "backup.db"
    prompt = folders().prompts / "hello.md"
    prompt.parent.mkdir(exist_ok=True)
    prompt.write_text("Hello {{name}}")
    yield "prompts list", said("prompts", "list")
    yield "prompts show", said("prompts", "show", "hello")
    yield "backup", said("backup", str(backup))
    yield "restore", said("restore", str(backup))
    yield "transcribe", said("transcribe", str(wav(folder / "talk.wav", tone(2))))
    yield "speak", said("speak", "Hello there", "-o", str(folder / "hello.wav"))
    yield "help", said("help")
    yield "doctor", json.loads(groqchat("doctor", "--json").out)


def test_times_are_unix_times_in_the_json_of_every_command(
    developer, groqchat, keyring, tmp_path, team_url
):
    now, tried, seen = time.time(), set(), set()
    batches = batch_documents(groqchat, tmp_path, developer)
    tools = tool_documents(groqchat)
    team = team_documents(groqchat, team_url)
    sets = set_documents(groqchat, tmp_path)
    for command, document in chain(documents(groqchat, tmp_path), batches, tools, team, sets):
        tried.add(command)
        for name, value in fields(document):
            where = (command, name, value)
            if name in TIMES and value is not None:
                seen.add(name)
                assert isinstance(value, int | float), where
                assert now - 60 < value < now + 600, where
            elif isinstance(value, str) and _DAY.search(value) and len(value) < 40:
                assert not _CLOCK.search(value), where
                assert name in DAYS, where
                assert _DAY.fullmatch(value), where
            elif name not in TIMES and isinstance(value, float):
                assert not now - 60 < value < now + 600, f"{where} is a time by its value"
    assert tried == set(with_json(build_parser()))
    assert {"created", "updated", "time", "last_checked"} <= seen

"""The table of slash commands is whole, and says the truth."""

import re
import wave
from importlib.resources import files

import pytest

from groqchat.catalog.guides import GUIDES
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.plain.dispatch import Dispatch
from groqchat.cli.plain.help import ALL, MOST_USED, TOPICS
from groqchat.cli.plain.table import EXTRAS, TABLE, rows
from groqchat.ui.commands import COMMANDS
from tests.cli.plain.test_chat import piped

# Lines typed one after another into one chat, and what is said to each.
SCRIPT = (
    ("greeting", r"\[openai/gpt-oss-120b, "),
    ("/info", "answered by: openai/gpt-oss-120b"),
    ("/copy", "Copied|Nothing here takes a copy"),
    ("/copy request", "Nothing here takes a copy|Copied"),
    ("/last", "Prompt: greeting"),
    ("/retry", r"\[openai/gpt-oss-120b, "),
    ("/continue", "The last answer is complete"),
    ("/queue", "Nothing is queued"),
    ("/unqueue", "Nothing is queued"),
    ("/drop", "Nothing is unsent"),
    ("/edit", "no terminal for an editor"),
    ("/write", "no terminal for an editor"),
    ("/settings file", "no terminal for an editor"),
    ("/settings longest_wait", r"1\. longest_wait_s: 60"),
    ("1", "It takes a number from 0 to"),
    ("30", r"longest_wait_s: 30.*, line \d+"),
    ("/settings theme", r"1\. theme: empty, default"),
    ("/keymap", "Lines have no keys to bind"),
    ("/compact auto", "you are asked what to leave out"),
    ("/compact", "1. Leave out the oldest turn"),
    ("/btw What is that?", r"\[openai/gpt-oss-120b, "),
    ("/system Be brief", "System prompt set"),
    ("/effort low", "Reasoning effort: low"),
    ("/tier", "flex: "),
    ("/tier flex", "Service tier: flex"),
    ("/max-tokens 200", "Longest answer: 200 tokens"),
    ("/set", "Further parameters: none set"),
    ("/set temperature 0.3", "temperature: 0.3"),
    ("/schema name, age int?", "Answers are JSON with name, age"),
    ("/json", "Answers are JSON objects"),
    ("/json off", "Answers are plain text again"),
    ("/prompts", "There are no prompts yet|prompts"),
    ("/prompts nope", "/prompts nope: "),
    ("/attach {folder}/notes.md", "It goes with the next prompt"),
    ("/transcribe {folder}/tone.wav", "It goes before the next prompt"),
    ("/drop", "Forgotten"),
    ("/image", "Lines know no copied image"),
    ("/talk", "Record a file"),
    ("/theme", "the colours of your terminal"),
    ("/rename Another title", "Renamed: “Another title”"),
    ("/rename auto", r"(?s)^Ask openai/gpt-oss-20b .*cost ≈ \$0\.0.*Type y ask for a title\.$"),
    ("/rename auto gpt", "'gpt' may be "),
    ("/rename auto 20b", "Ask openai/gpt-oss-20b for a title"),
    ("y", "Renamed: “"),
    ("/rename Another title", "Renamed: “Another title”"),
    ("/pin", "Pinned above"),
    ("/sessions", "1. Another title: open now, pinned, "),
    ("1", "Session “Another title”"),
    ("/archive", "Archived: out"),
    ("/archive", "Back in the lists"),
    ("/tag +work -home", "Tags: work"),
    ("/tree", "2. "),
    ("1", "The next prompt follows this branch"),
    ("/search greeting", "1. Another title: "),
    ("1", "Session “Another title”"),
    ("/duplicate", "Session “Copy of Another title”"),
    ("/fork", "Session “Fork of "),
    ("/delete message", "Deleted: 1 message"),
    ("/undo", "Restored: 1 message"),
    ("/delete", "The session is in the bin"),
    ("/bin", "1. Fork of "),
    ("/restore", "Session “Fork of "),
    ("/bin", "The bin is empty"),
    ("/new", "New session"),
    ("/export", "There is nothing to export"),
    ("/sessions another", "1. "),
    ("1", "Session “"),
    ("/export {folder}/talk.md", "Exported to "),
    ("/import {folder}/old.jsonl", "1 added|added"),
    ("/backup {folder}/copy.db", "copy.db"),
    ("/model", "Type a number to take one"),
    ("/model vision", r"1\. qwen/"),
    ("/model 20b", "gpt-oss-20b"),
    ("/quota", "RPM, requests per minute: "),
    ("/cost", r"This session: \$0\."),
    ("/budget 10", r"Monthly budget: \$10\.00"),
    ("/usage", "model openai/gpt-oss-120b, requests "),
    ("/plan", "calls"),
    ("/leaderboard", "votes"),
    ("/batches", "batch"),
    ("/mcp", "server"),
    ("/tools", "browser_search: "),
    ("/tools browser_search", "browser_search is on"),
    ("/tools off", "All tools are off"),
    ("/keys", "a enter a key"),
    ("/errors", "There was no error"),
    ("/reasoning", "thoughts are read"),
    ("/times", "times of prompts are said"),
    ("/compare 120b 20b", "Column 2: openai/gpt-oss-20b"),
    ("/keep 1", "There is no answer to go on with"),
    ("/compare off", "Back in the chat"),
    ("/help", "The most used commands:"),
    ("/help all", "/theme .*: Not here. "),
    ("/help spending", r"/budget \[session\]"),
    ("/help /fork", "^/fork: "),
    ("/help clear", "/new: New session"),
    ("/help spendign", "did you mean spending"),
    ("/help plain", "the chat by lines"),
    ("/tour", "/help lists what there is here"),
    ("/news", "## 0"),
    ("/incognito", "The incognito|Incognito"),
    ("/quit", "The incognito chat is gone"),
)


def test_every_slash_command_has_a_row_and_a_method():
    assert list(TABLE) == [command.slash for command in COMMANDS if command.slash]
    assert not EXTRAS.keys() & TABLE.keys()
    worded = {usage.split()[0].removeprefix("/") for usage, does, _ in rows() if does}
    assert worded == TABLE.keys() | EXTRAS.keys()


def test_every_slash_command_is_in_a_topic_whose_name_means_nothing_else():
    named = [word for topic in TOPICS.values() for word in topic]
    assert sorted(named) == sorted([*TABLE, *EXTRAS])
    assert {*MOST_USED} < {*named}
    assert not TOPICS.keys() & {ALL, *GUIDES, *TABLE, *EXTRAS}


def test_those_that_work_are_those_that_are_dispatched(monkeypatch):
    class Anything:
        def __getattr__(self, name):
            return Anything()

        def __call__(self, *_, **__):
            return Anything()

    methods = Dispatch(Anything(), Anything()).methods
    assert methods.keys() == {word for word, row in TABLE.items() if row.works} | EXTRAS.keys()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "notes.md").write_text("Notes.\n")
    (tmp_path / "old.jsonl").write_text(
        '{"id": "old1", "title": "Old", "messages": [{"role": "user", "content": "hi"}]}\n'
    )
    with wave.open(str(tmp_path / "tone.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(16000)
        sound.writeframes(b"\0\0" * 16000)
    return tmp_path


def test_each_command_does_what_its_row_says(simulator, process, folder):
    script = [(line.format(folder=folder), wanted) for line, wanted in SCRIPT]
    code, out, err = piped(process, "".join(f"{line}\n" for line, _ in script))
    assert err == ""
    assert code == ExitCode.DONE
    assert "bug in groqchat" not in out
    left = out
    for line, wanted in script:
        _, echo, left = left.partition(f"> {line}\n")
        assert echo, (line, out)
        said = left.partition("\n> ")[0] if wanted[0] != "\\" else left
        assert re.search(wanted, said), (line, said)


def test_the_script_types_every_command():
    typed = {line.split()[0].removeprefix("/") for line, _ in SCRIPT if line.startswith("/")}
    assert typed == TABLE.keys() | EXTRAS.keys()


def test_the_guide_has_the_table():
    guide = files("groqchat").joinpath("cli/plain/plain.md").read_text(encoding="utf-8")
    for usage, does, works in rows():
        assert (
            f"| `{usage.replace('|', chr(92) + '|')}` | {'yes' if works else 'no'} | {does} |"
            in guide
        )

"""``groqchat sessions import``: files of other programs, several at once, and what is left out."""

import json
import os
import signal
import subprocess
import sys

import pytest

from groqchat.cli.archives.imports import FORMATS
from groqchat.storage.imports.sources import FORMS
from tests.samples import SAMPLES

COUNTS = {
    "chatgpt-conversations.json": (2, 11), "chatgpt-export.zip": (2, 11),
    "claude-conversations.json": (2, 8), "claude-export.zip": (2, 8),
    "elia-1.10.0.sqlite": (3, 6), "llm-0.31.1-then-0.36-logs.db": (1, 6),
    "llm-0.36-logs.db": (6, 18), "openwebui-bare.json": (1, 2), "openwebui-export.json": (2, 7),
    "oterm-0.26.1-store.db": (1, 4), "parllama-0.10.1-chat.json": (1, 5),
}  # fmt: skip


def test_every_format_can_be_named():
    assert set(FORMATS) == {"auto", *FORMS}


@pytest.mark.parametrize("name", COUNTS)
def test_a_file_of_another_program_is_imported_once(groqchat, name):
    sessions, messages = COUNTS[name]
    done = groqchat("sessions", "import", SAMPLES / name, "--json")
    assert (done.code, done.json["added"], done.json["messages"]) == (0, sessions, messages)
    again = groqchat("sessions", "import", SAMPLES / name)
    assert (again.code, again.out) == (0, f"0 added, {sessions} were there already.\n")


def test_all_files_at_once_come_back_from_our_own_export_to_the_byte(
    groqchat, tmp_path, monkeypatch
):
    files = [SAMPLES / name for name in COUNTS]
    # The same conversations are in ChatGPT's and Claude's files and archives.
    done = groqchat("sessions", "import", *files)
    assert (done.code, done.out) == (0, "19 added, 4 were there already.\n")
    shelves = [(), ("--archived",)]  # archived there is archived here
    listed = [groqchat("sessions", "list", "--json", *shelf).json for shelf in shelves]
    assert [len(each) for each in listed] == [17, 2]
    ids = [each["id"] for shelf in listed for each in shelf]
    first = [groqchat("sessions", "export", name, "--format", "jsonl").out for name in ids]
    (tmp_path / "all.jsonl").write_text("".join(first))
    monkeypatch.setenv("GROQCHAT_HOME", str(tmp_path / "elsewhere"))
    assert groqchat("sessions", "import", tmp_path / "all.jsonl").out.startswith("19 added, 0 were")
    again = [groqchat("sessions", "export", name, "--format", "jsonl").out for name in ids]
    assert again == first


def test_what_is_left_out_is_counted_and_named(groqchat):
    done = groqchat("sessions", "import", SAMPLES / "chatgpt-export.zip")
    assert "Left out, conversations-001.json: session 2 (Damaged): there are no mess" in done.err
    (line,) = [each for each in done.err.splitlines() if each.startswith("Not imported: ")]
    for part in ("1 broken image", "1 tool call", "1 tool result", "1 empty chat"):
        assert part in line
    done = groqchat("sessions", "import", SAMPLES / "oterm-0.26.1-store.db")
    assert "oterm keeps no times" in done.err


def test_a_source_that_grew_adds_its_new_messages(groqchat, tmp_path):
    name = "claude-conversations.json"
    groqchat("sessions", "import", SAMPLES / name)
    chats = json.loads((SAMPLES / name).read_text())
    chats[0]["chat_messages"].append(
        {"uuid": "new", "sender": "human", "text": "Thanks", "content": [],
         "created_at": "2026-06-01T00:00:00Z",
         "parent_message_uuid": chats[0]["chat_messages"][-1]["uuid"]}
    )  # fmt: skip
    (tmp_path / name).write_text(json.dumps(chats))
    done = groqchat("sessions", "import", tmp_path / name)
    assert done.out == "0 added, 2 were there already (1 got new messages).\n"
    shown = groqchat("sessions", "show", chats[0]["uuid"]).out
    assert "\n\nThanks\n" in shown
    done = groqchat("sessions", "import", tmp_path / name, "--json").json
    assert (done["grown"], done["messages"], done["present"]) == (0, 0, 2)


def test_one_unreadable_file_of_several_is_named_and_refuses_no_other(groqchat, tmp_path):
    good = SAMPLES / "openwebui-bare.json"
    done = groqchat("sessions", "import", tmp_path / "none.json", good, "--json")
    assert (done.code, done.json["added"]) == (0, 1)
    (failed,) = done.json["failed"]
    assert failed["where"] == str(tmp_path / "none.json")
    assert "No such file" in failed["reason"]


def test_many_failures_are_not_all_told_one_by_one(groqchat, tmp_path):
    file = tmp_path / "many.json"
    chats = json.loads((SAMPLES / "openwebui-bare.json").read_text())
    file.write_text(json.dumps([*({"title": f"t{n}"} for n in range(50)), *chats]))
    done = groqchat("sessions", "import", file)
    assert done.code == 0
    assert done.err.count("Left out, session ") == 20
    assert "Left out, 30 more; --json names all." in done.err


@pytest.mark.parametrize(
    ("name", "options", "complaint"),
    [
        ("claude-conversations.json", ("--from", "chatgpt"), "no `mapping`"),
        ("claude-conversations.json", ("--from", "llm"), "is no database of llm"),
        ("elia-1.10.0.sqlite", ("--from", "oterm"), "it has not the tables of oterm"),
        (".", (), "Is a directory"),
    ],
)
def test_what_cannot_be_read_ends_with_a_sentence(groqchat, name, options, complaint):
    done = groqchat("sessions", "import", SAMPLES / name, *options)
    assert (done.code, done.out) == (2, "")
    assert complaint in done.err
    assert "Traceback" not in done.err


def test_ctrl_c_while_a_file_is_read_has_stored_nothing(groqchat):
    code = """
import os, signal, sys
from groqchat.cli.main import main
from groqchat.storage.imports import sources
def interrupted(*_, **__):
    os.kill(os.getpid(), signal.SIGINT)
    signal.pause()
sources.read_sessions = interrupted
sys.exit(main(["sessions", "import", "--json", *sys.argv[1:]]))
"""
    run = subprocess.run(
        [sys.executable, "-c", code, str(SAMPLES / "openwebui-bare.json")],
        capture_output=True, text=True, timeout=60, check=False, env=os.environ.copy(),
    )  # fmt: skip
    assert run.returncode == 130 == 128 + signal.SIGINT
    told = json.loads(run.stdout)
    assert (told["added"], told["interrupted"]) == (0, True)
    assert groqchat("sessions", "list", "--json").json == []

"""``groqchat sessions``: found, read, taken out, brought in and removed."""

import errno
import json
import os
import sqlite3
import subprocess
import sys

import pytest

from groqchat.services.sessions import session_imports
from groqchat.storage import export_files
from groqchat.storage.database import archives

TALK = [
    {"role": "user", "content": "What is a llama?"},
    {"role": "assistant", "content": "A **camelid**.", "model": "m/1"},
]


@pytest.fixture
def imported(groqchat, tmp_path):
    """A file with two sessions, imported."""
    file = tmp_path / "old.jsonl"
    second = {"id": "abc123", "title": "Second", "messages": TALK}
    file.write_text(f"{json.dumps(TALK)}\n{json.dumps(second)}\n")
    assert groqchat("sessions", "import", file).out == "2 added, 0 were there already.\n"
    return file


def test_without_any_there_is_an_empty_list(groqchat):
    done = groqchat("sessions", "list")
    assert (done.code, done.out) == (0, "")
    assert "no sessions yet" in done.err
    assert groqchat("sessions", "list", "--json").json == []


def test_importing_again_adds_nothing(groqchat, imported):
    again = groqchat("sessions", "import", imported, "--json")
    assert again.json == {
        "added": 0, "present": 2, "known": 2, "grown": 0, "messages": 0, "failed": [],
        "left_out": [], "omitted": {}, "remarks": [],
    }  # fmt: skip
    piped = groqchat("sessions", "import", "-", "--json", piped=imported.read_bytes())
    assert piped.json == again.json


def test_an_import_that_breaks_off_leaves_whole_sessions_alone(groqchat, tmp_path, monkeypatch):
    file = tmp_path / "old.jsonl"
    file.write_text(f"{json.dumps(TALK)}\n{json.dumps([*TALK, *TALK])}\n")
    put, put_so_far = archives.put_copies, []

    def put_one(db, session_id, copies):
        put(db, session_id, copies)
        if put_so_far:
            raise sqlite3.OperationalError("the power went")
        put_so_far.append(session_id)

    with monkeypatch.context() as breaking:
        breaking.setattr(archives, "put_copies", put_one)
        breaking.setattr(session_imports, "MOST_MESSAGES", 2)
        assert groqchat("sessions", "import", file).code == 10
    assert [session["turns"] for session in groqchat("sessions", "list", "--json").json] == [1]
    done = groqchat("sessions", "import", file, "--json").json
    assert (done["added"], done["present"], done["messages"]) == (1, 1, 4)


@pytest.mark.parametrize("option", [(), ("--json",)])
def test_ctrl_c_in_an_import_says_how_far_it_came(groqchat, tmp_path, option):
    file = tmp_path / "old.jsonl"
    file.write_text("".join(f"{json.dumps({'id': f's{n}', 'messages': TALK})}\n" for n in range(9)))
    code = """
import os, signal, sys
from groqchat.cli.main import main
from groqchat.services.sessions import session_imports
from groqchat.storage.database.sessions import Sessions
add = Sessions.add_archives
async def interrupted(store, archives):
    if archives[0].session.id == "s4":
        os.kill(os.getpid(), signal.SIGINT)
    return await add(store, archives)
Sessions.add_archives = interrupted
session_imports.MOST_MESSAGES = 8
sys.exit(main(["sessions", "import", *sys.argv[1:]]))
"""
    run = subprocess.run(
        [sys.executable, "-c", code, str(file), *option],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 130
    # The transaction under way was finished.
    assert run.stderr == (
        "Stopped. 8 of 9 sessions are stored, each of them whole. The same command adds the rest.\n"
    )
    assert len(groqchat("sessions", "list", "--json").json) == 8
    if option:
        told = json.loads(run.stdout)
        assert (told["added"], told["messages"], told["interrupted"]) == (8, 16, True)
    else:
        assert run.stdout == ""
    assert groqchat("sessions", "import", file).out == "1 added, 8 were there already.\n"


def test_the_list_has_the_promised_fields(groqchat, imported):
    listed = groqchat("sessions", "list", "--json").json
    assert {session["title"] for session in listed} == {"What is a llama?", "Second"}
    for session in listed:
        assert set(session) >= {"id", "title", "created", "updated", "model", "turns", "cost_usd"}
        assert (session["turns"], session["cost_usd"], session["model"]) == (1, None, "m/1")
    table = groqchat("sessions", "list").out
    assert "abc123" in table
    assert "Second" in table


def test_words_are_found(groqchat, imported):
    hits = groqchat("sessions", "search", "camelid", "--json").json
    assert {hit["session_id"] for hit in hits} >= {"abc123"}
    assert all("camelid" in hit["snippet"] for hit in hits)
    assert "No message matches" in groqchat("sessions", "search", "dromedary").err


@pytest.mark.parametrize("form", ["markdown", "json", "jsonl", "html"])
def test_a_session_is_exported_in_every_form(groqchat, imported, tmp_path, form):
    shown = groqchat("sessions", "show", "abc", "--format", form)
    assert "camelid" in shown.out
    file = tmp_path / "out"
    done = groqchat("sessions", "export", "abc", "--format", form, "-o", file)
    assert (done.code, done.out) == (0, "")
    assert file.read_text() == shown.out


def test_an_export_goes_over_no_file_of_the_users(groqchat, imported, tmp_path):
    mine = tmp_path / "thesis.md"
    mine.write_text("Mine")
    refused = groqchat("sessions", "export", "abc", "-o", mine)
    assert (refused.code, mine.read_text()) == (2, "Mine")
    assert "thesis.md is there already" in refused.err
    assert groqchat("sessions", "export", "abc", "-o", tmp_path).code == 0
    assert (tmp_path / "Second.md").read_text().startswith("# Second\n")


def test_a_full_disk_is_no_wrong_path(groqchat, imported, tmp_path, monkeypatch):
    nowhere = groqchat("sessions", "export", "abc", "-o", tmp_path / "gone" / "out.md")
    assert nowhere.code == 2

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(export_files, "_write_new", full)
    done = groqchat("sessions", "export", "abc", "-o", tmp_path / "out.md", "--json")
    assert (done.code, done.json["error"]["kind"]) == (10, "storage")
    assert "out.md" in done.err or "out.md" in done.json["error"]["message"]


def test_a_dash_is_stdout_and_no_file(groqchat, imported, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shown = groqchat("sessions", "show", "abc", "--format", "html").out
    done = groqchat("sessions", "export", "abc", "--format", "html", "-o", "-")
    assert (done.code, done.out, done.err) == (0, shown, "")
    assert not (tmp_path / "-").exists()
    named = groqchat("sessions", "export", "abc", "--format", "html", "-o", "./-")
    assert (named.code, named.out, (tmp_path / "-").read_text()) == (0, "", shown)


def test_the_ending_of_a_file_says_its_form(groqchat, imported, tmp_path):
    for name, beginning in (("a.html", "<!doctype html>"), ("a.json", "{\n"), ("a.jsonl", '{"')):
        groqchat("sessions", "export", "abc", "-o", tmp_path / name)
        assert (tmp_path / name).read_text().startswith(beginning)
    refused = groqchat("sessions", "export", "abc", "-o", tmp_path / "a.pdf")
    assert refused.code == 2
    assert "not in .pdf" in refused.err
    assert not (tmp_path / "a.pdf").exists()
    forced = groqchat("sessions", "export", "abc", "-o", tmp_path / "a.pdf", "--format", "html")
    assert forced.code == 0


def test_what_was_exported_can_be_imported(groqchat, imported, tmp_path, monkeypatch):
    line = groqchat("sessions", "export", "abc", "--format", "jsonl").out
    monkeypatch.setenv("GROQCHAT_HOME", str(tmp_path / "another"))
    assert groqchat("sessions", "import", "-", "--json", piped=line.encode()).json["added"] == 1
    assert "camelid" in groqchat("sessions", "show", "abc123").out


def test_deleted_is_gone(groqchat, imported):
    refused = groqchat("sessions", "delete", "--forever", "abc")
    assert (refused.code, refused.out) == (2, "")
    assert "-y deletes without asking" in refused.err
    assert len(groqchat("sessions", "list", "--json").json) == 2
    assert groqchat("sessions", "delete", "--forever", "abc", "-y").code == 0
    assert len(groqchat("sessions", "list", "--json").json) == 1
    assert groqchat("sessions", "bin", "--json").json == []


def test_several_are_deleted_at_once_or_none(groqchat, imported):
    first = groqchat("sessions", "list", "--json").json[0]["id"]
    unknown = groqchat("sessions", "delete", "-y", first, "zzz")
    assert unknown.code == 2
    assert len(groqchat("sessions", "list", "--json").json) == 2
    names = sorted(each["id"] for each in groqchat("sessions", "list", "--json").json)
    done = groqchat("sessions", "delete", "-y", "--json", *names, names[0])
    assert done.json == {"id": names[0], "ids": names}
    assert groqchat("sessions", "list", "--json").json == []


def test_ids_are_shown_as_long_as_tells_them_apart(groqchat, tmp_path):
    file = tmp_path / "alike.jsonl"
    lines = [
        f'{{"id": "1m82pjvd{end}", "messages": [{{"role": "user", "content": "x"}}]}}'
        for end in ("tp2vr", "tx000", "w0000")
    ]
    file.write_text("\n".join(lines))
    groqchat("sessions", "import", file)
    shown = [line.split()[0] for line in groqchat("sessions", "list").out.splitlines()[1:]]
    assert sorted(shown) == ["1m82pjvdtp", "1m82pjvdtx", "1m82pjvdw0"]
    for words in (("sessions", "show", "1m82pjvdt"), ("ask", "x", "--session", "1m82pjvdt")):
        done = groqchat(*words)
        assert done.code in {2, 3}
    done = groqchat("sessions", "show", "1m82pjvdt")
    assert done.code == 2
    assert "ambiguous: '1m82pjvdt' is the beginning of 1m82pjvdt" in done.err
    assert "1m82pjvdtx000" in done.err
    assert "1m82pjvdw" not in done.err


def test_a_limit_of_zero_means_all(groqchat, tmp_path):
    file = tmp_path / "many.jsonl"
    many = (f'[{{"role": "user", "content": "word {number}"}}]' for number in range(51))
    file.write_text("\n".join(many))
    groqchat("sessions", "import", file)
    for words in (("list",), ("search", "word")):
        for limit, number in ((("-n", "2"), 2), ((), 50), (("--limit", "0"), 51)):
            assert len(groqchat("sessions", *words, *limit, "--json").json) == number
    assert groqchat("sessions", "list", "--limit", "-1").code == 2


@pytest.mark.parametrize("command", ["show", "export", "delete"])
def test_an_unknown_id_is_said_to_be(groqchat, command):
    done = groqchat("sessions", command, "zzz")
    assert (done.code, done.out) == (2, "")
    assert "there is no session 'zzz'" in done.err


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(b"{", "line 1"), (b"\xff", "not text in UTF-8"), (b'{"messages": []}', "no messages")],
)
def test_a_file_that_makes_no_sense_changes_nothing(groqchat, tmp_path, content, complaint):
    file = tmp_path / "bad.jsonl"
    file.write_bytes(content)
    done = groqchat("sessions", "import", file)
    assert done.code == 2
    assert complaint in done.err
    assert groqchat("sessions", "list", "--json").json == []


def test_one_bad_line_refuses_no_other_and_is_named(groqchat, tmp_path):
    file = tmp_path / "tuning.jsonl"
    call = {"role": "assistant", "tool_calls": [{"function": {"name": "look"}}]}
    lines = [{"messages": [*TALK, call]}, {"messages": [call]}, {"messages": TALK[:1]}]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    done = groqchat("sessions", "import", file)
    assert (done.code, done.out) == (0, "2 added, 0 were there already.\n")
    assert "Left out, line 1, message 3: the call of look." in done.err
    assert "Left out, line 2: there are no messages that can be kept; message 1" in done.err
    again = groqchat("sessions", "import", file, "--json").json
    assert [(each["where"], each["title"]) for each in again["left_out"]] == [
        ("line 1, message 3", "What is a llama?")
    ]
    assert [each["where"] for each in again["failed"]] == ["line 2"]


def test_a_file_that_is_not_there(groqchat, tmp_path):
    assert "cannot read" in groqchat("sessions", "import", tmp_path / "none").err


def test_a_model_writes_the_title_that_is_asked_for_and_its_price_is_said(
    groqchat, imported, simulator
):
    done = groqchat("sessions", "edit", "abc123", "--auto-title")
    assert done.code == 0
    assert "What is a llama?" in done.out
    assert "for a title: ≈ " in done.err
    assert "cost ≈ $0.0000" in done.err
    named = groqchat("sessions", "edit", "abc123", "--auto-title", "-m", "gpt-oss-120b", "--json")
    assert named.json[0]["title"] == "What is a llama?"
    assert "asking openai/gpt-oss-120b for a title" in named.err
    usage = groqchat("usage", "--json").json
    assert usage["requests"] == 2
    listed = groqchat("sessions", "list", "--archived", "--json").json
    assert listed == []
    assert groqchat("sessions", "edit", "abc123", "--auto-title", "--title", "x").code == 2

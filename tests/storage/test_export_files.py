"""Files that leave groqchat: over nothing that is somebody else's."""

import os
import threading
from dataclasses import replace

import pytest

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.sessions.archive import Archive
from groqchat.domain.turns.chat import Message, Role
from groqchat.services.sessions.export_files import destination, form_of, is_own_export
from groqchat.storage.export_files import save_export
from tests.fakes import START, session
from tests.services.archives import EXPORTS

PROMPT = Message("a", "s1", None, Role.USER, "Wait\r\nhere, <!-- groqchat", START)
SAID = Archive(session(), (PROMPT,))
GROWN = Archive(session(), (PROMPT, Message("b", "s1", "a", Role.ASSISTANT, "So I do.", START)))


def shown(archive):
    return replace(archive, session=replace(archive.session, leaf_id=archive.messages[-1].id))


def is_ours(text):
    return is_own_export(text, "s1")


@pytest.mark.parametrize("form", EXPORTS)
def test_its_own_unchanged_export_alone_is_written_over(tmp_path, form):
    before, after = (EXPORTS[form](shown(said)) for said in (SAID, GROWN))
    path = tmp_path / "talk"
    assert save_export(path, before, is_ours) == path
    path.chmod(0o600)
    assert save_export(path, after, is_ours) == path
    assert path.read_bytes().decode() == after
    assert path.stat().st_mode & 0o777 == 0o600
    assert not is_own_export(after, "s2")
    for changed in (after.replace("Wait", "Stay"), after + "and a line of mine", "", "{"):
        path.write_bytes(changed.encode())
        assert save_export(path, after, is_ours) is None
        assert path.read_bytes().decode() == changed
    assert [there.name for there in tmp_path.iterdir()] == ["talk"]


def test_a_name_that_nobody_gave_gets_a_number(tmp_path):
    path = tmp_path / "talk.md"
    path.write_bytes(b"\xff mine")
    for _ in range(2):
        assert save_export(path, EXPORTS["markdown"](shown(SAID)), is_ours, is_chosen=True) == (
            tmp_path / "talk-2.md"
        )
    assert save_export(path, "other", is_ours, is_chosen=True) == tmp_path / "talk-2.md"
    assert save_export(path, "other", is_ours, is_chosen=True) == tmp_path / "talk-3.md"
    assert path.read_bytes() == b"\xff mine"


def test_what_is_no_file_is_written_to_and_what_cannot_be_is_said(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    heard = []
    listener = threading.Thread(target=lambda: heard.append(pipe.read_text()))
    listener.start()
    assert save_export(pipe, "x" * 10, is_ours) == pipe
    listener.join()
    assert heard == ["x" * 10]
    for name in ("nowhere/talk.md", "a" * 300, "a\0b", "."):
        with pytest.raises(StorageError):
            save_export(tmp_path / name, "x", is_ours)


@pytest.mark.parametrize(
    ("written", "goes_to"),
    [
        ("", ("What-is-2-3.md", "markdown", True)),
        ("JSON", ("What-is-2-3.json", "json", True)),
        ("md", ("What-is-2-3.md", "markdown", True)),
        (".Html", ("What-is-2-3.html", "html", True)),
        ("talk", ("talk.md", "markdown", False)),
        ("talk.HTM", ("talk.HTM", "html", False)),
        ("a.b/talk.jsonl", ("a.b/talk.jsonl", "jsonl", False)),
        ("notes.txt", ("notes.txt", "markdown", False)),
    ],
)
def test_the_ending_says_the_form_and_the_title_the_name(written, goes_to):
    assert destination(written, "What is 2/3?", "s1") == goes_to


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("../../etc", "etc"),
        ("con", "s1"),
        ("???", "s1"),
        ("Grüße 今日", "Grüße-今日"),
        ("a " * 90, "a-" * 29 + "a"),
    ],
)
def test_a_title_makes_a_name_that_every_system_takes(title, name):
    assert destination("", title, "s1").name == name + ".md"


def test_an_ending_of_nothing_we_write_is_refused():
    with pytest.raises(ValueError, match=r"in \.md, \.html, \.json or \.jsonl, not in \.pdf"):
        form_of("thesis.pdf")


def test_a_title_of_two_lines_is_one_heading():
    text = EXPORTS["markdown"](replace(SAID, session=replace(session(), title="One\n# Two")))
    assert text.startswith("# One # Two\n")

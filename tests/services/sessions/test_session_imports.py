"""Conversations come in: our own exports, and what others write down as messages."""

import json

import pytest

from groqchat.services.sessions.message_imports import time_of
from groqchat.services.sessions.session_imports import import_sessions, read_sessions
from groqchat.storage.database.database import Database
from groqchat.storage.database.sessions import Sessions
from tests.fakes import START
from tests.services.archives import EXPORTS, MESSAGES, TALK


@pytest.fixture
async def store():
    """Conversations in a database in memory."""
    database = Database(None, print)
    yield Sessions(database)
    await database.close()


def lines(*documents):
    return "".join(json.dumps(document) + "\n" for document in documents)


def only(text, now=START):
    """The one session of a file of which nothing is left out."""
    reading = read_sessions(text, now)
    assert (reading.failed, reading.left_out) == ([], [])
    (archive,) = reading.archives
    return archive


async def test_what_was_exported_comes_back_and_only_once(store):
    line = EXPORTS["jsonl"](TALK)
    assert line.count("\n") == 1
    done = await import_sessions(store, [only(line + "\n", START + 99)])
    assert (done.added, done.known, done.messages) == (1, 0, 2)
    found = await store.archive("s1")
    assert found.messages == MESSAGES
    assert (found.session.title, found.session.system) == ("Sums & <tags>", "Be terse.")
    assert (found.session.leaf_id, found.session.updated) == ("b", START)
    again = await import_sessions(store, [only(line, START + 999)])
    assert (again.added, again.known, again.messages) == (0, 1, 0)


def test_a_bare_list_of_messages_is_a_session_with_an_id_of_its_own():
    talk = [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "Hello there"},
        {"role": "assistant", "content": "Hi", "model": "m/2", "created": "2026-01-02T03:04:05Z"},
    ]
    found, messages = only(lines(talk)).session, only(lines(talk)).messages
    assert (found.title, found.system, found.model) == ("Hello there", "Be kind.", "m/2")
    assert [m.created for m in messages] == [START, 1767323045.0]
    assert only(lines(talk), START + 1).session.id == found.id
    assert only(lines([*talk, talk[1]])).session.id != found.id


def test_the_lines_of_a_large_file_are_counted_while_they_are_read():
    talk, told = [{"role": "user", "content": "Hello"}], []
    read_sessions(lines(*[talk] * 3), START, lambda *at: told.append(at))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_document_of_many_lines_is_one_session_and_a_list_of_sessions_is_many():
    talk = {"messages": [{"role": "user", "content": "Hello"}]}
    assert only(json.dumps(talk, indent=2)).session.title == "Hello"
    assert only(json.dumps(talk["messages"], indent=2)).session.title == "Hello"
    assert len(read_sessions(json.dumps([talk, {**talk, "id": "x"}], indent=1), 0).archives) == 2


def test_what_several_models_answered_are_versions_and_no_chain():
    said = [("user", None), ("assistant", "a"), ("assistant", "b")] * 2
    archive = only(
        lines(
            [
                {"role": role, "content": f"{role} {n}", "model": m}
                for n, (role, m) in enumerate(said)
            ]
        )
    )
    assert [message.content for message in archive.branch] == [
        "user 0", "assistant 1", "user 3", "assistant 4",
    ]  # fmt: skip
    assert len(archive.messages) == 6


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "this is no JSON: Expecting"),
        ("[]", "there are no messages"),
        ("7", "there are no messages"),
        ('{"messages": {}}', "there are no messages"),
        ('{"messages": [3]}', "message 1: it is no object"),
        ('[{"role": "robot", "content": ""}]', "message 1: no role is called 'robot'"),
        ('[{"role": ["user"], "content": ""}]', "message 1: no role is called"),
        ('[{"role": "user", "content": [1]}]', "message 1: a part that is no text"),
        ('[{"role": "system", "content": "x"}]', "there are no messages but"),
        ('{"format": "groqchat-session", "version": 2, "messages": []}', "update groqchat"),
        ("[" * 100_000, "this is no JSON"),
    ],
)
def test_a_line_that_makes_no_sense_is_named_and_refuses_no_other(line, complaint):
    good = [{"role": "user", "content": "x"}]
    reading = read_sessions(f"{lines(good)}{line}\n{lines([*good, *good])}", START)
    assert len(reading.archives) == 2
    ((where, reason, _),) = reading.failed
    assert where == "line 2"
    assert complaint in reason


FINE_TUNING = [
    {"role": "developer", "content": "Be terse."},
    {
        "role": "user",
        "content": [{"type": "text", "text": "What"}, {"type": "input_text", "text": "is it?"}],
        "timestamp": 1_790_000_000_123,
    },
    {"role": "assistant", "content": None, "tool_calls": [{"function": {"name": "look"}}]},
    {"role": "tool", "tool_call_id": "1", "content": "a cat"},
    {"role": "assistant", "content": "A cat.", "function_call": {"name": "purr"}, "weight": 1},
    {"role": "user", "content": [{"type": "text", "text": "And?"}, {"type": "image_url"}]},
    {"role": "assistant", "content": None, "refusal": "No.", "created": "soon"},
]


def test_of_a_fine_tuning_file_is_taken_what_can_be_told_and_the_rest_is_named():
    reading = read_sessions(lines({"messages": FINE_TUNING, "tools": []}), START)
    (archive,) = reading.archives
    assert archive.session.system == "Be terse."
    assert [(m.role, m.content) for m in archive.branch] == [
        ("user", "What\n\nis it?"), ("assistant", "A cat."), ("user", "And?"), ("assistant", "No."),
    ]  # fmt: skip
    assert {message.created for message in archive.messages} == {1_790_000_000.123}
    assert [(said.where, said.reason) for said in reading.left_out] == [
        ("line 1, message 3", "the call of look"),
        ("line 1, message 4", "the result of a tool, which is no message of a chat"),
        ("line 1, message 5", "the call of purr"),
        ("line 1, message 6", "a part that is no text (image_url)"),
        (
            "line 1, message 7",
            "its time: 'soon' is neither a number of seconds since 1970 nor ISO 8601",
        ),
    ]


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        (1_790_000_000, 1_790_000_000.0),
        (1_790_000_000_123, 1_790_000_000.123),
        (1_790_000_000_123_456, 1_790_000_000.123456),
        (1_790_000_000_000_000_000, 1_790_000_000.0),
        (-5, -5.0),
        ("2026-01-02", 1_767_312_000.0),
        ("yesterday", None),
        (True, None),
        (1e300, None),
        (float("nan"), None),
    ],
)
def test_a_time_is_read_in_whatever_unit_it_is_told(told, seconds):
    assert time_of(told) == seconds


def test_a_file_that_is_no_json_at_all_is_said_once():
    reading = read_sessions('{"messages": [\n{"role":\n', START)
    ((where, reason, _),) = reading.failed
    assert (where, reading.archives) == ("the file", [])
    assert "line 3 column 1" in reason


@pytest.mark.parametrize("text", ["# A talk\n\n## You\n", "<!doctype html>\n<html>"])
def test_pages_are_refused_with_the_formats_that_come_back(text):
    (failed,) = read_sessions(text, 0.0).failed
    assert failed.reason.endswith("come back from exports in JSON or JSONL alone")

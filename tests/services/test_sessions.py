"""Conversations leave and come back whole."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from groqchat.domain.chat import Message, Role, State
from groqchat.domain.pricing import Cost
from groqchat.services.sessions import EXPORTS, import_sessions, read_sessions
from groqchat.storage.database import Database
from groqchat.storage.sessions import Sessions
from tests.fakes import START, session

TALK = replace(session(), title="Sums & <tags>", system="Be terse.", model="m/1")
MESSAGES = [
    Message("a", "s1", None, Role.USER, "What is 2 < 3?", START),
    Message(
        "b", "s1", "a", Role.ASSISTANT, "True, **of course**.\n", START + 1, State.STOPPED, "m/1",
        cost=Cost(Decimal("0.00000375")),
    ),
]  # fmt: skip


@pytest.fixture
async def store():
    """Conversations in a database in memory."""
    database = Database(None, print)
    yield Sessions(database)
    await database.close()


def lines(*documents):
    return [json.dumps(document) for document in documents]


def test_markdown_is_readable_and_says_what_was_stopped():
    text, _, seal = EXPORTS["markdown"](TALK, MESSAGES, None).rpartition("<!-- groqchat")
    assert "session s1 sha256" in seal
    assert text == (
        "# Sums & <tags>\n\n2026-09-21 14:13 UTC\n\n"
        "*Exported by groqchat to be read; only JSON and JSONL can be imported again.*\n\n"
        "## System\n\nBe terse.\n\n"
        "## You\n\nWhat is 2 < 3?\n\n## Assistant (m/1, stopped)\n\nTrue, **of course**.\n\n"
    )


def test_html_stands_alone_and_runs_nothing():
    page = EXPORTS["html"](TALK, [replace(MESSAGES[0], content="<script>alert(1)</script>")], None)
    assert "<title>Sums &amp; &lt;tags&gt;</title>" in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page
    assert "http" not in page


def test_json_holds_exact_money_and_times():
    document = json.loads(EXPORTS["json"](TALK, MESSAGES, None))
    assert document["messages"][1]["cost_usd"] == "0.00000375"
    assert document["messages"][0]["created"] == START


async def test_what_was_exported_comes_back_and_only_once(store):
    line = EXPORTS["jsonl"](TALK, MESSAGES, None)
    assert line.count("\n") == 1
    sessions = read_sessions([line, "\n"], START + 99)
    done = await import_sessions(store, sessions)
    assert done == (1, 0, 2)
    found = await store.session("s1")
    assert (found.title, found.system, found.model, found.updated) == (
        "Sums & <tags>",
        "Be terse.",
        "m/1",
        START,
    )
    path = await store.path(found.leaf_id)
    assert [(m.role, m.content, m.created) for m in path] == [
        (m.role, m.content, m.created) for m in MESSAGES
    ]
    again = await import_sessions(store, read_sessions([line], START + 999))
    assert again == (0, 1, 0)


async def test_a_bare_list_of_messages_is_a_session_with_an_id_of_its_own():
    talk = [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "Hello there"},
        {"role": "assistant", "content": "Hi", "model": "m/2", "created": "2026-01-02T03:04:05Z"},
    ]
    (archive,) = read_sessions(lines(talk), START)
    found, messages = archive.session, archive.messages
    assert (found.title, found.system, found.model) == ("Hello there", "Be kind.", "m/2")
    assert [m.created for m in messages] == [START, 1767323045.0]
    (same,) = read_sessions(lines(talk), START + 1)
    assert same.session.id == found.id
    (other,) = read_sessions(lines([*talk, talk[1]]), START)
    assert other.session.id != found.id


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "line 2: Expecting"),
        ("[]", "line 2: there are no messages"),
        ("7", "line 2: there are no messages"),
        ('{"messages": [3]}', "line 2: a message is no object"),
        ('[{"role": "robot", "content": ""}]', "line 2: no role is called 'robot'"),
        ('[{"role": ["user"], "content": ""}]', "line 2: no role is called"),
        ('[{"role": "user", "content": [1]}]', "line 2: the content of a message is no text"),
        ('[{"role": "user", "content": "x", "created": "soon"}]', "line 2: 'soon' is no time"),
        ('[{"role": "system", "content": "x"}]', "line 2: there are no messages but"),
        ("[" * 100_000, "line 2: "),
    ],
)
def test_a_line_that_makes_no_sense_is_named(line, complaint):
    good = lines([{"role": "user", "content": "x"}])
    with pytest.raises(ValueError, match="line 2: ") as caught:
        read_sessions([*good, line], START)
    assert str(caught.value).startswith(complaint)

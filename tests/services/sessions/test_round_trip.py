"""What was exported comes back as it was, to the last byte."""

import asyncio
import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.compare.compare import ComparisonRecord, SavedColumn
from groqchat.domain.sessions.archive import Archive
from groqchat.domain.turns.chat import Message, Options, Role, State
from groqchat.domain.turns.session_kind import SessionKind
from groqchat.services.sessions.session_imports import import_sessions, read_sessions
from groqchat.storage.database.database import Database
from groqchat.storage.database.sessions import Sessions
from tests.fakes import START
from tests.services.archives import EXPORTS, ID, MESSAGES, TALK, archives
from tests.services.sessions.test_session_imports import only


@pytest.fixture(scope="module")
def database():
    """A database in memory."""
    database = Database(None, print)
    yield database
    asyncio.run(database.close())


async def through(database: Database, archive: Archive) -> Archive:
    """A session as an empty database has it; it is empty again afterwards."""
    store = Sessions(database)
    assert (await import_sessions(store, [archive])).added == 1
    found = await store.archive(archive.session.id)
    await store.delete_session(archive.session.id)
    await database.write(lambda db: db.execute("DELETE FROM votes"))
    return found


@given(archive=archives())
def test_any_session_leaves_and_comes_back_as_it_was(database, archive):
    kept = asyncio.run(through(database, archive))
    for form in ("json", "jsonl"):
        text = EXPORTS[form](archive)
        assert EXPORTS[form](kept) == text
        assert EXPORTS[form](asyncio.run(through(database, only(text)))) == text
    assert (kept.messages, kept.votes) == (archive.messages, archive.votes)
    assert (kept.notes, kept.judgements) == (archive.notes, archive.judgements)
    kind = SessionKind.COMPARISON if archive.record else SessionKind.CHAT
    assert kept.session == replace(archive.session, turns=turns_of(archive), kind=kind)


def turns_of(archive):
    """Answers of a chat; of a comparison its turn, or the prompts of the longest chat after it.

    An answer to the results of tools belongs to the turn in which they were called.
    """
    messages, record = archive.messages, archive.record
    if record is None:
        results = {message.id for message in messages if message.role is Role.TOOL}
        answers = [message for message in messages if message.role is Role.ASSISTANT]
        return sum(message.parent_id not in results for message in answers)
    prompts = {None: 0}
    for message in messages:  # a parent stands before its children
        prompts[message.id] = prompts[message.parent_id] + (message.role is Role.USER)
    return record.turn if record.is_open else max(record.turn, *prompts.values())


def test_the_longest_chat_after_a_comparison_is_its_count_of_turns(database):
    """One prompt, two answers; two more prompts follow on one of them."""
    made = [
        ("a", None, Role.USER), ("b", "a", Role.ASSISTANT), ("c", "a", Role.ASSISTANT),
        ("d", "c", Role.USER), ("e", "d", Role.USER),
    ]  # fmt: skip
    messages = tuple(Message(name, ID, of, role, name, START) for name, of, role in made)
    columns = tuple(SavedColumn(Options(model)) for model in ("m/a", "m/b"))
    for is_open, turns in ((False, 3), (True, 1)):
        record = ComparisonRecord(ID, 1, columns, is_open=is_open)
        archive = replace(TALK, messages=messages, record=record)
        assert asyncio.run(through(database, archive)).session.turns == turns


def test_an_answer_that_was_being_written_broke_off():
    streaming = replace(MESSAGES[1], state=State.STREAMING)
    back = only(EXPORTS["json"](replace(TALK, messages=(MESSAGES[0], streaming))))
    assert back.messages[1].state is State.BROKEN


def test_what_somebody_broke_in_an_export_costs_no_more_than_that():
    document = json.loads(EXPORTS["json"](TALK))
    second = document["messages"][1]
    second |= {"state": "odd", "usage": 7, "timing": {"total_s": "x"}, "cost_usd": "much"}
    second |= {"parent": "nobody", "number": "last", "model": 3, "created": 1e300}
    document |= {"comparison": {"seats": [{}], "votes": [{"turn": 1}, 7], "notes": 3}, "leaf": 9}
    reading = read_sessions(json.dumps(document), START)
    (archive,) = reading.archives
    assert archive.record is None
    assert [m.content for m in archive.messages if m.role is Role.ASSISTANT] == [
        "True, **of course**.\n"
    ]
    ((where, reason, _),) = reading.left_out
    assert where == "line 1, message 2"
    assert "its time" in reason


def test_a_message_without_a_name_gets_one():
    document = json.loads(EXPORTS["json"](TALK))
    document["messages"][0]["id"] = document["messages"][1]["parent"] = ""
    (archive,) = read_sessions(json.dumps(document), START).archives
    assert all(message.id for message in archive.messages)
    assert [message.content for message in archive.branch] == [m.content for m in TALK.messages]
    nameless = replace(TALK.messages[0], id="")
    alone = replace(TALK, session=replace(TALK.session, leaf_id=""), messages=(nameless,))
    assert alone.branch == [nameless]


ODD = (
    None, True, -1, 0, 10**30, 1.5, math.inf, math.nan, "", "x", [], {}, [1], {"a": 1}, "\ud800",
    "1e999999999", "1e-999999999", "0e-99999", "a\0b", [[]],
)  # fmt: skip


def places(document):
    """Every field and item of a document, with what it is in."""
    fields = document.items() if isinstance(document, dict) else ()
    for name, value in list(enumerate(document) if isinstance(document, list) else fields):
        yield document, name
        yield from places(value)


@given(archives(), st.randoms(use_true_random=False))
def test_whatever_is_in_a_file_it_is_imported_or_told(database, archive, dice):
    document = json.loads(EXPORTS["json"](archive))
    for _ in range(dice.randint(1, 4)):
        holder, name = dice.choice(list(places(document)))
        holder[name] = dice.choice(ODD)
    reading = read_sessions(json.dumps(document), START)
    assert len(reading.archives) + len(reading.failed) == 1
    for read in reading.archives:
        kept = asyncio.run(through(database, read))
        assert all(export(kept) for export in EXPORTS.values())

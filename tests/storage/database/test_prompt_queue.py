"""Queued prompts on the disk: in their queue or a message, never both or neither."""

import asyncio
import sqlite3
from contextlib import closing

import pytest

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.sessions.prompt_queue import QueuedPrompt
from groqchat.storage.database.database import Database
from groqchat.storage.database.drafts import Drafts
from groqchat.storage.database.prompt_queue import QueuedPrompts
from groqchat.storage.database.recovery import recover
from groqchat.storage.database.sessions import Sessions
from tests.fakes import START
from tests.storage.conftest import prompt, session


@pytest.fixture
def queued(database):
    return QueuedPrompts(database)


def waiting(text, session_id="s1"):
    return QueuedPrompt(f"id of {text}", session_id, text, START)


async def _two(store, queued):
    await store.create_session(session())
    await store.add_message(prompt("q1"))
    for text in ("first", "second"):
        found = await queued.queue(waiting(text))
    return list(found)


async def test_prompts_are_queued_in_order_in_the_place_of_the_draft(store, queued, database):
    drafts = Drafts(database)
    await drafts.save_draft("s1", "second")
    assert await _two(store, queued) == [waiting("first"), waiting("second")]
    assert list(await queued.queued("s1")) == [waiting("first"), waiting("second")]
    assert (await drafts.draft("s1"), list(await queued.queued("s2"))) == ("", [])
    assert list(await queued.waiting()) == [("s1", 2)]


async def test_a_prompt_of_no_session_is_refused(queued):
    with pytest.raises(StorageError):
        await queued.queue(waiting("first"))
    assert list(await queued.waiting()) == []


async def test_what_is_taken_back_is_the_draft(store, queued, database):
    first, second = await _two(store, queued)
    assert list(await queued.take_back([second])) == [second]
    assert await Drafts(database).draft("s1") == "second"
    assert list(await queued.queued("s1")) == [first]
    assert list(await queued.take_back([second])) == []
    assert await Drafts(database).draft("s1") == "second"


async def test_a_prompt_that_is_sent_is_a_message_from_then_on(store, queued):
    first, second = await _two(store, queued)
    message = prompt(first.id, "q1", first.text)
    assert await queued.send(message)
    assert list(await queued.queued("s1")) == [second]
    assert [each.id for each in await store.path(first.id)] == ["q1", first.id]
    assert (await store.session("s1")).leaf_id == first.id


async def test_two_processes_send_a_prompt_once(store, queued, path):
    first, _ = await _two(store, queued)
    other = Database(path, print)
    message = prompt(first.id, "q1", first.text)
    sent = await asyncio.gather(queued.send(message), QueuedPrompts(other).send(message))
    await other.close()
    assert sorted(sent) == [False, True]
    assert [each.id for each in await store.everything("s1")] == ["q1", first.id]


async def test_a_prompt_that_another_process_took_back_is_not_sent(store, queued):
    _, second = await _two(store, queued)
    await queued.take_back([second])
    assert not await queued.send(prompt(second.id, "q1", second.text))
    assert await store.messages([second.id]) == {}


async def test_a_deleted_session_leaves_no_queue(store, queued):
    await _two(store, queued)
    await store.delete_session("s1")
    assert list(await queued.waiting()) == []


async def test_a_queue_outlasts_damage_also_without_its_session(store, queued, database, path):
    await _two(store, queued)
    await database.close()
    with closing(sqlite3.connect(path)) as db:
        for table in ("messages", "sessions"):
            db.execute(f"DELETE FROM {table}")
        db.commit()
        (page_size,) = db.execute("PRAGMA page_size").fetchone()
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'ledger_by_time'"
        start = (db.execute(query).fetchone()[0] - 1) * page_size
    raw = bytearray(path.read_bytes())
    raw[start : start + page_size] = bytes(page_size)
    path.write_bytes(raw)
    assert recover(path, "now") is not None
    found = Database(path, print)
    assert list(await QueuedPrompts(found).queued("s1")) == [waiting("first"), waiting("second")]
    assert (await Sessions(found).session("s1")).title == "Recovered conversation"
    await found.close()

"""The bin: what is deleted is out of sight, comes back as it was, and goes after 30 days."""

import sqlite3
import time

import pytest

from groqchat.domain.sessions.groups import KEPT_IN_BIN_S
from groqchat.domain.sessions.prompt_queue import QueuedPrompt
from groqchat.domain.sessions.shelf import Shelf
from groqchat.domain.turns.chat import State
from groqchat.storage.database.bin import bin as bin_module
from groqchat.storage.database.bin.bin import Bin
from groqchat.storage.database.drafts import Drafts
from groqchat.storage.database.prompt_queue import QueuedPrompts
from tests.fakes import START
from tests.storage.conftest import prompt, reply, session


@pytest.fixture
def bin_(database):
    return Bin(database)


@pytest.fixture
async def three(store):
    for number in (1, 2, 3):
        await store.create_session(session(f"s{number}", START + number, tags=("work",)))
        await store.add_message(prompt(f"q{number}", content="blue", session_id=f"s{number}"))
    return store


async def ids(store, **wanted):
    return [each.id for each in await store.sessions(**wanted)]


async def age(database, session_id, seconds):
    deleted = time.time() - seconds
    update = "UPDATE sessions SET deleted = ? WHERE id = ?"
    await database.write(lambda db: db.execute(update, (deleted, session_id)))


async def test_what_is_in_the_bin_is_nowhere_else(three, bin_, database):
    await QueuedPrompts(database).queue(QueuedPrompt("later", "s2", "more", START))
    await bin_.put(["s2"])
    assert await ids(three) == ["s3", "s1"]
    assert await ids(three, shelf=Shelf.KEPT, pinned_first=True) == ["s3", "s1"]
    assert await three.session("s2") is None
    assert {hit.session_id for hit in await three.search("blue")} == {"s1", "s3"}
    assert {hit.session_id for hit in await three.search("tag:work")} == {"s1", "s3"}
    assert await QueuedPrompts(database).waiting() == []
    assert [each.id for each in await bin_.sessions()] == ["s2"]


async def test_prompts_in_the_bin_are_not_recalled(store, bin_, database):
    await store.create_session(session())
    await store.add_message(prompt("q1", content="a secret"))
    await bin_.put(["s1"])
    assert list(await Drafts(database).prompts()) == []
    await bin_.restore(["s1"])
    assert list(await Drafts(database).prompts()) == ["a secret"]


async def test_what_is_restored_is_as_it_was(three, bin_):
    await three.update_session("s1", is_archived=True, is_pinned=True)
    before = await three.session("s1")
    await bin_.put(["s1", "s2"])
    (deleted,) = [each for each in await bin_.sessions() if each.id == "s1"]
    assert deleted.deleted == pytest.approx(time.time(), abs=60)
    await bin_.restore(["s1", "s2"])
    assert await three.session("s1") == before
    assert await bin_.sessions() == []


async def test_the_last_deleted_comes_first_and_names_are_found_by_their_beginning(three, bin_):
    await bin_.put(["s3"])
    await bin_.put(["s1"])
    assert [each.id for each in await bin_.sessions()] == ["s1", "s3"]
    assert [each.id for each in await bin_.sessions(limit=1)] == ["s1"]
    assert await bin_.found("s1") == ["s1"]
    assert sorted(await bin_.found("s")) == ["s1", "s3"]
    assert await bin_.found("s2") == []
    assert await bin_.found("") == []


async def test_after_30_days_a_session_is_gone_and_no_younger_one(three, bin_, database, path):
    await bin_.put(["s1", "s2"])
    await age(database, "s1", KEPT_IN_BIN_S + 60)
    await age(database, "s2", KEPT_IN_BIN_S - 60)
    assert await bin_.remove_old() == 1
    assert [each.id for each in await bin_.sessions()] == ["s2"]
    assert await three.messages(["q1"]) == {}
    assert await bin_.remove_old() == 0


async def test_a_time_that_a_clock_dated_ahead_is_not_waited_for(three, bin_, database):
    await bin_.put(["s1"])
    await age(database, "s1", -2 * KEPT_IN_BIN_S)
    assert await bin_.remove_old() == 1


async def test_one_emptying_is_bounded_by_messages(three, bin_, database, monkeypatch):
    monkeypatch.setattr(bin_module, "MOST_AT_ONCE", 2)
    await bin_.put(["s1", "s2", "s3"])
    for number, name in enumerate(("s1", "s2", "s3")):
        await age(database, name, KEPT_IN_BIN_S + 60 - number)
    assert await bin_.remove_old() == 2
    assert [each.id for each in await bin_.sessions()] == ["s3"]
    assert await bin_.remove_old() == 1


async def test_an_answer_that_is_under_way_leaves_its_session_in_the_bin(three, bin_):
    await three.add_message(reply("a1", "q1", "half", state=State.STREAMING))
    await bin_.put(["s1"])
    await three.finish(reply("a1", "q1", "whole"), None)
    assert await three.session("s1") is None
    await bin_.restore(["s1"])
    assert (await three.messages(["a1"]))["a1"].content == "whole"


async def test_who_writes_on_in_a_session_takes_it_out_of_the_bin(three, bin_):
    await bin_.put(["s1"])
    await three.add_message(prompt("q9", "q1", "more"))
    assert (await three.session("s1")).deleted is None


async def test_an_import_takes_a_session_out_of_the_bin(three, bin_):
    archive = await three.archive("s1")
    await bin_.put(["s1"])
    assert await three.add_archives([archive]) == [(True, 0)]
    assert await three.session("s1") == archive.session


async def test_each_list_is_read_by_its_index(three, database):
    """No list of sessions reads all of them, or sorts them."""
    from groqchat.storage.database.finding import listing

    values = {"latest": 0, "first": 1, "limit": 1, "offset": 0, "pinned_first": True}

    def plan(db: sqlite3.Connection, query, given):
        return " ".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {query}", given))

    for shelf, index in (("listed", "listed"), ("archived", "archived"), ("kept", "by_use")):
        query = listing._LAST_USED.format(shelf=listing.SHELVES[Shelf(shelf)])
        found = await database.read(lambda db, query=query: plan(db, query, values))
        assert f"USING INDEX sessions_{index}" in found or f"INDEX sessions_{index}" in found
        assert "INDEX sessions_pinned" in found
        assert "SCAN sessions " not in found.replace("USING INDEX sessions_pinned", "").replace(
            "SCAN sessions  ", ""
        )
    found = await database.read(lambda db: plan(db, listing._IN_BIN, (1, 0)))
    assert "sessions_in_bin" in found

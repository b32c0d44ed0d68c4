"""Conversations: what is put in comes out, as a tree, priced exactly, and can be found."""

import asyncio
import os
import random
import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import replace
from decimal import Decimal

import pytest

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.limits.quota import LeakyBucket, LimitKind, Source
from groqchat.domain.money.pricing import Cost, Price
from groqchat.domain.money.usage import Timing, Usage
from groqchat.domain.sessions.archive import Archive
from groqchat.domain.text.search_terms import Terms
from groqchat.domain.turns.chat import Role, State
from groqchat.storage.database.database import Database
from groqchat.storage.database.drafts import Drafts
from groqchat.storage.database.messages import put_message
from groqchat.storage.database.sessions import Sessions
from tests.fakes import START
from tests.storage.conftest import entry, prompt, reply, session


@pytest.fixture
async def talk(store):
    """Session s1: a question, two versions of its answer, and a second question after each.

    q1 ── a1 ── q2 ── a2
       └─ b1 ── q3
    """
    await store.create_session(session())
    for message in (
        prompt("q1"), reply("a1", "q1"), prompt("q2", "a1"), reply("a2", "q2"),
        reply("b1", "q1"), prompt("q3", "b1"),
    ):  # fmt: skip
        await store.add_message(message)
    return store


async def test_a_session_comes_back_as_it_was_stored(store):
    asked_with = {"service_tier": "flex", "effort": "", "max_tokens": 0, "history": 4}
    stored = session(title="Ein Tïtel 🎉", model="m", system="Be kind.", **asked_with)
    await store.create_session(stored)
    assert await store.session("s1") == stored


async def test_a_session_is_found_by_a_unique_beginning(store):
    for session_id in ("abc1", "abc12", "abd3"):
        await store.create_session(session(session_id))
    assert (await store.session("abd")).id == "abd3"
    assert (await store.session("abc1")).id == "abc1"
    assert (await store.session("abc12")).id == "abc12"
    assert await store.session("ab") is None
    assert await store.session("") is None
    assert await store.session("x") is None
    assert await store.session("ab%") is None


async def test_a_session_that_a_clock_dated_ahead_is_not_the_last_used_until_it_is_used(store):
    ahead = time.time() + 400 * 86_400
    await store.create_session(session("early", START))
    await store.create_session(session("ahead", ahead))
    assert [s.id for s in await store.sessions()] == ["early", "ahead"]
    await store.add_message(prompt("q", session_id="ahead", at=START + 100))
    assert [s.id for s in await store.sessions()] == ["ahead", "early"]
    assert (await store.session("ahead")).updated == START + 100


async def test_sessions_come_last_used_first_and_in_pages(store):
    for number in range(5):
        await store.create_session(session(f"s{number}", START + number))
    await store.add_message(prompt("q", session_id="s1", at=START + 100))
    assert [s.id for s in await store.sessions(limit=3)] == ["s1", "s4", "s3"]
    assert [s.id for s in await store.sessions(limit=3, offset=3)] == ["s2", "s0"]


async def test_a_session_can_be_changed_in_some_fields_only(store):
    await store.create_session(session())
    await store.update_session("s1", title="New", model="m2", system="S", updated=START + 1)
    changed = await store.session("s1")
    assert (changed.title, changed.model, changed.system) == ("New", "m2", "S")
    with pytest.raises(TypeError, match="cost"):
        await store.update_session("s1", cost="1")


async def test_an_answer_comes_back_with_all_that_belongs_to_it(store):
    await store.create_session(session())
    await store.add_message(prompt("q1"))
    answer = reply(
        "a1",
        "q1",
        "text\0with nul\r\nand lines",
        model="m",
        reasoning="because",
        finish_reason="stop",
        request_id="req_1",
        service_tier="flex",
        usage=Usage(10, 2, 5, 1, 0.25, 0.5, None),
        timing=Timing(0.125, 1.5),
        cost=Cost(Decimal("0.0000037500"), Decimal("1E-7")),
    )
    await store.add_message(replace(answer, state=State.STREAMING, content="te", cost=None))
    await store.finish(answer, None)
    assert (await store.messages(["a1"])) == {"a1": answer}


async def test_lone_surrogates_do_not_stop_a_prompt_from_being_kept(store):
    await store.create_session(session())
    await store.add_message(prompt("q1", content="a\ud800b"))
    assert (await store.path("q1"))[0].content == "a?b"


async def test_the_path_leads_from_the_first_message_to_the_leaf(talk):
    assert [m.id for m in await talk.path("a2")] == ["q1", "a1", "q2", "a2"]
    assert [m.id for m in await talk.path("q3")] == ["q1", "b1", "q3"]
    assert list(await talk.path("unknown")) == []


async def test_stubs_follow_the_same_branch_and_count_versions(talk):
    outline = await talk.outline("q3")
    assert [(s.id, s.version, s.versions) for s in outline] == [
        ("q1", 1, 1), ("b1", 2, 2), ("q3", 1, 1),
    ]  # fmt: skip
    assert [(s.role, s.length, s.state) for s in outline][1] == (
        Role.ASSISTANT, len("an answer"), State.COMPLETE,
    )  # fmt: skip
    assert list(await talk.outline("unknown")) == []


async def test_siblings_and_the_leaf_below_them(talk):
    assert list(await talk.siblings("b1")) == ["a1", "b1"]
    assert list(await talk.siblings("q1")) == ["q1"]
    assert await talk.leaf_below("a1") == "a2"
    assert await talk.leaf_below("q1") == "q3"
    assert await talk.leaf_below("a2") == "a2"


async def test_edited_first_prompts_are_versions_within_their_session_only(talk):
    await talk.create_session(session("s2"))
    await talk.add_message(prompt("other", session_id="s2"))
    await talk.add_message(prompt("q1b"))
    assert list(await talk.siblings("q1")) == ["q1", "q1b"]
    assert (await talk.outline("q1b"))[0].versions == 2


async def test_a_new_message_becomes_the_leaf(talk):
    assert (await talk.session("s1")).leaf_id == "q3"


async def test_a_branch_of_twenty_thousand_messages_is_walked_whole(store, database):
    await store.create_session(session())

    def fill(db):
        parent = None
        for number in range(20_000):
            message = (reply if number % 2 else prompt)(f"m{number}", parent, "x")
            put_message(db, message)
            parent = message.id

    await database.write(fill)
    outline = await store.outline("m19999")
    assert [outline[0].id, outline[-1].id, len(outline)] == ["m0", "m19999", 20_000]
    assert len(await store.path("m19999")) == 20_000
    assert await store.leaf_below("m0") == "m19999"
    assert (await store.session("s1")).turns == 10_000
    await store.delete_session("s1")
    assert list(await store.outline("m19999")) == []


async def test_checkpoints_show_how_far_an_answer_has_come(store):
    await store.create_session(session())
    await store.add_message(prompt("q1"))
    draft = reply("a1", "q1", "one", state=State.STREAMING)
    await store.add_message(draft)
    await store.checkpoint(replace(draft, content="one two", reasoning="hm"))
    kept = (await store.messages(["a1"]))["a1"]
    assert (kept.content, kept.reasoning, kept.state) == ("one two", "hm", State.STREAMING)
    assert (await store.outline("a1"))[1].length == len("one two")


async def test_the_sums_of_a_session_are_exact_and_count_each_answer_once(store):
    await store.create_session(session())
    await store.add_message(prompt("q1"))
    amounts = ["0.1", "0.2", "0.000000000001", None]
    for number, amount in enumerate(amounts):
        answer = reply(f"a{number}", "q1", cost=amount and Cost(Decimal(amount)))
        await store.add_message(replace(answer, state=State.STREAMING, cost=None))
        await store.finish(answer, None)
        await store.finish(answer, None)
    found = await store.session("s1")
    assert (found.turns, found.cost) == (4, Decimal("0.300000000001"))


async def test_nothing_priced_is_no_cost_rather_than_zero(store):
    await store.create_session(session())
    await store.add_message(prompt("q1"))
    await store.add_message(reply("a1", "q1"))
    assert (await store.session("s1")).cost is None


async def test_an_answer_and_its_ledger_entry_are_stored_together_or_not_at_all(store, ledger):
    await store.create_session(session())
    await store.add_message(prompt("q1"))
    draft = reply("a1", "q1", "half", state=State.STREAMING)
    await store.add_message(draft)
    broken = replace(entry(session_id="s1"), profile=None)
    with pytest.raises(StorageError):
        await store.finish(replace(draft, content="whole", state=State.COMPLETE), broken)
    assert (await store.messages(["a1"]))["a1"].content == "half"
    assert (await ledger.spent()).requests == 0


async def test_a_ledger_entry_outlives_the_deleted_session_of_its_answer(store, ledger):
    await store.create_session(session())
    await store.add_message(prompt("q1"))
    draft = reply("a1", "q1", "half", state=State.STREAMING)
    await store.add_message(draft)
    await store.delete_session("s1")
    await store.checkpoint(draft)
    bucket = LeakyBucket(LimitKind.TPM, 8000, 12.5, START, Source.HEADER)
    price = Price(
        Decimal("0.15"), Decimal("0.075"), Decimal("0.60"), source="s", as_of="2026-10-01"
    )
    kept = entry(
        session_id="s1", message_id="a1", request_id="r", status=200, service_tier="flex",
        usage=Usage(10, 2, 5, 1), estimated=True, cost=Decimal("0.50"), saved=Decimal("0.01"),
        price=price, buckets=(bucket,), audio_s=1.5,
    )  # fmt: skip
    await store.finish(replace(draft, state=State.COMPLETE), kept)
    assert (await ledger.since(0, fingerprint="f", model="m")).entries == [kept]
    assert await store.session("s1") is None


async def test_an_answer_whose_beginning_was_never_stored_is_kept_at_its_end(store):
    await store.create_session(session())
    await store.add_message(prompt("q1"))
    await store.finish(reply("a1", "q1"), None)
    assert (await store.session("s1")).leaf_id == "a1"


async def test_an_answer_that_was_not_begun_is_stored_with_its_entry_and_as_the_leaf(store, ledger):
    await store.create_session(session())
    await store.add_message(prompt("q1"))
    await store.update_session("s1", leaf_id=None)
    answer = reply("a1", "q1", "whole", cost=Cost(Decimal("0.1")))
    with pytest.raises(StorageError):
        await store.finish(answer, replace(entry(session_id="s1"), profile=None), is_new=True)
    assert await store.messages(["a1"]) == {}
    await store.finish(answer, entry(session_id="s1"), is_new=True)
    found = await store.session("s1")
    assert (found.leaf_id, found.turns, found.cost) == ("a1", 1, Decimal("0.1"))
    assert (await ledger.spent()).requests == 1


async def test_a_new_session_comes_with_its_first_message_or_not_at_all(store):
    with pytest.raises(StorageError):
        await store.add_message(prompt("q1", "nobody"), session())
    assert await store.session("s1") is None
    await store.add_message(prompt("q1"), session())
    assert (await store.session("s1")).leaf_id == "q1"


HALVES = Archive(
    session(leaf_id="a1"), (prompt("q1"), reply("a1", "q1", cost=Cost(Decimal("0.1"))))
)


async def test_half_a_session_that_an_earlier_import_has_left_is_completed(store):
    await store.create_session(session())
    await store.add_message(HALVES.messages[0])
    assert await store.add_archives([HALVES]) == [(False, 1)]
    assert [m.id for m in await store.path((await store.session("s1")).leaf_id)] == ["q1", "a1"]
    assert await store.add_archives([HALVES]) == [(False, 0)]


async def test_a_session_that_went_on_here_gets_what_it_lacks_beside_what_is_shown(store):
    await store.create_session(session(title="Mine"))
    for message in (HALVES.messages[0], reply("b1", "q1", cost=Cost(Decimal("0.02")))):
        await store.add_message(message)
    assert await store.add_archives([HALVES]) == [(False, 1)]
    assert [m.id for m in await store.everything("s1")] == ["q1", "b1", "a1"]
    assert await store.siblings("b1") == ["b1", "a1"]
    found = await store.session("s1")
    assert (found.leaf_id, found.title, found.cost) == ("b1", "Mine", Decimal("0.12"))
    assert await store.add_archives([HALVES]) == [(False, 0)]


async def test_what_grew_elsewhere_is_shown_unless_it_was_continued_here(store):
    await store.add_archives([HALVES])
    grown = replace(
        HALVES,
        session=session(at=START + 9, leaf_id="a2"),
        messages=(*HALVES.messages, prompt("q2", "a1"), reply("a2", "q2")),
    )
    assert await store.add_archives([grown]) == [(False, 2)]
    found = await store.session("s1")
    assert (found.leaf_id, found.updated, found.turns) == ("a2", START + 9, 2)
    await store.add_message(prompt("mine", "a2", at=START + 20))
    more = replace(
        grown,
        session=session(leaf_id="q3"),
        messages=(*grown.messages, prompt("q3", "a2")),
    )
    assert await store.add_archives([more]) == [(False, 1)]
    found = await store.session("s1")
    assert (found.leaf_id, found.updated) == ("mine", START + 20)


async def test_another_session_of_the_same_id_stays_as_it_is(store):
    await store.create_session(session())
    await store.add_message(prompt("other"))
    assert await store.add_archives([HALVES]) == [(False, 0)]
    assert [m.id for m in await store.everything("s1")] == ["other"]


async def test_an_archive_writes_over_nothing_of_another_session(store):
    await store.add_archives([HALVES])
    copy = replace(HALVES.session, id="s2")
    copied = [replace(m, session_id="s2", content="other") for m in HALVES.messages]
    other = Archive(copy, tuple(copied))
    assert await store.add_archives([other]) == [(True, 2)]
    assert await store.add_archives([other]) == [(False, 0)]
    assert [m.content for m in await store.path("a1")] == ["a question", "an answer"]
    path = await store.path((await store.session("s2")).leaf_id)
    assert [m.content for m in path] == ["other", "other"]


async def test_deleting_a_session_takes_its_messages_its_draft_and_its_place_in_the_search(
    talk, database
):
    drafts = Drafts(database)
    await drafts.save_draft("s1", "unsent")
    await talk.delete_session("s1")
    assert await talk.messages(["q1", "a1"]) == {}
    assert list(await talk.search("question")) == []
    assert await drafts.draft("s1") == ""


async def test_a_message_for_a_session_that_is_gone_is_refused_in_words(store):
    with pytest.raises(StorageError) as caught:
        await store.add_message(prompt("q1", session_id="gone"))
    assert caught.value.cause.name == "database"


# -- search --------------------------------------------------------------------------------------


async def found(store, query, **page):
    return [hit.message_id for hit in await store.search(query, **page)]


@pytest.fixture
async def library(store):
    await store.create_session(session(title="Accounting"))
    texts = {
        "m1": "The quick brown fox",
        "m2": "A café in Zürich; see snake_case and C++",
        "m3": "100% sure! under_score",
        "m4": "今日はいい天気ですね",
        "m5": 'He said "stop" NOT now, near(x) OR y* foo:bar',
        "m6": "Quick notes on foxes",
    }
    for message_id, text in texts.items():
        await store.add_message(prompt(message_id, content=text))
    return store


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("quick", ["m6", "m1"]),
        ("qui fox", ["m6", "m1"]),
        ("QUICK brown", ["m1"]),
        ("cafe zurich", ["m2"]),
        ("snake_case", ["m2"]),
        ("c++", ["m2"]),
        ('"quick brown"', ["m1"]),
        ("“brown quick”", []),
        ('"snake case"', ["m2"]),
        ('"sure under', ["m3"]),
        ("zürich;", ["m2"]),
        ("ZURICH;", ["m2"]),
        ("100%", ["m3"]),
        ("%", ["m3"]),
        ("_", ["m3", "m2"]),
        ("天気", ["m4"]),
        ('"stop"', ["m5"]),
        ("NOT", ["m6", "m5"]),
        ("near(x)", ["m5"]),
        ('"foo:bar"', ["m5"]),
        ("y*", ["m5"]),
        ('"', ["m5"]),
        ('a"b', []),
        ("nothing", []),
        ("   ", []),
        ("\0", []),
        ("'); DROP TABLE messages; --", []),
    ],
)
async def test_search_finds_what_was_meant_whatever_is_typed(library, query, ids):
    assert await found(library, query) == ids


@pytest.mark.parametrize("has_index", [True, False])
async def test_the_index_finds_what_the_rule_finds(store, monkeypatch, has_index):
    if not has_index:
        monkeypatch.setattr(
            "groqchat.storage.database.finding.conditions.has_fts5", lambda db: False
        )
    words = (
        "Café",
        "cafe\u0301s",
        "bar",
        "_",
        "-",
        "C++",
        " ",
        "\n",
        "天気",
        "**",
        "x2",
        "Ü",
        "ς",
        "हिन्दी",
    )
    dice = random.Random(27)
    texts = {f"m{n}": "".join(dice.choices(words, k=6)) for n in range(500)}
    said = tuple(prompt(message_id, content=text) for message_id, text in texts.items())
    await store.add_archives([Archive(session(), said)])
    for query in (
        "cafe",
        '"cafe bar"',
        "c++",
        "bar-",
        "天",
        "u",
        "Σ",
        "x",
        "हिन्दी",
        "b CAFÉ",
        "_ ü",
    ):
        terms = Terms.of(query)
        wanted = {message_id for message_id, text in texts.items() if terms.are_in(text)}
        assert wanted, query
        assert set(await found(store, query, limit=1000)) == wanted, query


async def test_without_fts5_search_still_works(library, monkeypatch, path):
    for module in ("finding.conditions", "search_index"):
        monkeypatch.setattr(f"groqchat.storage.database.{module}.has_fts5", lambda db: False)
    poor = Database(path, print)
    store = Sessions(poor)
    assert await found(store, "quick") == ["m6", "m1"]
    await store.add_message(prompt("m7", content="quick again"))
    await poor.close()
    monkeypatch.undo()
    rich = Database(path, print)
    assert await found(Sessions(rich), "quick") == ["m7", "m6", "m1"]
    await rich.close()


async def test_no_word_of_a_deleted_session_stays_on_the_disk(store, database, path, notices):
    said = "A pterodactyl, kept to myself. " * 400  # more than a page holds
    for name, text in (("s1", "A harbour"), ("s2", said), ("s3", "The quay")):
        archived = Archive(session(name), (prompt(f"{name}-q", session_id=name, content=text),))
        await store.add_archives([archived])
    await database.close()
    again = Database(path, notices.append)
    store = Sessions(again)
    await Drafts(again).save_draft("s2", "another pterodactyl")
    files = [path, path.with_name("groqchat.db-wal")]
    assert all(b"terodactyl" in file.read_bytes() for file in files)
    await store.delete_session("s2")
    for file in files:
        assert b"terodactyl" not in file.read_bytes(), file.name
        assert b"kept to myself" not in file.read_bytes(), file.name
    assert [await found(store, word) for word in ("harbour", "quay")] == [["s1-q"], ["s3-q"]]
    await again.close()


async def test_search_comes_in_pages_and_says_where_a_hit_is(library):
    assert await found(library, "quick", limit=1, offset=1) == ["m1"]
    (hit,) = await library.search("brown")
    assert (hit.session_id, hit.session_title, hit.role) == ("s1", "Accounting", Role.USER)
    assert hit.snippet == (("The quick ", False), ("brown", True), (" fox", False))


async def test_an_answer_is_found_once_it_is_finished_not_while_it_streams(store):
    await store.create_session(session())
    await store.add_message(prompt("q1"))
    draft = reply("a1", "q1", "elephants", state=State.STREAMING)
    await store.add_message(draft)
    await store.checkpoint(replace(draft, content="elephants and tigers"))
    assert await found(store, "elephants") == []
    await store.finish(replace(draft, content="elephants and lions", state=State.STOPPED), None)
    assert await found(store, "elephants") == ["a1"]
    assert await found(store, "tigers") == []
    assert await found(store, "lions") == ["a1"]


async def test_who_answered_in_whose_place_is_kept(store):
    await store.create_session(session())
    await store.add_message(prompt("q1"))
    answer = reply("a1", "q1", model="gpt", provider="router", in_place_of="big")
    await store.finish(answer, None)
    (_, kept) = await store.path("a1")
    assert kept == answer
    assert kept.signature == "gpt at router in place of big"


async def test_of_a_long_path_the_end_can_be_had_alone(talk):
    assert [m.id for m in await talk.path("q3", limit=2)] == ["b1", "q3"]
    assert [m.id for m in await talk.path("q3", limit=9)] == ["q1", "b1", "q3"]


async def test_an_outline_without_versions_ends_at_the_leaf(store):
    await store.create_session(session())
    for message in (prompt("q1"), reply("a1", "q1"), prompt("q2", "a1")):
        await store.add_message(message)
    outline = await store.outline("a1")
    assert [stub.id for stub in outline] == ["q1", "a1"]
    assert [stub.id for stub in outline[1:]] == ["a1"]
    assert (outline[0].role, outline[1].role) == (Role.USER, Role.ASSISTANT)


async def test_a_prompt_is_stored_before_the_disk_has_written_it(store, path, monkeypatch):
    flushing, flushed = threading.Event(), []
    may_end, has_ended = threading.Event(), threading.Event()
    fsync = os.fsync

    def slow(handle):
        flushing.set()
        may_end.wait(20)
        fsync(handle)
        flushed.append(os.fstat(handle).st_ino)
        has_ended.set()

    await store.create_session(session())
    monkeypatch.setattr(os, "fsync", slow)
    await store.add_message(prompt("q1"))
    with closing(sqlite3.connect(path)) as other:  # it outlives this process
        assert other.execute("SELECT content FROM messages").fetchall() == [("a question",)]
    assert await asyncio.to_thread(flushing.wait, 20)
    await store.session("s1")  # what follows does not wait for the disk either
    assert flushed == []
    may_end.set()
    assert await asyncio.to_thread(has_ended.wait, 20)
    assert flushed == [path.with_name(f"{path.name}-wal").stat().st_ino]


async def test_a_session_is_added_with_its_first_prompt_and_not_again(store):
    await store.add_message(prompt("q1"), session(title="First"))
    await store.add_message(prompt("q2", "q1"), session(title="Second"))
    assert [(each.title, each.leaf_id) for each in await store.sessions()] == [("First", "q2")]

"""Deleted messages: nothing finds them, undo brings them back as they were, and they go in time."""

import time
from dataclasses import replace
from decimal import Decimal

import pytest

from groqchat.domain.compare.compare import ComparisonRecord, SavedColumn
from groqchat.domain.money.pricing import Cost
from groqchat.domain.money.usage import Timing, Usage
from groqchat.domain.sessions.deletion import Refusal
from groqchat.domain.sessions.groups import KEPT_IN_BIN_S
from groqchat.domain.tools.tool import ToolCall
from groqchat.domain.turns.chat import Options, Role, State
from groqchat.domain.turns.context import context
from groqchat.domain.turns.message_kind import MessageKind
from groqchat.services.turns.sizing import Sizing
from groqchat.storage.database.bin.bin import Bin
from groqchat.storage.database.comparisons import Comparisons
from groqchat.storage.database.database import Database
from groqchat.storage.database.drafts import Drafts
from groqchat.storage.database.sessions import Sessions
from tests.storage.conftest import entry, prompt, reply, session

USED = Usage(100, 20, 30, 10, 0.1, 0.2, 0.3)


@pytest.fixture
def bin_(database):
    return Bin(database)


@pytest.fixture
async def talk(store):
    """q1 ─ a1 ─ q2 ─ a2, and a3 as another answer to q1."""
    await store.create_session(session())
    await store.add_message(prompt("q1", content="alpha"))
    await answered(store, "a3", "q1", "gamma")
    await answered(store, "a1", "q1", "beta\x00\u00e9")
    await store.add_message(prompt("q2", "a1", "delta"))
    await answered(store, "a2", "q2", "epsilon")
    return store


async def answered(store, name, parent_id, text):
    answer = reply(
        name, parent_id, text, model="m", reasoning="why", usage=USED,
        cost=Cost(Decimal("0.1"), Decimal("0.02")), request_id="req_1", finish_reason="stop",
        timing=Timing(0.123456789, 2),
    )  # fmt: skip
    await store.begin_answer(replace(answer, content="", state=State.STREAMING), entry())
    await store.finish(answer, entry(cost=Decimal("0.1"), session_id="s1", message_id=name))


async def ids(store):
    return [each.id for each in await store.everything("s1")]


async def leaf(store):
    return (await store.session("s1")).leaf_id


async def test_undo_brings_everything_back_as_it_was_also_after_a_restart(talk, bin_, path, ledger):
    before = await talk.session("s1"), await talk.everything("s1"), await talk.archive("s1")
    spent = await ledger.spent(session_id="s1")
    assert (await bin_.put_messages("a1", with_branch=False)).parents == {"q2": "q1"}
    assert [each.id for each in await talk.path("a2")] == ["q1", "q2", "a2"]
    assert (await talk.session("s1")).turns == 2
    assert len((await bin_.put_messages("q1", with_branch=False)).ids) == 1
    other = Database(path, print)
    assert (await Bin(other).restore_messages("s1")).ids == ("q1",)
    assert (await Bin(other).restore_messages("s1")).ids == ("a1",)
    assert await Bin(other).restore_messages("s1") is None
    await other.close()
    assert (
        await talk.session("s1"),
        await talk.everything("s1"),
        await talk.archive("s1"),
    ) == before
    assert await ledger.spent(session_id="s1") == spent


async def test_a_deleted_message_is_found_nowhere_and_its_money_stays(talk, bin_, database, ledger):
    cost = (await talk.session("s1")).cost
    assert cost == Decimal("0.3")
    await bin_.put_messages("q2", with_branch=True)
    assert await ids(talk) == ["q1", "a3", "a1"]
    assert await leaf(talk) == "a1"
    assert await talk.search("delta") == []
    assert await talk.search("epsilon") == []
    assert list(await Drafts(database).prompts()) == ["alpha"]
    assert await talk.messages(["q2", "a2"]) == {}
    assert [each.id for each in (await talk.archive("s1")).messages] == ["q1", "a3", "a1"]
    assert (await talk.session("s1")).cost == cost
    assert (await ledger.spent(session_id="s1")).cost == cost
    await bin_.restore_messages("s1")
    assert [hit.message_id for hit in await talk.search("epsilon")] == ["a2"]
    assert await leaf(talk) == "a2"


async def test_what_is_written_after_a_deletion_stays_where_it_was_written(talk, bin_):
    await bin_.put_messages("a2", with_branch=False)
    await talk.add_message(prompt("q3", "q2", "zeta"))
    assert (await bin_.restore_messages("s1")).leaf_id == "q3"
    assert await ids(talk) == ["q1", "a3", "a1", "q2", "a2", "q3"]
    assert await talk.siblings("a2") == ["a2", "q3"]


async def test_refusals_change_nothing(talk, bin_):
    before = await talk.everything("s1")
    assert await bin_.put_messages("x", with_branch=False) is Refusal.UNKNOWN
    assert await bin_.put_messages("q1", with_branch=True) is Refusal.NOTHING_LEFT
    await talk.begin_answer(reply("a4", "a2", "half", state=State.STREAMING), entry())
    assert await bin_.put_messages("a4", with_branch=False) is Refusal.IS_WRITTEN
    assert await bin_.put_messages("q2", with_branch=True) is Refusal.IS_WRITTEN
    assert (await talk.everything("s1"))[:-1] == before
    assert await bin_.restore_messages("s1") is None


async def test_counts_of_answers_below_are_not_believed_until_the_deletion_is_undone(talk, bin_):
    sizing, options = Sizing(), Options("m")
    whole = await talk.path("a2")
    counted = sizing.length(whole, options)
    assert counted.tokens > USED.prompt_tokens
    await bin_.put_messages("a1", with_branch=False)
    left = await talk.path("a2")
    assert [each.changed_above for each in left] == [0, 1, 1]
    assert sizing.length(left, options).tokens < USED.prompt_tokens
    await answered(talk, "a5", "q2", "eta")
    await bin_.restore_messages("s1")
    assert sizing.length(await talk.path("a2"), options) == counted
    assert [each.changed_above for each in await talk.path("a5")] == [0, 0, 0, -1]


async def test_a_compaction_keeps_from_the_next_message_and_again_from_the_same(talk, bin_):
    note = replace(prompt("n", "a2", "left out"), kind=MessageKind.COMPACTION, kept_from="q2")
    await talk.add_message(note)
    assert [each.id for each in context(await talk.path("n"))] == ["q2", "a2"]
    await bin_.put_messages("q2", with_branch=False)
    assert [each.id for each in context(await talk.path("n"))] == ["a2"]
    await bin_.restore_messages("s1")
    assert [each.id for each in context(await talk.path("n"))] == ["q2", "a2"]


async def test_columns_of_a_comparison_stand_at_the_prompt_before_a_deleted_one(
    talk, bin_, database
):
    records = Comparisons(database)
    columns = (SavedColumn(Options("m"), "q2"), SavedColumn(Options("n"), "q1"))
    await records.save(ComparisonRecord("s1", 2, columns))
    await bin_.put_messages("q2", with_branch=True)
    found = await records.find("s1")
    assert [column.prompt_id for column in found.columns] == ["q1", "q1"]
    await bin_.restore_messages("s1")
    assert (await records.find("s1")).columns == columns
    await bin_.put_messages("q2", with_branch=True)
    asked = (SavedColumn(Options("m"), "a1"), columns[1])
    await records.save(ComparisonRecord("s1", 3, asked))
    await bin_.restore_messages("s1")
    assert (await records.find("s1")).columns == asked  # it has been asked something since


async def test_after_30_days_deleted_messages_are_gone_with_those_deleted_before_them(
    talk, bin_, database, path
):
    for each in ("a3", "a2", "q2"):
        await bin_.put_messages(each, with_branch=False)
    assert await bin_.remove_old() == 0
    old = time.time() - KEPT_IN_BIN_S - 1
    age = "UPDATE deletions SET time = ? WHERE number = 2"
    await database.write(lambda db: db.execute(age, (old,)))
    await bin_.remove_old()
    assert (await bin_.restore_messages("s1")).ids == ("q2",)
    assert await bin_.restore_messages("s1") is None
    assert await ids(talk) == ["q1", "a1", "q2"]
    await database.close()
    files = b"".join(each.read_bytes() for each in path.parent.iterdir())
    assert b"alpha" in files
    assert b"epsilon" not in files
    assert b"gamma" not in files


async def test_an_import_brings_deleted_messages_back_which_undo_leaves_alone(talk, bin_):
    whole = await talk.archive("s1")
    await bin_.put_messages("q2", with_branch=True)
    assert (await talk.add_archives([whole]))[0].messages == 2
    assert (await talk.archive("s1")).messages == whole.messages
    assert (await bin_.restore_messages("s1")).ids == ()
    assert (await talk.archive("s1")).messages == whole.messages


async def test_a_session_that_is_deleted_for_good_takes_its_deleted_messages_along(
    talk, bin_, database
):
    await bin_.put_messages("a3", with_branch=False)
    await talk.delete_session("s1")
    query = "SELECT (SELECT count(*) FROM deletions), (SELECT count(*) FROM deleted_messages)"
    assert await database.read(lambda db: db.execute(query).fetchone()) == (0, 0)


async def test_a_store_in_memory_deletes_and_undoes_too():
    database = Database(None, print)
    store, bin_ = Sessions(database), Bin(database)
    await store.create_session(session())
    await store.add_message(prompt("q1"))
    await store.add_message(reply("a1", "q1"))
    await bin_.put_messages("a1", with_branch=False)
    assert await ids(store) == ["q1"]
    await bin_.restore_messages("s1")
    assert await ids(store) == ["q1", "a1"]
    await database.close()


async def test_an_answer_with_calls_goes_with_their_results_and_comes_back_with_them(store, bin_):
    await store.create_session(session())
    calls = (ToolCall("c1", "search", "{}"),)
    await store.add_message(prompt("q1"))
    await store.add_message(reply("a1", "q1", "", calls=calls))
    await store.add_message(replace(prompt("t1", "a1", "found"), role=Role.TOOL, calls=calls))
    await store.add_message(reply("a2", "t1"))
    before = await store.archive("s1")
    assert before.session.turns == 1
    assert set((await bin_.put_messages("t1", with_branch=False)).ids) == {"a1", "t1"}
    assert [(each.id, each.parent_id) for each in await store.path("a2")] == [
        ("q1", None),
        ("a2", "q1"),
    ]
    assert (await store.session("s1")).turns == 1
    await bin_.restore_messages("s1")
    assert await store.archive("s1") == before

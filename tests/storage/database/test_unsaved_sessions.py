"""Sessions in memory: their costs are counted and bounded, and named in no ledger."""

from decimal import Decimal

import pytest

from groqchat.domain.ledger.holds import Cap, Hold
from groqchat.domain.ledger.sums import Sums
from groqchat.domain.money.pricing import Price
from groqchat.domain.money.usage import Usage
from groqchat.domain.turns.chat import State
from groqchat.storage.database.database import Database
from groqchat.storage.database.ledger import Ledger
from groqchat.storage.database.unsaved_sessions import UnlinkedLedger, UnsavedSessions
from tests.fakes import START
from tests.storage.conftest import entry, prompt, reply, session

USED = Usage(prompt_tokens=10, cached_tokens=4, completion_tokens=5)


@pytest.fixture
def unlinked(database):
    return UnlinkedLedger(database)


def spending(cost, **known):
    known = {"session_id": "s1", "message_id": "a1"} | known
    return entry(usage=USED, cost=cost and Decimal(cost), saved=Decimal(0), **known)


async def test_the_ledger_names_no_session_but_knows_what_each_has_used(unlinked, ledger, database):
    await unlinked.record(spending("0.5"))
    await unlinked.record(spending("0.25", session_id="s2"))
    await unlinked.record(entry(outcome="rate_limited", session_id="s1"))
    await unlinked.record(spending(None))
    spent = await unlinked.spent(session_id="s1")
    assert spent == Sums(3, 20, 8, 10, Decimal("0.5"), Decimal(0), unpriced=1, refused=1)
    assert (await unlinked.spent(session_id="s1", since=START + 1)).requests == 0
    assert (await unlinked.spent()).cost == Decimal("0.75")
    assert (await ledger.spent(session_id="s1")).requests == 0
    query = "SELECT count(*) FROM ledger WHERE session_id IS NOT NULL OR message_id IS NOT NULL"
    assert await database.read(lambda db: db.execute(query).fetchone()) == (0,)


async def test_the_budget_of_a_session_holds_with_what_is_under_way(unlinked, database):
    own = Cap("in this session", Decimal(1), session_id="s1")
    month = Cap("this month", Decimal(10))
    await unlinked.record(spending("0.5"))
    assert await unlinked.hold(Hold("b1", "s1", Decimal("0.3")), [month, own]) is None
    full = await unlinked.hold(Hold("b2", "s1", Decimal("0.3")), [month, own])
    assert (full.cap, full.spent, full.held) == (own, Decimal("0.5"), Decimal("0.3"))
    held = await database.read(lambda db: db.execute("SELECT session_id FROM holds").fetchall())
    assert held == [("",)]
    await unlinked.release("b1")
    assert await unlinked.hold(Hold("b2", "s1", Decimal("0.3")), [month, own]) is None
    await unlinked.record(spending("0.1"), held_for="b2")
    assert await unlinked.hold(Hold("b3", "s1", Decimal("0.3")), [month, own]) is None
    too_much = await unlinked.hold(Hold("b4", "s2", Decimal(10)), [month])
    assert too_much.cap == month


PRICE = Price(Decimal(1), Decimal(1), Decimal(2), source="here", as_of="2026-10-01")
WORDS = "quizzaciously " * 40


@pytest.fixture
async def growing(unlinked):
    """An answer that grows in memory, of which a checkpoint was written."""
    memory = Database(None, print)
    store = UnsavedSessions(memory, unlinked)
    await store.create_session(session())
    await store.add_message(prompt("q1"))
    asked = entry(
        outcome="stream_broken", usage=Usage(100, is_estimated=True), estimated=True, price=PRICE,
        session_id="s1", message_id="a1", request_id="req_1",
    )  # fmt: skip
    answer = reply("a1", "q1", "", state=State.STREAMING)
    await store.begin_answer(answer, asked)
    await store.checkpoint(reply("a1", "q1", WORDS, state=State.STREAMING))
    yield store
    await memory.close()


async def booked(path):
    """The rows of the ledger once another process has opened the file."""
    database = Database(path, print)
    query = (
        "SELECT model, prompt_tokens, completion_tokens, cost, session_id, message_id FROM ledger"
    )
    rows = await database.read(lambda db: db.execute(query).fetchall())
    spent = await Ledger(database).spent()
    await database.close()
    return rows, spent


async def test_an_answer_whose_process_died_is_booked_without_a_word_of_it(growing, database, path):
    await database.close()  # nothing is finished
    files = b"".join(each.read_bytes() for each in path.parent.iterdir())
    assert b"quizzaciously" not in files
    assert b"a question" not in files
    for _ in range(2):  # once, however often it is opened
        rows, spent = await booked(path)
        ((model, asked, said, cost, *names),) = rows
        assert (model, asked, names) == ("m", 100, [None, None])
        assert 40 <= said <= 400
        assert Decimal(cost) == (100 + 2 * Decimal(said)) / 1_000_000 == spent.cost


async def test_an_answer_that_ends_is_booked_once(growing, database, path, unlinked):
    whole = entry(usage=USED, cost=Decimal("0.5"), session_id="s1", message_id="a1")
    await growing.finish(reply("a1", "q1", WORDS), whole)
    await database.close()
    rows, spent = await booked(path)
    assert rows == [("m", 10, 5, "0.5", None, None)]
    assert (spent.requests, spent.cost) == (1, Decimal("0.5"))


async def test_an_answer_that_was_taken_for_abandoned_is_not_booked_again(growing, database, path):
    update = "UPDATE unlinked_flights SET touched = 0"  # the machine has slept
    await database.write(lambda db: db.execute(update))
    assert len((await booked(path))[0]) == 1
    await growing.checkpoint(reply("a1", "q1", WORDS, state=State.STREAMING))
    await growing.finish(reply("a1", "q1", WORDS), entry(usage=USED, message_id="a1"))
    await database.close()
    assert len((await booked(path))[0]) == 1

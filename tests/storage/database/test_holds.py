"""What requests under way may cost: counted across processes, and for dead ones not for ever."""

import time
from dataclasses import replace
from decimal import Decimal

import pytest

from groqchat.domain.batch.lines import BatchLine
from groqchat.domain.batch.submission import Part, Step, Submission
from groqchat.domain.ledger.holds import Cap, CapUsage, Hold
from groqchat.domain.turns.chat import State
from groqchat.storage.database.abandoned import mark_abandoned
from groqchat.storage.database.batch.batches import BatchRecords
from groqchat.storage.database.database import Database
from groqchat.storage.database.holds import ABANDONED_S
from groqchat.storage.database.ledger import Ledger
from groqchat.storage.database.unsaved_sessions import UnlinkedLedger, UnsavedSessions
from tests.storage.conftest import entry, prompt, reply, session

MONTH = Cap("this month", Decimal(10))
FOUR = Hold("a1", "s1", Decimal(4))
SIX = replace(FOUR, message_id="b1", session_id="s2", cost=Decimal(6))
DOLLAR = replace(FOUR, message_id="c1", cost=Decimal(1))


async def held(ledger):
    """What is held in all; a cap of nothing lets nobody take more."""
    room = await ledger.hold(DOLLAR, [replace(MONTH, limit=Decimal(0))])
    return room.held


async def dated(database, seconds):
    """As if everything had been written so many seconds later."""

    def move(db):
        db.execute("UPDATE holds SET time = time + ?", (seconds,))
        db.execute("UPDATE messages SET touched = touched + ?", (seconds,))

    await database.write(move)


async def test_spent_and_held_fill_a_budget_to_its_last_cent(ledger):
    await ledger.record(entry(cost=Decimal("0.1")))
    assert await ledger.hold(FOUR, [MONTH]) is None
    told = await ledger.hold(SIX, [replace(MONTH, since=1.0), MONTH])
    assert told == CapUsage(replace(MONTH, since=1.0), Decimal("0.1"), Decimal(4))
    assert await ledger.hold(replace(SIX, cost=Decimal("5.9")), [MONTH]) is None
    assert await held(ledger) == Decimal("9.9")
    assert await ledger.hold(replace(DOLLAR, cost=Decimal(0)), [MONTH]) is not None
    assert await ledger.hold(DOLLAR, []) is None  # a person let it pass; it counts all the same
    assert await held(ledger) == Decimal("10.9")


async def test_a_budget_of_a_session_and_of_a_time_counts_its_own(ledger):
    await ledger.hold(SIX, [])
    await ledger.record(entry(time.time(), cost=Decimal(9), session_id="s2"))
    own = Cap("in this session", Decimal(4), session_id="s1")
    over = replace(MONTH, since=time.time() + 60)
    assert await ledger.hold(FOUR, [own, over]) is None


async def test_all_processes_count_what_each_of_them_holds(path, ledger):
    await ledger.hold(FOUR, [MONTH])
    other = Database(path, print)
    try:
        assert (await Ledger(other).hold(replace(SIX, cost=Decimal(7)), [MONTH])).held == 4
    finally:
        await other.close()


@pytest.mark.parametrize("seconds", [-ABANDONED_S - 1, ABANDONED_S + 60])
async def test_what_a_killed_process_held_counts_no_longer_than_it_could_write(
    database, ledger, seconds
):
    await ledger.hold(FOUR, [MONTH])
    await dated(database, -ABANDONED_S + 60)
    assert await held(ledger) == 4
    await dated(database, ABANDONED_S - 60 + seconds)
    assert await held(ledger) == 0


async def test_an_answer_that_grows_is_under_way_however_long_it_takes(database, store, ledger):
    await store.create_session(session())
    await store.add_message(prompt("p1"))
    await ledger.hold(FOUR, [MONTH])
    await dated(database, -ABANDONED_S - 1)
    await store.begin_answer(reply("a1", "p1", "so", state=State.STREAMING), entry())
    assert await held(ledger) == 4
    await dated(database, -ABANDONED_S - 1)
    assert await held(ledger) == 0


async def test_what_is_booked_is_not_held(path, database, store, ledger):
    await store.create_session(session())
    await store.add_message(prompt("p1"))
    answer = reply("a1", "p1", state=State.STREAMING)
    await ledger.hold(FOUR, [MONTH])
    await store.finish(replace(answer, state=State.COMPLETE), entry(message_id="a1"))
    assert await held(ledger) == 0
    await ledger.hold(replace(FOUR, message_id="a2"), [MONTH])
    await ledger.record(entry(outcome="rate_limited"), held_for="a2")
    assert await held(ledger) == 0
    await ledger.hold(replace(FOUR, message_id="a3"), [MONTH])
    await store.begin_answer(replace(answer, id="a3"), entry())
    await database.write(lambda db: db.execute("UPDATE messages SET touched = 0 WHERE id = 'a3'"))
    await database.read(lambda db: mark_abandoned(db, all_of_them=False))
    assert await held(ledger) == 0


async def test_what_is_booked_of_a_conversation_that_is_not_kept_is_not_held(ledger, database):
    memory = Database(None, print)
    try:
        await ledger.hold(FOUR, [MONTH])
        await UnsavedSessions(memory, UnlinkedLedger(database)).finish(reply("a1", None), entry())
        assert await held(ledger) == 0
    finally:
        await memory.close()


async def test_what_this_process_has_under_way_goes_on_also_in_memory():
    """No file shows there that the process is alive."""
    memory = Database(None, print)
    try:
        ledger = Ledger(memory)
        await ledger.hold(FOUR, [])
        await dated(memory, -60)
        assert await held(ledger) == 4
    finally:
        await memory.close()


def batch(*steps, created=1_000.0, estimate="8"):
    """A submission of parts of five lines that have come so far."""
    parts = tuple(Part("j1", n, 5, 10, step=step) for n, step in enumerate(steps, 1))
    cost = None if estimate is None else Decimal(estimate)
    return Submission(
        "j1", "a", created, "24h", "d", "p", "f", "http://x", ("m",), parts=parts, estimate=cost
    )  # fmt: skip


async def stored(database, submission):
    """Store a submission with its lines."""
    lines = [BatchLine(str(n), "/v1/chat/completions", "m", "{}") for n in range(submission.total)]
    await BatchRecords(database, None).add(submission, lines)


@pytest.mark.parametrize(
    ("submission", "cost"),
    [
        (batch(Step.CREATED), "8"),
        (batch(Step.PLANNED, Step.COLLECTED), "4"),
        (batch(Step.COLLECTED), "0"),
        (batch(Step.CREATED, estimate=None), "0"),
    ],
)
async def test_batches_under_way_count_until_they_are_booked(database, ledger, submission, cost):
    await stored(database, submission)
    told = await ledger.hold(DOLLAR, [replace(MONTH, limit=Decimal(0))])
    assert told.batches == Decimal(cost)
    own = Cap("in this session", Decimal(2), session_id="s1")
    assert await ledger.hold(DOLLAR, [own]) is None


async def test_a_batch_that_was_lost_long_ago_counts_no_more(database, ledger):
    await stored(database, batch(Step.CREATED))
    start = 1_000.0 + 8 * 86_400
    assert (await ledger.hold(FOUR, [replace(MONTH, since=start)])).batches == 8
    assert await ledger.hold(FOUR, [replace(MONTH, since=start + 1)]) is None

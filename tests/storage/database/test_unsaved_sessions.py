"""Sessions in memory: their costs are counted and bounded, and named in no ledger."""

from decimal import Decimal

import pytest

from groqchat.domain.ledger.holds import Cap, Hold
from groqchat.domain.ledger.sums import Sums
from groqchat.domain.money.usage import Usage
from groqchat.storage.database.unsaved_sessions import UnlinkedLedger
from tests.fakes import START
from tests.storage.conftest import entry

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

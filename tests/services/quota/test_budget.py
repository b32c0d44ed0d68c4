"""The user's own budget stops a request before it is sent."""

import asyncio
from decimal import Decimal

import pytest

from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import GroqchatError, OverBudgetError
from groqchat.domain.ledger.entry import LedgerEntry
from groqchat.domain.money.pricing import Price
from groqchat.domain.settings import Budget
from groqchat.domain.turns.chat import Delta, Options
from groqchat.services.quota.budget import BudgetGuard, caps, check_budget, month_start, statuses
from tests.fakes import START, FakeClock, FakeProvider, MemoryLedger, accepted, answer
from tests.services.desk import MODEL, Desk

DOLLAR_A_TOKEN = Price(input=Decimal(1_000_000), output=Decimal(0))
MOST = Options(MODEL, max_tokens=100)


def dollars_a_token(*scripts):
    """A desk where an answer's token costs a dollar, and a request is expected to cost 100."""
    return Desk(FakeProvider(*scripts), price=Price(input=Decimal(0), output=Decimal(1_000_000)))


@pytest.fixture
async def ledger():
    ledger = MemoryLedger()
    await ledger.record(
        LedgerEntry(START, "p", "f", "m", "ok", cost=Decimal("0.50"), session_id="s1")
    )
    return ledger


async def test_no_budget_is_no_limit(ledger):
    await check_budget(ledger, caps(Budget(), START, "s1"))


async def test_a_month_that_is_spent_stops(ledger):
    budget = Budget(monthly_usd=Decimal("0.5"))
    with pytest.raises(OverBudgetError, match=r"\$0.50 of \$0.50 this month"):
        await check_budget(ledger, caps(budget, START, "s2"))
    await check_budget(ledger, caps(Budget(monthly_usd=Decimal("0.51")), START, "s2"))


async def test_last_months_cost_does_not_count(ledger):
    await check_budget(ledger, caps(Budget(monthly_usd=Decimal("0.1")), START + 31 * 86_400, "s2"))


async def test_what_a_clock_that_was_ahead_has_dated_does_not_count_this_month(ledger):
    late = LedgerEntry(START + 90 * 86_400, "p", "f", "m", "ok", cost=Decimal(9), session_id="s3")
    await ledger.record(late)
    (month,) = await statuses(ledger, Budget(monthly_usd=Decimal(1)), START + 60, "s2")
    assert (month.spent, month.uncounted) == (Decimal("0.50"), Decimal("0.50"))


async def test_a_session_has_a_budget_of_its_own(ledger):
    budget = Budget(session_usd=Decimal("0.1"))
    with pytest.raises(OverBudgetError, match="in this session"):
        await check_budget(ledger, caps(budget, START, "s1"))
    await check_budget(ledger, caps(budget, START, "s2"))


async def test_a_month_begins_at_midnight_of_its_first_day():
    from datetime import datetime

    start = datetime.fromtimestamp(month_start(START)).astimezone()
    assert (start.day, start.hour, start.minute, start.second) == (1, 0, 0, 0)
    assert month_start(month_start(START)) == month_start(START)


async def test_a_guard_reads_the_budget_anew_and_lets_one_pass_when_told(ledger):
    budgets = [Budget(), Budget(Decimal("0.5")), Budget(Decimal("0.5")), Budget(Decimal("0.5"))]
    guard = BudgetGuard(ledger, lambda: budgets[0], FakeClock(START + 60))
    await guard.check("s1")
    budgets.pop(0)
    with pytest.raises(OverBudgetError):
        await guard.check("s1")
    guard.allow_once()
    await guard.check("s1")
    with pytest.raises(OverBudgetError):
        await guard.check("s1")


async def test_a_standing_tells_what_groq_may_not_have_counted_yet(ledger):
    budget = Budget(monthly_usd=Decimal(1), session_usd=Decimal(2))
    month, session = await statuses(ledger, budget, START + 60, "s1")
    assert (month.share, month.uncounted) == (0.5, Decimal("0.50"))
    assert str(session) == "$0.50 of $2.00 in this session"
    later, _ = await statuses(ledger, budget, START + 16 * 60, "s1")
    assert (later.spent, later.uncounted) == (Decimal("0.50"), 0)


async def test_a_turn_over_budget_is_stored_but_not_sent():
    provider = FakeProvider(answer("x"))
    desk = Desk(provider, price=DOLLAR_A_TOKEN)
    await desk.events()
    desk.budget = Budget(session_usd=Decimal(1))
    with pytest.raises(OverBudgetError):
        await desk.events()
    assert len(provider.requests) == 1
    assert len(desk.store.saved_messages) == 3


async def test_what_is_under_way_counts_until_it_is_booked():
    arrived, goes_on = asyncio.Event(), asyncio.Event()
    gate = [accepted(), arrived.set, goes_on.wait, *answer("x")[1:]]
    desk = dollars_a_token(gate, answer("y"))
    desk.budget = Budget(monthly_usd=Decimal(150))
    first = asyncio.create_task(desk.events(options=MOST))
    await arrived.wait()
    told = (
        r"reserved for running requests, so nothing was sent: \$0.00 of \$150.00 this month is "
        r"spent, \$100.00 is reserved for running requests, and this one may cost \$100.00\."
    )
    with pytest.raises(OverBudgetError, match=told):
        await desk.events(options=MOST)
    goes_on.set()
    await first
    assert desk.store.holds == {}
    await desk.events(options=MOST)  # five dollars are spent
    assert len(desk.provider.requests) == 2


async def test_a_request_that_alone_does_not_fit_is_not_sent():
    desk = dollars_a_token()
    desk.budget = Budget(session_usd=Decimal(99))
    with pytest.raises(OverBudgetError, match="has too little left for this request"):
        await desk.events(options=MOST)
    assert desk.provider.requests == []
    assert not desk.quota._buckets.reserved(MODEL)


async def test_what_a_person_lets_pass_is_sent_and_counts_for_others():
    arrived, goes_on = asyncio.Event(), asyncio.Event()
    desk = dollars_a_token([accepted(), arrived.set, goes_on.wait, *answer("x")[1:]])
    desk.budget = Budget(session_usd=Decimal(99))
    guard = desk.turns._budget
    guard.allow_once()
    first = asyncio.create_task(desk.events(options=MOST))
    await arrived.wait()
    (held,) = desk.store.holds.values()
    assert held.cost == 100
    goes_on.set()
    await first
    assert desk.store.holds == {}


@pytest.mark.parametrize("way", ["refused", "broken", "stopped before", "stopped within"])
async def test_nothing_is_held_for_a_request_that_is_over(way):
    arrived = asyncio.Event()
    script = {
        "refused": [failure("key_rejected", status=401)],
        "broken": [accepted(), Delta("x"), failure("stream_cut")],
        "stopped before": [arrived.set, asyncio.Event().wait],
        "stopped within": [accepted(), Delta("x"), arrived.set, asyncio.Event().wait],
    }[way]
    desk = dollars_a_token(script)
    desk.budget = Budget(monthly_usd=Decimal(150))
    turn = asyncio.create_task(desk.events(options=MOST))
    if way.startswith("stopped"):
        await arrived.wait()
        assert desk.store.holds
        turn.cancel()
    with pytest.raises((GroqchatError, asyncio.CancelledError)):
        await turn
    assert desk.store.holds == {}


async def test_without_a_budget_all_fits_and_without_a_price_only_what_is_spent_counts():
    desk = dollars_a_token(answer("x"))
    await desk.events()
    assert desk.answers
    desk = Desk(FakeProvider(answer("x")), budget=Budget(monthly_usd=Decimal("0.01")))
    await desk.events(options=Options("nobody/knows-it"))
    assert desk.answers


async def test_a_buffer_is_held_back_from_the_month_and_said(ledger):
    budget = Budget(monthly_usd=Decimal("0.52"), buffer=Decimal("0.05"))
    said = r"\$0.50 of \$0.494 this month \(5% of \$0.52 is held back\)"
    with pytest.raises(OverBudgetError, match=said):
        await check_budget(ledger, caps(budget, START, "s2"))
    await check_budget(ledger, caps(Budget(monthly_usd=Decimal("0.52")), START, "s2"))

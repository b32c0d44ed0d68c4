"""The user's own budget stops a request before it is sent."""

from decimal import Decimal

import pytest

from groqchat.domain.chat import LedgerEntry
from groqchat.domain.errors import OverBudgetError
from groqchat.domain.pricing import Price
from groqchat.domain.settings import Budget
from groqchat.services.budget import BudgetGuard, check_budget, month_start, standings
from tests.fakes import START, FakeClock, FakeProvider, MemoryLedger, answer
from tests.services.desk import Desk


@pytest.fixture
async def ledger():
    ledger = MemoryLedger()
    await ledger.record(
        LedgerEntry(START, "p", "f", "m", "ok", cost=Decimal("0.50"), session_id="s1")
    )
    return ledger


async def test_no_budget_is_no_limit(ledger):
    await check_budget(ledger, Budget(), START, "s1")


async def test_a_month_that_is_spent_stops(ledger):
    budget = Budget(monthly_usd=Decimal("0.5"))
    with pytest.raises(OverBudgetError, match=r"\$0.50 of \$0.50 this month"):
        await check_budget(ledger, budget, START, "s2")
    await check_budget(ledger, Budget(monthly_usd=Decimal("0.51")), START, "s2")


async def test_last_months_cost_does_not_count(ledger):
    await check_budget(ledger, Budget(monthly_usd=Decimal("0.1")), START + 31 * 86_400, "s2")


async def test_what_a_clock_that_was_ahead_has_dated_does_not_count_this_month(ledger):
    late = LedgerEntry(START + 90 * 86_400, "p", "f", "m", "ok", cost=Decimal(9), session_id="s3")
    await ledger.record(late)
    (month,) = await standings(ledger, Budget(monthly_usd=Decimal(1)), START + 60, "s2")
    assert (month.spent, month.uncounted) == (Decimal("0.50"), Decimal("0.50"))


async def test_a_session_has_a_budget_of_its_own(ledger):
    budget = Budget(session_usd=Decimal("0.1"))
    with pytest.raises(OverBudgetError, match="in this session"):
        await check_budget(ledger, budget, START, "s1")
    await check_budget(ledger, budget, START, "s2")


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
    guard.let_one_pass()
    await guard.check("s1")
    with pytest.raises(OverBudgetError):
        await guard.check("s1")


async def test_a_standing_tells_what_groq_may_not_have_counted_yet(ledger):
    budget = Budget(monthly_usd=Decimal(1), session_usd=Decimal(2))
    month, session = await standings(ledger, budget, START + 60, "s1")
    assert (month.share, month.uncounted) == (0.5, Decimal("0.50"))
    assert str(session) == "$0.50 of $2.00 in this session"
    later, _ = await standings(ledger, budget, START + 16 * 60, "s1")
    assert (later.spent, later.uncounted) == (Decimal("0.50"), 0)


async def test_a_turn_over_budget_is_stored_but_not_sent():
    provider = FakeProvider(answer("x"))
    desk = Desk(provider, price=Price(input=Decimal(1_000_000), output=Decimal(0)))
    desk.budget = Budget(session_usd=Decimal(1))
    await desk.events()
    with pytest.raises(OverBudgetError):
        await desk.events()
    assert len(provider.requests) == 1
    assert len(desk.store.saved_messages) == 3

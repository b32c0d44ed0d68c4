"""The user's own budget stops a request before it is sent."""

from decimal import Decimal

import pytest

from groqchat.domain.chat import LedgerEntry
from groqchat.domain.errors import OverBudgetError
from groqchat.domain.settings import Budget
from groqchat.services.budget import check_budget, month_start
from tests.fakes import START, MemoryLedger


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

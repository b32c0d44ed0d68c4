"""The user's own budget: refuses a request before it is sent when the money is spent."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from groqchat.domain.causes import failure
from groqchat.domain.humanize import exact_money

if TYPE_CHECKING:
    from decimal import Decimal

    from groqchat.domain.settings import Budget
    from groqchat.services.ports import Ledger


async def check_budget(ledger: Ledger, budget: Budget, now: float, session_id: str) -> None:
    """See whether there is money left, at list price, this month and in a session.

    Raises:
        OverBudgetError: There is none.
    """
    limits = (
        ("this month", budget.monthly_usd, month_start(now), None),
        ("in this session", budget.session_usd, 0.0, session_id),
    )
    for place, limit, since, scope in limits:
        if limit is None:
            continue
        spent = (await ledger.spent(since=since, session_id=scope)).cost
        if spent >= limit:
            raise failure("over_budget", detail=_sentence(spent, limit, place))


def month_start(now: float) -> float:
    """The Unix time at which the month of a time began, where the user is."""
    moment = datetime.fromtimestamp(now).astimezone()
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp()


def _sentence(spent: Decimal, limit: Decimal, place: str) -> str:
    return f"{exact_money(spent)} of {exact_money(limit)} {place}"

"""Forecasts from the ledger: the cost of the month at its end, and when limits of the day run out.

The pace of a month is that of the last seven days, as the sums of days in the ledger have it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from groqchat.domain.clocks import AHEAD_S
from groqchat.domain.ledger.sums import Grouping
from groqchat.domain.limits.pace import LOOKS_BACK_S, runs_out
from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.money.pace import at_end
from groqchat.domain.text.humanize import count, money
from groqchat.services.quota.budget import day_end, month_end, month_start
from groqchat.services.quota.quota import Account, QuotaService

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.domain.limits.quota import Level, QuotaView, RunOut
    from groqchat.domain.models.catalog import Catalog, Plan
    from groqchat.domain.team.place import Amounts
    from groqchat.services.ports import Clock, Ledger
    from groqchat.services.quota.buckets import SharedStates

DAY_S = 86_400.0
WEEK_S = 7 * DAY_S
# A forecast is no exact figure, and so has no more digits, in US dollars.
_FINEST = Decimal("0.000001")
# Seconds of sound an hour are listed too: they are what files wait for.
_LISTED = (LimitKind.RPD, LimitKind.TPD, LimitKind.ASH, LimitKind.ASD)


@dataclass(frozen=True, slots=True)
class MonthForecast:
    """The cost of a month at its end, in US dollars at list price, and the days of the pace.

    ``is_least``: something that was used has no known price, and is not in it.
    """

    cost: Decimal
    days: float
    is_least: bool = False

    def __str__(self) -> str:
        plus = "+" if self.is_least else ""
        days = "the last day" if self.days <= 1 else f"the last {self.days:.0f} days"
        return f"At the pace of {days}, this month costs ≈ {money(self.cost)}{plus} at its end."


async def month_forecast(ledger: Ledger, now: float) -> MonthForecast | None:
    """The forecast of a month's cost at its end; None where nothing priced was used lately.

    Args:
        ledger: Knows what was spent.
        now: The Unix time, in the month.

    Raises:
        StorageError: The ledger cannot be read.
    """
    began, until = now - WEEK_S, now + AHEAD_S
    recent = await ledger.spent(since=began, until=until)
    month = await ledger.spent(since=month_start(now), until=until)
    if not recent.cost and not month.cost:
        return None
    if not (await ledger.spent(until=began)).requests:
        shares = await ledger.by(Grouping.DAY, since=began, until=until)
        began = _midnight(shares[-1].key) if shares else began
    days = max(1.0, (now - began) / DAY_S)
    left = (month_end(now) - now) / DAY_S
    is_least = bool(recent.unpriced or month.unpriced)
    cost = at_end(month.cost, recent.cost, days, left)
    return MonthForecast(cost.quantize(_FINEST), days, is_least)


def _midnight(day: str) -> float:
    return datetime.fromisoformat(day).timestamp()


@dataclass(frozen=True, slots=True)
class LimitForecast:
    """A limit of the day of a model; ``runs_out_at`` is the Unix time of its end at this pace.

    ``runs_out_at`` is None where the refill keeps up, or the pace is not known.
    """

    model: str
    level: Level
    runs_out_at: float | None = None

    def __str__(self) -> str:
        left = f"{count(self.level.remaining)} of {count(self.level.limit)} {self.level.kind} left"
        if self.runs_out_at is None:
            return f"{self.model}: {left}"
        at = datetime.fromtimestamp(self.runs_out_at).astimezone()
        return f"{self.model}: {left}, used up at {at:%H:%M} at the pace of the last hour"


async def limit_forecasts(
    ledger: Ledger,
    catalog: Catalog,
    clock: Clock,
    profiles: Sequence[str],
    plan: Plan | None,
    *,
    shared: SharedStates | None = None,
) -> tuple[LimitForecast, ...]:
    """The known limits of the day and of sound of models that were used within a day.

    Groq's models alone have any, and no key is needed.

    Args:
        ledger: Knows what was used.
        catalog: The limits of the plans.
        clock: Time.
        profiles: The profile in use first, then those that share its limits.
        plan: The plan if the user named it.
        shared: The limits that other machines share.

    Raises:
        StorageError: The ledger cannot be read.
    """
    found = []
    for view in await views_of_day(ledger, catalog, clock, profiles, plan, shared=shared):
        out = view.runs_out
        taken = await shared.taken(view.model, clock.now() - LOOKS_BACK_S) if shared else None
        if taken is not None:
            out = _runs_out_for_all(view, taken, clock.now())
        found += [
            LimitForecast(view.model, level, out.at if out and out.kind is level.kind else None)
            for level in view.levels
            if level.kind in _LISTED and level.remaining is not None
        ]
    return tuple(found)


def _runs_out_for_all(
    view: QuotaView, taken: Sequence[tuple[float, Amounts]], now: float
) -> RunOut | None:
    """The limit of the day that is used up first at the pace of all."""
    outs = (
        runs_out(bucket, [(at, amounts.get(bucket.kind, 0.0)) for at, amounts in taken], now)
        for bucket in view.buckets
        if bucket.kind.window_s == DAY_S
    )
    return min((out for out in outs if out), key=lambda out: out.at, default=None)


async def views_of_day(
    ledger: Ledger,
    catalog: Catalog,
    clock: Clock,
    profiles: Sequence[str],
    plan: Plan | None,
    *,
    shared: SharedStates | None = None,
) -> tuple[QuotaView, ...]:
    """The limits of Groq's models that were used within a day, as the ledger knows them.

    ``shared`` knows those that other machines share.

    Raises:
        StorageError: The ledger cannot be read.
    """
    now = clock.now()
    shares = await ledger.by(Grouping.MODEL, since=now - DAY_S, until=day_end(now))
    quota = quota_by_profile(ledger, catalog, clock, profiles, plan, shared=shared)
    models = [share.key for share in shares if share.provider is None]
    if shared is not None:
        for model in models:
            await shared.read(model)
    return tuple([await quota.refresh(model) for model in models])


def quota_by_profile(
    ledger: Ledger,
    catalog: Catalog,
    clock: Clock,
    profiles: Sequence[str],
    plan: Plan | None,
    *,
    shared: SharedStates | None = None,
) -> QuotaService:
    """The limits of an account at Groq that is known by its profiles' names, without its key.

    Args:
        ledger: Knows what was used.
        catalog: The limits of the plans.
        clock: Time.
        profiles: The profile in use first, then those that share its limits.
        plan: The plan if the user named it.
        shared: The limits that other machines share.
    """
    return QuotaService(account_of(profiles), ledger, catalog, clock, plan, shared=shared)


def account_of(profiles: Sequence[str]) -> Account:
    """An account at Groq that is known by its profiles' names, the one in use first."""
    return Account(profiles[0], "", tuple(profiles))

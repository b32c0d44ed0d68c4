"""Forecasts of the month and of the limits of the day, from what the ledger holds."""

from datetime import datetime
from decimal import Decimal

import pytest

from groqchat.domain.ledger.entry import LedgerEntry
from groqchat.domain.limits.quota import LeakyBucket, LimitKind, Sharing, Source
from groqchat.domain.money.usage import Usage
from groqchat.domain.team.place import PlaceState
from groqchat.services.quota.forecasts import limit_forecasts, month_forecast
from groqchat.storage.catalog import load_catalog
from groqchat.storage.database.database import Database
from groqchat.storage.database.ledger import Ledger
from tests.fakes import FakeClock

MODEL = "openai/gpt-oss-120b"
DAY_S = 86_400
NOON = (
    datetime(2026, 11, 21, 12).astimezone().timestamp()
)  # nine and a half days before the month ends


@pytest.fixture
async def ledger(tmp_path):
    database = Database(tmp_path / "groqchat.db", print)
    yield Ledger(database)
    await database.close()


async def spend(ledger, at, dollars, tokens=0, **more):
    known = {"usage": Usage(prompt_tokens=tokens), "cost": Decimal(dollars)} | more
    await ledger.record(LedgerEntry(at, "default", "f", MODEL, "ok", **known))


async def test_nothing_used_is_no_forecast(ledger):
    assert await month_forecast(ledger, NOON) is None


async def test_the_pace_is_that_of_the_last_seven_days(ledger):
    await spend(ledger, NOON - 12 * DAY_S, "3")
    for day in range(7):
        await spend(ledger, NOON - day * DAY_S - 60, "1")
    forecast = await month_forecast(ledger, NOON)
    assert forecast.cost == Decimal(10) + Decimal("9.5")  # a dollar a day for what is left
    assert str(forecast) == "At the pace of the last 7 days, this month costs ≈ $19.50 at its end."


async def test_who_began_lately_is_judged_by_the_days_since(ledger):
    await spend(ledger, NOON - 1.25 * DAY_S, "3")  # in the morning before: one and a half days
    assert (await month_forecast(ledger, NOON)).cost == Decimal(3) + Decimal(2) * Decimal("9.5")


async def test_a_first_hour_is_not_taken_for_a_pace_of_the_hour(ledger):
    await spend(ledger, NOON - 60, "1")
    assert (await month_forecast(ledger, NOON)).cost == Decimal(1) + Decimal("9.5")


async def test_what_has_no_price_makes_it_the_least(ledger):
    await spend(ledger, NOON - 60, "1")
    await spend(ledger, NOON - 50, "0", tokens=5, cost=None)
    assert "≈ $10.50+" in str(await month_forecast(ledger, NOON))


async def test_limits_of_the_day_are_forecast_without_a_key(ledger):
    for minute in range(1, 41):
        await spend(ledger, NOON - 60 * minute, "0", tokens=3_000)
    profiles, plan = ("default",), "free"
    found = await limit_forecasts(ledger, load_catalog(), FakeClock(NOON), profiles, plan)
    by_kind = {str(each.level.kind): each for each in found}
    assert by_kind["RPD"].runs_out_at is None
    assert by_kind["TPD"].level.remaining == pytest.approx(85_000, abs=3_000)
    assert NOON + 600 < by_kind["TPD"].runs_out_at < NOON + 3 * 3_600
    assert "used up at" in str(by_kind["TPD"])


class Shared:
    """Limits of a team of which half is used, by so many active clients."""

    def __init__(self, active, away_since=None):
        self.sharing = Sharing(active, away_since)
        self.read_models = []

    def state(self, model):
        bucket = LeakyBucket(LimitKind.TPD, 200_000, 100_000, NOON, Source.LEDGER)
        return PlaceState((bucket,)) if model in self.read_models else None

    def look(self, model):
        pass

    async def read(self, model):
        self.read_models.append(model)

    async def taken(self, model, since):
        assert since == NOON - 3_600
        if self.sharing.away_since:
            return None
        return [(NOON - 60 * minute, {LimitKind.TPD: 9_000}) for minute in range(1, 61)]


@pytest.mark.parametrize(("shared", "pace"), [(Shared(2), 9_000), (Shared(2, NOON - 60), 3_000)])
async def test_limits_of_a_team_are_forecast_at_the_pace_of_all(ledger, shared, pace):
    for minute in range(1, 61):
        await spend(ledger, NOON - 60 * minute, "0", tokens=3_000)
    found = await limit_forecasts(
        ledger, load_catalog(), FakeClock(NOON), ("default",), "free", shared=shared
    )
    (tokens,) = (each for each in found if each.level.kind is LimitKind.TPD)
    assert tokens.level.remaining == 100_000
    # 139 tokens a minute come back.
    seconds = 60 * 100_000 / (pace - 139)
    assert tokens.runs_out_at == pytest.approx(NOON + seconds, rel=0.03)

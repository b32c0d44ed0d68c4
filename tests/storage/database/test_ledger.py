"""The ledger: exact sums, by key and time, over whatever is asked."""

import asyncio
import random
import sys
import time
from decimal import Decimal

import pytest

from groqchat.domain.ledger.sums import Grouping, Share, Sums
from groqchat.domain.money.usage import Timing, Usage
from groqchat.storage.database.ledger import SHORTEST_TIMED, TIMED_ANSWERS
from tests.fakes import START
from tests.storage.conftest import entry, reply, session

DAY = 86_400


async def test_entries_of_one_key_and_model_come_back_as_they_were_recorded(ledger):
    kept = [entry(START + 2), entry(START + 1), entry(START)]
    others = [entry(START + 3, fingerprint="g"), entry(START + 3, model="n")]
    for one in kept + others:
        await ledger.record(one)
    recorded = await ledger.since(START + 1, fingerprint="f", model="m")
    assert recorded.entries == kept[:2]
    assert ([each.number for each in recorded.entries], recorded.last) == ([1, 2], 5)
    news = await ledger.since(START, fingerprint="f", model="m", number=2)
    assert news.entries == kept[1:]


async def test_profiles_that_share_limits_are_read_together(ledger):
    ours, theirs = entry(START), entry(START + 1, fingerprint="g", profile="work")
    for one in (ours, theirs, entry(START + 2, fingerprint="h", profile="other")):
        await ledger.record(one)
    shared = await ledger.since(START, fingerprint="f", model="m", profiles=("work",))
    assert shared.entries == [ours, theirs]


async def test_sums_are_exact_to_the_last_digit(ledger):
    for _ in range(10):
        await ledger.record(
            entry(usage=Usage(3, 1, 2), cost=Decimal("0.1"), saved=Decimal("0.000000000001"))
        )
    await ledger.record(entry(usage=Usage(1), session_id="s1"))
    await ledger.record(entry(outcome="rate_limited", session_id="s1"))
    assert await ledger.spent() == Sums(12, 31, 10, 20, Decimal(1), Decimal("1E-11"), 1, 1)
    assert await ledger.spent(session_id="s1") == Sums(2, 1, unpriced=1, refused=1)
    assert await ledger.spent(since=START + 1) == Sums()


@pytest.fixture
def _in_tokyo(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_in_tokyo")
async def test_sums_by_model_day_session_and_profile(ledger):
    # 1,790,000,000 is 2026-09-21 in London and 2026-09-21 23:13 in Tokyo.
    for known in (
        {"cost": Decimal("0.10"), "session_id": "s1"},
        {"at": START + 3600, "model": "n", "cost": Decimal("0.20"), "profile": "work"},
        {"at": START + DAY, "cost": Decimal("0.30"), "session_id": "s1"},
    ):
        await ledger.record(entry(**known))

    async def shares(grouping, **options):
        return {share.key: share.sums.cost for share in await ledger.by(grouping, **options)}

    first, second, third = Decimal("0.10"), Decimal("0.20"), Decimal("0.30")
    assert await shares(Grouping.MODEL) == {"m": first + third, "n": second}
    assert await shares(Grouping.SESSION) == {"": second, "s1": first + third}
    assert await shares(Grouping.PROFILE) == {"default": first + third, "work": second}
    assert await shares(Grouping.DAY) == {"2026-09-21": first, "2026-09-22": second + third}
    assert await shares(Grouping.MODEL, since=START + DAY) == {"m": third}
    assert list(await ledger.by(Grouping.DAY, since=START + 2 * DAY)) == []
    days = [share.key for share in await ledger.by(Grouping.DAY)]
    assert days == sorted(days, reverse=True)
    (share, _) = await ledger.by(Grouping.MODEL)
    assert share == Share("m", Sums(2, cost=first + third))


WRITER = """
import asyncio, sys
from decimal import Decimal
from pathlib import Path
from groqchat.domain.ledger.entry import LedgerEntry
from groqchat.domain.money.usage import Timing, Usage
from groqchat.storage.database.ledger import SHORTEST_TIMED, TIMED_ANSWERS
from groqchat.storage.database.database import Database
from groqchat.storage.database.ledger import Ledger

async def main():
    database = Database(Path(sys.argv[1]), print)
    ledger = Ledger(database)
    used = {"usage": Usage(7), "cost": Decimal("0.000000123")}
    for number in range(300):
        await ledger.record(LedgerEntry(number, sys.argv[2], "f", "m", "ok", **used))
    await database.close()

asyncio.run(main())
"""


async def test_two_processes_share_one_ledger_and_lose_nothing(ledger, path):
    """Both make the file, both write at once, and this process reads meanwhile."""
    command = (sys.executable, "-W", "error", "-c", WRITER, str(path))
    writers = [await asyncio.create_subprocess_exec(*command, name) for name in ("a", "b")]
    counts = []
    while any(writer.returncode is None for writer in writers):
        counts.append((await ledger.spent()).requests)
        await asyncio.wait([asyncio.ensure_future(w.wait()) for w in writers], timeout=0.05)
    assert [writer.returncode for writer in writers] == [0, 0]
    assert counts == sorted(counts)
    sums = await ledger.spent()
    assert (sums.requests, sums.prompt_tokens, sums.cost) == (600, 4200, Decimal("0.0000738"))
    assert {s.key: s.sums.requests for s in await ledger.by(Grouping.PROFILE)} == {
        "a": 300,
        "b": 300,
    }


async def test_whatever_the_costs_are_every_way_to_sum_them_gives_the_same(ledger):
    chance = random.Random(4)
    costs = [Decimal(chance.randrange(10**9)).scaleb(-chance.randrange(6, 13)) for _ in range(60)]
    for number, cost in enumerate(costs):
        name = f"{number % 7}"
        await ledger.record(
            entry(START + number * 9000, model=name, profile=name, session_id=name, cost=cost)
        )
    assert (await ledger.spent()).cost == sum(costs)
    for grouping in Grouping:
        assert sum(share.sums.cost for share in await ledger.by(grouping)) == sum(costs)


async def answered(store, number, model="m", *, tokens=100, seconds=1.0, **known):
    """Keep an answer that streamed for so many seconds after its first token."""
    message = reply(f"a{number}", None, model=model, timing=Timing(0.5, 0.5 + seconds))
    await store.add_message(message)
    about = {"model": model, "message_id": message.id, "usage": Usage(1, 0, tokens)} | known
    await store.finish(message, entry(START + number, **about))


async def test_speeds_are_those_of_the_recent_whole_answers_of_each_model(store, ledger):
    await store.create_session(session())
    await answered(store, 1, seconds=2.0)
    await answered(store, 2, seconds=0.5)
    await answered(store, 3, "n", tokens=400)
    await answered(store, 4, tokens=SHORTEST_TIMED - 1)
    await answered(store, 5, outcome="stopped")
    await ledger.record(entry(START + 6, usage=Usage(1, 0, 100)))
    assert await ledger.speeds() == {"m": [200.0, 50.0], "n": [400.0]}


async def test_only_the_newest_answers_tell_the_speed(store, ledger):
    await store.create_session(session())
    for number in range(TIMED_ANSWERS + 3):
        await answered(store, number, tokens=100 + number)
    (speeds,) = (await ledger.speeds()).values()
    assert speeds == [float(122 - age) for age in range(TIMED_ANSWERS)]


async def test_what_another_vendor_was_asked_counts_in_sums_but_never_against_our_limits(ledger):
    ours = entry(model="m")
    theirs = entry(model="m", provider="router", cost=Decimal("0.25"))
    await ledger.record(ours)
    await ledger.record(theirs)
    profiles = ("default",)
    assert (await ledger.since(0, fingerprint="f", model="m", profiles=profiles)).entries == [ours]
    told = await ledger.since(0, fingerprint="f", model="m", provider="router")
    assert told.entries == [theirs]
    assert (await ledger.spent()).requests == 2
    shares = await ledger.by(Grouping.MODEL)
    assert [(share.key, share.provider) for share in shares] == [
        ("m", None),
        ("m at router", "router"),
    ]

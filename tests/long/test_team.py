"""An organisation on the free plan: 4,000 requests from eight processes, over accidents."""

from __future__ import annotations

import asyncio

import pytest

from tests.team.cluster import Cluster
from tests.team.conftest import NOW, store_on
from tests.team.organisation import (
    BIG,
    GUARD,
    QWEN,
    SMALL,
    assert_close,
    believed,
    booked,
    in_shared_time,
    left,
    organisation,
    work,
)
from tests.team.proxy import Proxy
from tests.virtual_time import START, watch_threads

MODELS = BIG, SMALL, QWEN, GUARD
PEOPLE = ("anna", "boris") * 4
EACH = 125
KILLED_AT, KILLED_FOR = 600.0, 60.0
CUT_AT, CUT_FOR = 1_200.0, 30.0
# What clients need to notice that the server is back, and to be sure that the others have.
RECOVERY_S = 20.0


async def accidents(cluster, proxy):
    clock = asyncio.get_running_loop().clock
    await clock.sleep(KILLED_AT)
    cluster.kill()
    await clock.sleep(KILLED_FOR)
    cluster.start()
    await clock.sleep(CUT_AT - KILLED_AT - KILLED_FOR)
    proxy.cut()
    await clock.sleep(CUT_FOR)
    proxy.mend()


def is_there(time):
    """Whether the server is there at a time, and has been for a while."""
    away = ((KILLED_AT, KILLED_FOR), (CUT_AT, CUT_FOR))
    return not any(begin <= time < begin + length + RECOVERY_S for begin, length in away)


@pytest.mark.timeout(3000)
def test_nothing_is_refused_lost_or_counted_twice_and_hardly_any_is_left(monkeypatch, tmp_path):
    cluster = Cluster()
    try:
        cluster.add_users("anna", "boris")
        team, known, true = in_shared_time(run(cluster, monkeypatch, tmp_path))
        with cluster.connect() as connection:
            rows = booked(connection)
            times = connection.execute("SELECT model, time FROM groqchat.entries").fetchall()
    finally:
        cluster.stop()
    number = EACH * len(PEOPLE)
    # The ledger is the server's own count: each prompt was asked once, and nothing was refused.
    assert not team.refused
    assert team.admitted == dict.fromkeys(MODELS, number)
    counts = {place: requests for place, (requests, _) in rows.items()}
    assert counts == {(model, "ok"): number for model in MODELS}
    for model in MODELS:
        own = [time - START for each, time in times if each == model]
        # One request comes back every two seconds; the first thirty are there at once.
        seconds = [second for second in range(60, int(max(own)) - 60) if is_there(second)]
        used = sum(is_there(time) and 60 <= time < int(max(own)) - 60 for time in own)
        assert used >= 0.95 * len(seconds) / 2
    print(known, true, sep="\n")
    assert_close(known, true, tokens=0)


async def run(cluster, monkeypatch, folder):
    watch_threads(monkeypatch)
    owner = store_on(cluster.url(), "owner", "owner")
    await owner.init(NOW)
    await owner.close()
    async with Proxy(cluster.port) as proxy, organisation() as team:
        urls = [(user, cluster.url(user, port=proxy.port)) for user in PEOPLE]
        happening = asyncio.create_task(accidents(cluster, proxy))
        await work(team, folder, urls, EACH, MODELS)
        happening.cancel()
        true = left(team, MODELS)
        home, password = folder / "home0", f"secret-{PEOPLE[0]}"
        return team, await believed(home, team, MODELS, monkeypatch, password), true

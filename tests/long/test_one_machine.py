"""Eight programs of one machine on the free plan: 4,000 requests, over two that are killed."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing

import pytest

from tests.team.organisation import (
    BIG,
    GUARD,
    QWEN,
    SMALL,
    Members,
    assert_close,
    believed,
    booked,
    in_shared_time,
    left,
    organisation,
)
from tests.virtual_time import START, watch_threads

MODELS = BIG, SMALL, QWEN, GUARD
PROGRAMS, EACH = 8, 125
# Programs that are killed at a second, and begin again a minute later.
KILLED = {2: 300.0, 5: 900.0}
DOWN_S = 60.0
# What the estimate of a prompt may be wrong by, and what an answer had when its program died.
KILLED_TOKENS = 60


async def accident(members, home, member, at):
    """Kill a program over an answer, and start it again."""
    clock = asyncio.get_running_loop().clock
    await clock.sleep(at)
    await members.kill_over_an_answer(member, home)
    await clock.sleep(DOWN_S)
    members.begin(member, home)


@pytest.mark.timeout(3000)
def test_nothing_is_refused_lost_or_counted_twice_and_hardly_any_is_left(monkeypatch, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "config.toml").write_text('plan = "free"\n')
    team, known, true = in_shared_time(run(home, monkeypatch))
    with closing(sqlite3.connect(home / "groqchat.db")) as db:
        rows = booked(db, "ledger")
        times = db.execute("SELECT model, time FROM ledger").fetchall()
        assert db.execute("SELECT count(*) FROM holds").fetchone() == (0,)
    print(team.admitted, team.refused, rows, known, true, sep="\n")
    number, killed = EACH * PROGRAMS, 0
    assert not team.refused
    for model in MODELS:
        # The ledger is the server's own count: what a killed program had under way is there too.
        broken = rows.get((model, "stream_broken"), (0, 0))[0]
        assert rows[model, "ok"][0] == number
        assert team.admitted[model] == number + broken
        killed += broken
        # One request comes back every two seconds; the first thirty are there at once.
        own = sorted(time - START for each, time in times if each == model)
        assert len(own) - 30 >= 0.95 * (own[-1] / 2)
    assert len(KILLED) <= killed
    assert len(rows) == sum(1 for place in rows if place[1] in {"ok", "stream_broken"})
    assert_close(known, true, tokens=killed * KILLED_TOKENS)


async def run(home, monkeypatch):
    watch_threads(monkeypatch)
    async with organisation() as team:
        members = Members(team, home.parent, EACH, MODELS)
        try:
            for member in range(PROGRAMS):
                members.begin(member, home)
            accidents = [
                asyncio.create_task(accident(members, home, *each)) for each in KILLED.items()
            ]
            await asyncio.gather(*accidents)
            await members.all_ended()
        finally:
            members.close()
        true = left(team, MODELS)
        return team, await believed(home, team, MODELS, monkeypatch), true

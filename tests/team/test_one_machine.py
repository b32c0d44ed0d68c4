"""Programs of one machine that share its limits: none is refused, and hardly any is left."""

import asyncio
import sqlite3
from contextlib import closing

import pytest

from tests.team.organisation import (
    BIG,
    SMALL,
    Members,
    assert_close,
    believed,
    booked,
    in_shared_time,
    left,
    organisation,
)
from tests.virtual_time import watch_threads

PROGRAMS, PROMPTS = 3, 20
MODELS = BIG, SMALL
# Thirty of a minute's requests are there at first, and one comes back every two seconds.
LEAST_S = (PROGRAMS * PROMPTS - 30) * 2
# What the estimate of a prompt may be wrong by, and what an answer had when its program died.
KILLED_TOKENS = 60


@pytest.mark.slow
def test_programs_share_the_limits_of_the_minute_though_one_is_killed(monkeypatch, tmp_path):
    """Sixty requests to each of two models, of which a minute takes thirty."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "config.toml").write_text('plan = "free"\n')
    took, team, known, true = in_shared_time(run(home, monkeypatch))
    (path,) = tmp_path.rglob("groqchat.db")
    with closing(sqlite3.connect(path)) as db:
        rows = booked(db, "ledger")
        assert db.execute("SELECT count(*) FROM holds").fetchone() == (0,)
    killed = {model: rows.pop((model, "stream_broken"), (0, 0))[0] for model in MODELS}
    assert not team.refused
    assert sum(killed.values()) >= 1
    assert {place: number for place, (number, _) in rows.items()} == {
        (model, "ok"): PROGRAMS * PROMPTS for model in MODELS
    }
    assert team.admitted == {model: PROGRAMS * PROMPTS + killed[model] for model in MODELS}
    assert_close(known, true, tokens=sum(killed.values()) * KILLED_TOKENS)
    assert took <= (LEAST_S + 2 * max(killed.values())) / 0.95


async def run(home, monkeypatch):
    watch_threads(monkeypatch)
    loop = asyncio.get_running_loop()
    async with organisation() as team:
        members = Members(team, home.parent, PROMPTS, MODELS)
        try:
            for member in range(PROGRAMS):
                members.begin(member, home)
            await members.kill_over_an_answer(1, home)
            members.begin(1, home)
            await members.all_ended()
        finally:
            members.close()
        true = left(team, MODELS)
        return loop.passed, team, await believed(home, team, MODELS, monkeypatch), true

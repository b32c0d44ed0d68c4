"""Programs of one machine that share its limits: none is refused, and hardly any is left."""

import asyncio
import sqlite3
from contextlib import closing

import pytest

from tests.team.organisation import BIG, SMALL, Members, asked, in_shared_time, organisation
from tests.virtual_time import watch_threads

PROGRAMS, PROMPTS = 3, 20
# Thirty of a minute's requests are there at first, and one comes back every two seconds.
LEAST_S = (PROGRAMS * PROMPTS - 30) * 2


@pytest.mark.slow
def test_programs_share_the_limits_of_the_minute(monkeypatch, tmp_path):
    """Sixty requests to each of two models, of which a minute takes thirty."""

    async def run():
        watch_threads(monkeypatch)
        loop = asyncio.get_running_loop()
        async with organisation() as team:
            members = Members(team, tmp_path, PROMPTS, (BIG, SMALL))
            home = tmp_path / "home"
            home.mkdir()
            (home / "config.toml").write_text('plan = "free"\n')
            try:
                for member in range(PROGRAMS):
                    members.begin(member, home)
                await members.all_ended()
            finally:
                members.close()
            return loop.passed, team

    took, team = in_shared_time(run())
    (path,) = tmp_path.rglob("groqchat.db")
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute(
            "SELECT model, outcome, count(*), sum(prompt_tokens + completion_tokens) "
            "FROM ledger GROUP BY 1, 2"
        ).fetchall()
        print(took, team.admitted, team.refused, rows)
        assert db.execute("SELECT count(*) FROM holds").fetchone() == (0,)
    booked = {(model, outcome): (number, tokens) for model, outcome, number, tokens in rows}
    assert not team.refused
    assert booked == {(BIG, "ok"): asked(team, BIG), (SMALL, "ok"): asked(team, SMALL)}
    assert took <= LEAST_S / 0.95

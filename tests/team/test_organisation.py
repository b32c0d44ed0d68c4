"""Machines of an organisation that share its limits: none is refused, and hardly any is left."""

import pytest

from tests.team.conftest import NOW, store_on
from tests.team.organisation import BIG, SMALL, asked, booked, in_shared_time, organisation, work
from tests.virtual_time import watch_threads

MEMBERS = ("anna", "boris", "anna")
PROMPTS = 20
# Thirty of a minute's requests are there at first, and one comes back every two seconds.
LEAST_S = (len(MEMBERS) * PROMPTS - 30) * 2


@pytest.mark.slow
def test_processes_share_the_limits_of_the_minute(monkeypatch, tmp_path, cluster, database):
    """Sixty requests to each of two models, of which a minute takes thirty."""

    async def run():
        watch_threads(monkeypatch)
        owner = store_on(cluster.url(database=database), "owner", "owner")
        await owner.init(NOW)
        await owner.close()
        urls = [(user, cluster.url(user, database)) for user in MEMBERS]
        async with organisation() as team:
            took = await work(team, tmp_path, urls, PROMPTS, (BIG, SMALL))
            return took, team

    took, team = in_shared_time(run())
    with cluster.connect(database=database) as connection:
        assert booked(connection) == {
            (BIG, "ok"): asked(team, BIG),
            (SMALL, "ok"): asked(team, SMALL),
        }
        assert connection.execute("SELECT count(*) FROM groqchat.leases").fetchone() == (0,)
    assert asked(team, BIG)[0] == asked(team, SMALL)[0] == len(MEMBERS) * PROMPTS
    assert not team.refused
    assert took <= LEAST_S / 0.95

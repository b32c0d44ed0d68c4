"""Machines that ask one set together, by the real command line; one is killed, the server too."""

import asyncio

import pytest

from tests.team.conftest import NOW, store_on
from tests.team.organisation import BIG, SMALL, in_shared_time, organisation
from tests.team.shared_sets import comparable, counting, worker, written
from tests.virtual_time import watch_threads

MODELS = "-m", f"{BIG} seed=7", "-m", f"{SMALL} seed=7"
PROMPTS, RUNS = 12, 3
WHOLE = PROMPTS * RUNS * 2
# Longer than a worker goes on without the server, shorter than it waits for it.
AWAY_S = 50.0


def counts(cluster, database):
    """The results that are there, and the tasks that somebody asks."""
    with cluster.connect(database=database) as connection:
        return connection.execute(
            "SELECT count(outcome), count(*) FILTER (WHERE outcome IS NULL AND worker IS NOT NULL) "
            "FROM groqchat.set_tasks"
        ).fetchone()


@pytest.mark.slow
def test_each_prompt_is_asked_once_and_the_report_is_that_of_one(
    monkeypatch, tmp_path, cluster, database
):
    asked = ("--file", written(tmp_path, PROMPTS), *MODELS, "--runs", RUNS, "--json")

    async def share(loop, groq, times):
        """Ask together, over accidents; returns those who make a report, and what is asked twice.

        What was under way when a worker was killed may have been answered, or not: nobody knows.
        """
        people = enumerate(("anna", "boris", "anna"))
        workers = [
            worker(
                tmp_path,
                f"desk{n}",
                groq.url,
                user=user,
                url=cluster.url(user, database),
                plan="free",
            )
            for n, user in people
        ]
        for each in workers:
            each.start(*asked, "--team", control=loop.coordinator.admit())
        while counts(cluster, database)[0] < WHOLE // 4:
            await loop.clock.sleep(0.1)
        workers[0].process.kill()
        assert workers[0].end(30) < 0
        _, under_way = counts(cluster, database)
        cluster.kill()
        await loop.clock.sleep(AWAY_S)
        cluster.start()
        await loop.coordinator.all_ended()
        for each in workers[1:]:
            assert each.end(30) == 0, each.said
        assert 0 <= sum(times.values()) - WHOLE <= under_way
        return workers

    async def run():
        watch_threads(monkeypatch)
        loop = asyncio.get_running_loop()
        owner = store_on(cluster.url(database=database), "owner", "owner")
        await owner.init(NOW)
        await owner.close()
        async with organisation() as team:
            times = counting(team.groq)
            workers = await share(loop, team.groq, times)
            assert min(times.values()) == RUNS
            assert not team.refused
            number = sum(times.values())
            workers[0].start(*asked, "--team", control=loop.coordinator.admit())
            alone = worker(tmp_path, "alone", team.groq.url, plan="free")
            await loop.coordinator.all_ended()
            assert workers[0].end(30) == 0, workers[0].said
            assert sum(times.values()) == number
            alone.start(*asked, control=loop.coordinator.admit())
            await loop.coordinator.all_ended()
            assert alone.end(30) == 0, alone.said
            return workers, alone

    workers, alone = in_shared_time(run())
    for each in workers:
        assert comparable(each.report) == comparable(alone.report)
    said = workers[1].said
    assert said.startswith("--team: answers, without prompts, go to postgresql://boris@127")
    assert "What is answered is kept here, and handed in later." in said
    assert "The team's server is there again." in said

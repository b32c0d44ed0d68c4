"""A thousand prompts, three variants, three runs, four workers, of which two are killed.

On two cores all of it takes a quarter of an hour; ``SHARED_PROMPTS=20`` is the same with fewer.
"""

from __future__ import annotations

import os
import time

import pytest

from groqchat.simulator.background import BackgroundSimulator
from groqchat.storage.catalog import load_catalog
from tests.team.cluster import Cluster
from tests.team.conftest import NOW, store_on
from tests.team.shared_sets import BEHAVIOUR, VARIANTS, comparable, counting, worker, written

PROMPTS = int(os.environ.get("SHARED_PROMPTS", "1000"))
RUNS = 3
LONGEST_S = 1500.0


@pytest.fixture
async def cluster():
    running = Cluster()
    try:
        running.add_users("anna", "boris")
        owner = store_on(running.url(), "owner", "owner")
        await owner.init(NOW)
        await owner.close()
        yield running
    finally:
        running.stop()


def settled(cluster):
    with cluster.connect() as connection:
        row = connection.execute("SELECT count(outcome) FROM groqchat.set_tasks").fetchone()
    return row[0]


def until(condition, *, longest_s=LONGEST_S):
    end = time.monotonic() + longest_s
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.timeout(2 * LONGEST_S)
def test_each_is_asked_once_and_the_report_is_that_of_one_worker(cluster, tmp_path):
    path = written(tmp_path, PROMPTS)
    models = [word for variant in VARIANTS for word in ("-m", variant)]
    asked = ("--file", path, *models, "--runs", RUNS, "--json")
    whole = PROMPTS * len(VARIANTS) * RUNS
    with BackgroundSimulator(load_catalog(), BEHAVIOUR) as groq:
        times = counting(groq.simulator)
        workers = [
            worker(tmp_path, f"machine{n}", groq.url, user=user, url=cluster.url(user))
            for n, user in enumerate(("anna", "boris", "anna", "boris"))
        ]
        began = time.monotonic()
        for each in workers:
            each.start(*asked, "--team")
        until(lambda: settled(cluster) >= whole // 3 or workers[0].process.poll() is not None)
        before = sum(times.values())
        for each in workers[:2]:
            each.process.kill()
            each.end(10)
        there = settled(cluster)
        # What was under way at the kill: nobody can know whether it was answered.
        under_way = before - there + 200
        for each in workers[2:]:
            assert each.end(LONGEST_S) == 0, each.said[-2000:]
        print(f"\n{whole} answers in {time.monotonic() - began:.0f} s")
        reports = [each.report for each in workers[2:]]
        again = sum(times.values()) - whole
        print(f"asked twice: {again}, of {under_way} that may have been under way")
        assert min(times.values()) == RUNS
        assert len(times) == PROMPTS * len(VARIANTS)
        assert 0 <= again <= under_way
        # One of the killed comes back, and asks nothing; what it had paid for in vain is told now.
        assert workers[0].start(*asked, "--team").end(LONGEST_S) == 0
        assert sum(times.values()) - whole == again
    with BackgroundSimulator(load_catalog(), BEHAVIOUR) as groq:
        alone = worker(tmp_path, "alone", groq.url).start(*asked)
        assert alone.end(LONGEST_S) == 0, alone.said[-2000:]
    for report in reports:
        assert comparable(report) == comparable(alone.report)
    assert comparable(workers[0].report)["results"] == comparable(alone.report)["results"]

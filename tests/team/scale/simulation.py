"""An organisation of so many clients under a load, and what became of it.

``python -m tests.team.scale.simulation CLIENTS LOAD PLAN SECONDS`` prints JSON.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.models.catalog import Plan
from tests.team.cluster import Cluster
from tests.team.conftest import NOW, store_on
from tests.team.scale.crowd import MODEL, crowd
from tests.team.scale.database import Watched
from tests.team.scale.loads import HUNGRY, LOADS, SMALL
from tests.virtual_time import VirtualTimeLoop

# Beside those of the clients: of the measurement, and the server's own.
_MORE_CONNECTIONS = 20


def jain(shares):
    """Jain's index of fairness: 1 where all got the same, 1/n where one got all; None of nobody."""
    squares = sum(each * each for each in shares)
    return sum(shares) ** 2 / (len(shares) * squares) if squares else None


@dataclass(frozen=True)
class Case:
    """So many clients under a load on a plan, for so many seconds of virtual time."""

    clients: int
    load: str
    plan: Plan
    seconds: float


def simulated(case):
    """Run a case; returns a dictionary of figures."""
    cluster = Cluster(connections=case.clients + _MORE_CONNECTIONS)
    try:
        with (
            _people(cluster, case.clients) as urls,
            tempfile.TemporaryDirectory() as folder,
            pytest.MonkeyPatch.context() as patch,
            asyncio.Runner(loop_factory=VirtualTimeLoop) as runner,
        ):
            watched = Watched(patch, cluster)
            return runner.run(_run(case, patch, watched, Path(folder), urls))
    finally:
        cluster.stop()


@contextmanager
def _people(cluster, number):
    """The addresses of so many members, each a user whose password libpq finds by itself."""
    names = [f"member{each}" for each in range(number)]
    cluster.add_users(*names)
    with tempfile.NamedTemporaryFile("w") as file, pytest.MonkeyPatch.context() as patch:
        file.write("".join(f"*:*:*:{name}:secret-{name}\n" for name in names))
        file.flush()
        Path(file.name).chmod(0o600)
        patch.setenv("PGPASSFILE", file.name)
        yield [cluster.url(name) for name in names]


async def _run(case, patch, watched, folder, urls):
    owner = store_on(watched.cluster.url(), "owner", "owner")
    await owner.init(NOW)
    await owner.close()
    begun = time.monotonic()
    async with crowd(patch, folder, urls, case.plan, case.seconds) as team:
        with watched:
            tasks = [asyncio.create_task(each) for each in LOADS[case.load](team)]
            if case.load == "away":
                clock = asyncio.get_running_loop().clock
                tasks.append(asyncio.create_task(_outage(watched.cluster, clock, case.seconds)))
            await asyncio.wait(tasks, timeout=case.seconds)
            figures = _figures(team, watched, case.load, case.seconds)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        figures["wal_bytes"] = watched.wal_bytes / max(1, team.admitted)
    return figures | {"took_s": time.monotonic() - begun}


async def _outage(cluster, clock, seconds):
    """The server is away for the middle third."""
    await clock.sleep(seconds / 3)
    cluster.kill()
    await clock.sleep(seconds / 3)
    cluster.start()


def _figures(team, watched, load, seconds):
    clients = team.clients
    kind, share = team.share_used(seconds)
    small = SMALL[load](clients)
    return {
        "clients": len(clients),
        "load": load,
        "requests": team.admitted,
        "refused": sum(team.refused.values()),
        "binding": kind.value,
        "share": share,
        "jain": jain([each.tokens for each in HUNGRY[load](clients)]),
        "small_wait_s": max((each.longest_wait_s for each in small), default=None),
        "small_waits": sum(len(each.waits) for each in small),
        "most_of_share": _most_of_share(team, seconds) if load == "away" else None,
        "failures": sum((each.failures for each in clients), Counter()),
        "transactions": len(watched.ours) / max(1, team.admitted),
        "p50_ms": 1_000 * statistics.median(watched.ours),
        "p95_ms": 1_000 * _p95(watched.ours),
        "bare_p50_ms": 1_000 * statistics.median(watched.bare or [0.0]),
        "bare_p95_ms": 1_000 * _p95(watched.bare or [0.0]),
        "lock_waits": statistics.mean(watched.waiting or [0]),
        "connections": watched.connections,
    }


def _most_of_share(team, seconds):
    """The most that a client used while the server was away, as a part of its share of the limit.

    That is its part of a full bucket and of the refill meanwhile.
    """
    limits = {b.kind: b.limit for b in team.groq._state.limits.buckets(MODEL)}
    share = limits[LimitKind.TPM] * (1 + seconds / 3 / 60) / len(team.clients)
    used = [
        sum(tokens for at, tokens in each.answers if seconds / 3 < at <= 2 * seconds / 3)
        for each in team.clients
    ]
    return max(used) / share


def _p95(values):
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.95))]


def main(clients, load, plan, seconds):
    print(json.dumps(simulated(Case(int(clients), load, Plan(plan), float(seconds)))))


if __name__ == "__main__":
    main(*sys.argv[1:])

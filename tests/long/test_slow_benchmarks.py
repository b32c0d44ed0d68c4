"""The quick benchmarks that last: of two programs that come to rest, of a team in two loads."""

import re

from tests.benchmarks.quick_run import quick


def test_an_idle_program_is_measured_beside_its_floor():
    table = quick("idle", seconds=120)
    (row,) = re.findall(
        r"^\| idle, countdowns running \| (\S+) % .*\| (\S+) % ", table, re.MULTILINE
    )
    assert all(float(figure) >= 0 for figure in row)


def test_members_of_a_team_share_its_limits_evenly_and_nothing_is_refused():
    table = quick("team", seconds=200)
    rare, away, cost = [line for line in table.splitlines() if line.startswith("| 4 clients")]
    for row in (rare, away):
        assert re.search(r"\b0 of \d{2,} refused", row)
        assert float(re.search(r"Jain ([\d.]+)", row)[1]) >= 0.9
    assert float(re.search(r"([\d.]+) of it", rare)[1]) >= 0.9
    assert float(re.search(r"waits (\d+) s at most", rare)[1]) <= 20
    assert float(re.search(r"([\d.]+) of a share at most", away)[1]) <= 1
    assert re.search(r"\b4 connections", cost)

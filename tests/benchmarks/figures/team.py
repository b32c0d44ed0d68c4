"""Teams: what clients get of one organisation's limits, and what that costs its database.

In virtual time, on a PostgreSQL of its own; only times of transactions are real, beside bare ones
of the same size by turns.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.benchmarks.table import Row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.benchmarks.lab import Lab

_CLIENTS, _QUICK_CLIENTS = (1, 8, 64, 256), (4,)
_LOADS = {
    "alike": "all work on sets",
    "greedy": "one works on a set, the others prompt now and then",
    "bursts": "all prompt three times at once, every minute",
    "rare": "all but one work on sets, who prompts rarely",
    "away": "all work on sets, the server is away for a third of the time",
}
_AIMS = dict.fromkeys(_LOADS, "≥ 0.95, 0 refused") | {
    "bursts": "0 refused",
    "away": "≤ 1 of a share, 0 refused",
}
_WHO = dict.fromkeys(_LOADS, "who wants little waits") | {"bursts": "a prompt waits"}
_QUICK_LOADS = "rare", "away"
# The minute's limits are full at first; a line takes some minutes to form.
_SECONDS = {"free": 300, "developer": 60}
_QUICK_SECONDS = 150
_TIMEOUT_S = 1_200.0


def team(lab: Lab) -> list[Row]:
    """A row for each plan, number of clients and load, and one for the database.

    Raises:
        LookupError: A run failed.
    """
    rows: list[Row] = []
    for plan in ("free",) if lab.is_quick else _SECONDS:
        for clients in _QUICK_CLIENTS if lab.is_quick else _CLIENTS:
            ran = {load: _run(lab, clients, load, plan) for load in _loads(lab, clients)}
            title = f"{clients} client{'s' * (clients > 1)}, {plan} plan"
            rows += [_got(f"{title}: {_LOADS[load]}", told) for load, told in ran.items()]
            rows.append(_cost(title, next(iter(ran.values()))))
    return rows


def _loads(lab: Lab, clients: int) -> tuple[str, ...]:
    if clients == 1:
        return ("alike",)
    return _QUICK_LOADS if lab.is_quick else tuple(_LOADS)


def _run(lab: Lab, clients: int, load: str, plan: str) -> Mapping[str, float | str | None]:
    seconds = _QUICK_SECONDS if lab.is_quick else _SECONDS[plan]
    home = f"team-{clients}-{load}-{plan}"
    words = str(clients), load, plan, str(seconds)
    return json.loads(lab.output("team", *words, home=home, timeout=_TIMEOUT_S))


def _got(title: str, told: Mapping[str, float | str | None]) -> Row:
    """What a load got of the limit that binds, and how evenly."""
    words = [f"{told['share']:.2f} of it", f"{told['refused']} of {told['requests']} refused"]
    if told["jain"] is not None:
        words.append(f"Jain {told['jain']:.2f}")
    if told["small_wait_s"] is not None:
        words.append(f"{_WHO[told['load']]} {told['small_wait_s']:.0f} s at most")
    if told["most_of_share"] is not None:
        words.append(f"while it is away {told['most_of_share']:.2f} of a share at most")
    return Row(title, f"the limit ({told['binding']})", ", ".join(words), "–", _AIMS[told["load"]])


def _cost(title: str, told: Mapping[str, float | str | None]) -> Row:
    ours = f"p50 {told['p50_ms']:.1f} ms, p95 {told['p95_ms']:.1f} ms"
    more = (
        f"{told['transactions']:.1f} a request, {told['lock_waits']:.1f} wait for a lock, "
        f"{told['connections']} connections, {told['wal_bytes'] / 1_024:.1f} KiB of log a request"
    )
    floor = f"p50 {told['bare_p50_ms']:.1f} ms, p95 {told['bare_p95_ms']:.1f} ms (bare psycopg)"
    ratio = f"{told['p50_ms'] / told['bare_p50_ms']:.2f}" if told["bare_p50_ms"] else "–"
    return Row(f"{title}: a transaction", floor, f"{ours}; {more}", ratio)

"""Typing: how long until a key shows, at rest and while an answer streams."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.benchmarks import vitals
from tests.benchmarks.lab import median, p95, type_keys
from tests.benchmarks.table import Row

if TYPE_CHECKING:
    from tests.benchmarks.lab import Lab

_RATE = 1_000
_KEYS = 120
_SECONDS_A_KEY = 0.1
_SESSIONS = 3
_SECONDS_A_SESSION = 2.0


def keys(lab: Lab) -> list[Row]:
    """The echo of typed keys."""
    count = 15 if lab.is_quick else _KEYS
    rest = {name: _at_rest(lab, name, count) for name in ("bare", "groqchat")}
    # The floor is soon seconds behind, so that few keys say enough.
    busy = {
        "stream": _streaming(lab, "stream", min(count, 30)),
        "groqchat": _streaming(lab, "groqchat", count),
    }
    return [
        *_rows("key echo at rest", rest["bare"], rest["groqchat"], "bare app", "–"),
        *_rows(
            f"key echo while {_RATE:,} tokens/s stream",
            busy["stream"],
            busy["groqchat"],
            "MarkdownStream",
            "≤ 25 ms",
        ),
        *_rows(
            f"key echo while {_SESSIONS} other sessions stream {_RATE:,} tokens/s each",
            rest["bare"],
            _beside(lab, count),
            "bare app",
            "≤ 3 ×",
        ),
    ]


def _at_rest(lab: Lab, name: str, count: int) -> tuple[list[float], int]:
    with lab.ready(name) as seat:
        return type_keys(seat, count)


def _streaming(lab: Lab, name: str, count: int) -> tuple[list[float], int]:
    with lab.ready(name) as seat:
        lab.answer(seat, 100)
        vitals.busy_until_quiet(seat.pid)
        lab.ask(seat, int((count * _SECONDS_A_KEY + 2) * _RATE), _RATE)
        seat.press("\r")
        seat.wait("Alpha", seat.here)
        return type_keys(seat, count)


def _beside(lab: Lab, count: int) -> tuple[list[float], int]:
    """Keys in a session that is not answered, while others are."""
    with lab.ready("groqchat") as seat:
        lab.answer(seat, 100)
        for number in range(_SESSIONS):
            since = seat.here
            seat.press("\x0e")
            seat.wait("Ask anything", since)
            seconds = count * _SECONDS_A_KEY + _SECONDS_A_SESSION * (_SESSIONS - number)
            seat.press(lab.prompt(int(seconds * _RATE), _RATE))
            time.sleep(_SECONDS_A_SESSION / 4)
            since = seat.here
            seat.press("\r")
            seat.wait("Alpha", since)
        since = seat.here
        seat.press("\x0e")
        seat.wait("Ask anything", since)
        time.sleep(_SECONDS_A_SESSION / 4)
        return type_keys(seat, count)


def _rows(
    title: str,
    floor: tuple[list[float], int],
    ours: tuple[list[float], int],
    name: str,
    to_reach: str,
) -> list[Row]:
    (floors, floor_lost), (delays, lost) = floor, ours
    rows = []
    for label, measure, goal in (("p50", median, "–"), ("p95", p95, to_reach)):
        theirs, us = measure(floors) * 1_000, measure(delays) * 1_000
        shown = f"{theirs:.0f} ms ({name})", f"{us:.0f} ms"
        rows.append(Row(f"{title}, {label}", *shown, f"{us / theirs:.2f}", goal))
    total = len(delays) + lost
    rows.append(Row(f"{title}, lost", str(floor_lost), f"{lost} of {total}", to_reach="0"))
    return rows

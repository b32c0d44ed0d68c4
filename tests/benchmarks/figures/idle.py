"""Doing nothing: processor time while the limits are counted down."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.benchmarks import vitals
from tests.benchmarks.table import Row, against

if TYPE_CHECKING:
    from tests.benchmarks.lab import Lab


def idle(lab: Lab) -> list[Row]:
    """Both at rest side by side, groqchat after an answer that began its countdowns."""
    window = 2.0 if lab.is_quick else 20.0
    with lab.ready("bare") as floor, lab.ready("groqchat") as seat:
        lab.answer(seat, 100)
        vitals.busy_until_quiet(seat.pid, windows=5)
        before = vitals.cpu_seconds(floor.pid), vitals.cpu_seconds(seat.pid)
        time.sleep(window)
        after = vitals.cpu_seconds(floor.pid), vitals.cpu_seconds(seat.pid)
    theirs, ours = ((b - a) / window * 100 for a, b in zip(before, after, strict=True))
    return [
        against(
            "idle, countdowns running",
            theirs,
            ours,
            "% of a core",
            name="bare app",
            to_reach="≤ 0.7 %",
        )
    ]

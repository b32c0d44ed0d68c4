"""A terminal that changes its size: how long the event loop stands still."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from typing import TYPE_CHECKING

from tests.benchmarks import vitals
from tests.benchmarks.archive import ending, fabricate
from tests.benchmarks.lab import median
from tests.benchmarks.seat import COLUMNS, ROWS
from tests.benchmarks.table import against

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmarks.lab import Lab
    from tests.benchmarks.seat import Seat
    from tests.benchmarks.table import Row

# The heart may have beaten so long before the terminal changed, in seconds.
_BEAT_S = 0.003
_SIZES = ((100, 40), (140, 45), (80, 24), (COLUMNS, ROWS))


def resizing(lab: Lab) -> list[Row]:
    """The longest pause of each resize of a long session, by turns with a bare Textual app.

    What counts is the loop's own work in it, since the machine may have other work.
    """
    turns = 100 if lab.is_quick else 10_000
    asyncio.run(fabricate(lab.home("resized"), {"long": turns}))
    pulses = {name: lab.folder / f"resizing-{name}" for name in ("bare", "groqchat")}
    starts: dict[str, list[float]] = {name: [] for name in pulses}
    with ExitStack() as stack:
        bare = stack.enter_context(lab.ready("bare", pulse=pulses["bare"]))
        ours = stack.enter_context(
            lab.ready("groqchat", "--session", "long", home="resized", pulse=pulses["groqchat"])
        )
        ours.wait(ending("long"))
        vitals.busy_until_quiet(ours.pid, windows=2)
        for size in _SIZES * len(lab.repeats(5, 1)):
            for name, seat in (("bare", bare), ("groqchat", ours)):
                starts[name].append(_resize(seat, size))
    floor, value = (1_000 * median(_longest(pulses[name], starts[name])) for name in pulses)
    figure = f"pause of the event loop at a resize, session of {turns:,} turns"
    return [against(figure, floor, value, "ms", digits=1, name="bare app", to_reach="≤ 1.5")]


def _resize(seat: Seat, size: tuple[int, int]) -> float:
    at = seat.resize(size)
    vitals.busy_until_quiet(seat.pid, windows=2)
    return at


def _longest(pulse: Path, starts: list[float]) -> list[float]:
    """The work of the event loop in its longest pause after each start, seconds."""
    pauses = [tuple(map(float, line.split())) for line in pulse.read_text().splitlines()]
    ends = [*starts[1:], float("inf")]
    return [
        max((work for began, _, work in pauses if start - _BEAT_S <= began < end), default=0.0)
        for start, end in zip(starts, ends, strict=True)
    ]

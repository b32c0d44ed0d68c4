"""Start-up: how long until a typed key shows, and how much memory that takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.benchmarks import vitals
from tests.benchmarks.lab import first_key, median
from tests.benchmarks.table import Row, against

if TYPE_CHECKING:
    from tests.benchmarks.lab import Lab

_SUBJECTS = ("bare", "groqchat")
_ALL = ("bare", "loaded", "groqchat")


def startup(lab: Lab) -> list[Row]:
    """Ready to type and memory, each against a bare Textual app."""
    ready, cpu, memory, settled = ({name: [] for name in _ALL} for _ in range(4))
    for name in _ALL:
        with lab.ready(name):
            pass  # the first start compiles
    for _ in lab.repeats(9, 2):
        for name in _ALL:
            with lab.launch(name) as seat:
                ready[name].append(first_key(seat) - seat.started)
                cpu[name].append(vitals.cpu_seconds(seat.pid))
                memory[name].append(vitals.memory_mib(seat.pid))
                vitals.busy_until_quiet(seat.pid, windows=2)
                settled[name].append(vitals.memory_mib(seat.pid))
    return [
        _row("ready to type", ready, "s", 3, "≤ 1.2"),
        _row("processor time until then", cpu, "s", 3),
        _row("memory when ready to type", memory, "MiB", 0, "≤ 1.3"),
        _warm(settled),
    ]


def _row(
    figure: str, values: dict[str, list[float]], unit: str, digits: int, to_reach: str = "–"
) -> Row:
    floor, value = (median(values[name]) for name in _SUBJECTS)
    return against(figure, floor, value, unit, digits=digits, name="bare app", to_reach=to_reach)


def _warm(memory: dict[str, list[float]]) -> Row:
    """Memory at rest beside two floors: without what groqchat loads, and with the SDK of it."""
    bare, loaded, ours = (median(memory[name]) for name in _ALL)
    return Row(
        "memory once warmed up (SDK, database, highlighter)",
        f"{bare:.0f} MiB (bare app), {loaded:.0f} MiB (the same and the SDK)",
        f"{ours:.0f} MiB",
        f"{ours / bare:.2f}, {ours - loaded:+.0f} MiB",
        "≤ +8 MiB",
    )

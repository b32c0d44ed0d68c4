"""Answers as fast as they are taken: processor time for each 1,000 tokens, and memory."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from tests.benchmarks import vitals
from tests.benchmarks.lab import median
from tests.benchmarks.table import Row

if TYPE_CHECKING:
    from tests.benchmarks.lab import Lab
    from tests.benchmarks.seat import Seat

_SIZES = {500: 15, 2_000: 5, 8_000: 3, 32_000: 3}
_WARM_UP = 200
_SUBJECTS = ("reader", "groqchat")
# Textual's own stream grows with the square: longer answers do not end in any reasonable time.
_LONGEST_OF_STREAM = 2_000
_FLOOR_MEMORY = 2_000
_TIMEOUT_S = 60.0


def answers(lab: Lab) -> list[Row]:
    """Processor time of reading and rendering, by the length of the answer."""
    sizes = [500] if lab.is_quick else list(_SIZES)
    costs: dict[tuple[str, int], float | None] = {}
    for size in sizes:
        costs |= {(name, size): cost for name, cost in _costs(lab, size).items()}
    rows = []
    for size in sizes:
        ours, reader, stream = (costs[name, size] for name in ("groqchat", "reader", "stream"))
        told = f"{stream:.3f} s" if stream else _why_unknown(size)
        rows.append(
            Row(
                f"processor time for 1,000 tokens, answer of {size:,}",
                f"{reader:.3f} s (httpx and print), {told} (MarkdownStream)",
                f"{ours:.3f} s",
                f"{ours / reader:.2f}",
                "≤ 1.5",
            )
        )
    if len(sizes) > 1:
        rows.append(_growth(costs))
    return rows


def _why_unknown(size: int) -> str:
    return "not in a minute" if size <= _LONGEST_OF_STREAM else "not tried"


def _growth(costs: dict[tuple[str, int], float | None]) -> Row:
    short, long = costs["stream", 500], costs["stream", 2_000]
    stream = f"{long / short:.2f} at 2,000" if short and long else "unknown"
    reader = costs["reader", 32_000] / costs["reader", 500]
    ours = costs["groqchat", 32_000] / costs["groqchat", 500]
    return Row(
        "the same at 32,000 tokens against 500",
        f"{stream} (MarkdownStream), {reader:.2f} (httpx and print)",
        f"{ours:.2f}",
        to_reach="≤ 1.2",
    )


def _costs(lab: Lab, size: int) -> dict[str, float | None]:
    """Seconds of processor for each 1,000 tokens, from Enter until the program is quiet.

    Those of httpx and groqchat are measured by turns.
    """
    found: dict[str, list[float]] = {name: [] for name in _SUBJECTS}
    with ExitStack() as stack:
        seats = {name: stack.enter_context(lab.ready(name)) for name in _SUBJECTS}
        for seat in seats.values():
            lab.answer(seat, _WARM_UP)
        for _ in lab.repeats(_SIZES[size], 1):
            for name, seat in seats.items():
                found[name].append(_cost(lab, seat, size))
    return {name: median(costs) for name, costs in found.items()} | {"stream": _stream(lab, size)}


def _cost(lab: Lab, seat: Seat, size: int) -> float:
    number = lab.ask(seat, size)
    before = vitals.cpu_seconds(seat.pid)
    lab.send(seat, number, timeout=_TIMEOUT_S)
    after = vitals.busy_until_quiet(seat.pid, timeout=_TIMEOUT_S)
    return (after - before) * 1_000 / size


def _stream(lab: Lab, size: int) -> float | None:
    """The same of Textual's own stream; None where it does not get there in time."""
    if size > _LONGEST_OF_STREAM:
        return None
    with lab.ready("stream") as seat:
        lab.answer(seat, _WARM_UP)
        try:
            # After a long answer it gets no second one.
            once = size == _LONGEST_OF_STREAM
            return median([_cost(lab, seat, size) for _ in lab.repeats(1 if once else 7, 1)])
        except TimeoutError:
            return None


def memory(lab: Lab) -> list[Row]:
    """Memory after a long answer against before, once both have come to rest."""
    size = 2_000 if lab.is_quick else 32_000
    floor_before, floor = _grown(lab, "stream", _FLOOR_MEMORY)
    before, after = _grown(lab, "groqchat", size)
    return [
        Row(
            f"memory after an answer of {size:,} tokens, against before",
            f"{floor / floor_before:.2f} at {_FLOOR_MEMORY:,} (MarkdownStream)",
            f"{before:.0f} → {after:.0f} MiB",
            f"{after / before:.2f}",
            "≤ 1.5",
        )
    ]


def _grown(lab: Lab, name: str, size: int) -> tuple[float, float]:
    with lab.ready(name) as seat:
        lab.answer(seat, _WARM_UP)
        vitals.busy_until_quiet(seat.pid)
        before = vitals.memory_mib(seat.pid)
        lab.answer(seat, size, timeout=_TIMEOUT_S)
        vitals.busy_until_quiet(seat.pid, timeout=_TIMEOUT_S)
        return before, vitals.memory_mib(seat.pid)

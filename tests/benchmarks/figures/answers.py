"""Answers as fast as they are taken: processor time for each 1,000 tokens, and memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.benchmarks import vitals
from tests.benchmarks.lab import median
from tests.benchmarks.table import Row

if TYPE_CHECKING:
    from tests.benchmarks.lab import Lab

_SIZES = {500: 7, 2_000: 5, 8_000: 3, 32_000: 3}
_WARM_UP = 200
# Textual's own stream grows with the square: longer answers do not end in any reasonable time.
_LONGEST = {"stream": 2_000, "reader": 32_000, "groqchat": 32_000}
_FLOOR_MEMORY = 2_000
_TIMEOUT_S = 60.0


def answers(lab: Lab) -> list[Row]:
    """Processor time of reading and rendering, by the length of the answer."""
    sizes = [500] if lab.is_quick else list(_SIZES)
    costs = {
        (name, size): _cost(lab, name, size, is_floor=name == "stream")
        for size in sizes
        for name, longest in _LONGEST.items()
        if size <= longest
    }
    rows = []
    for size in sizes:
        ours, reader = costs["groqchat", size], costs["reader", size]
        floor = costs.get(("stream", size))
        told = f"{floor:.3f} s" if floor else "not in a minute" if size <= 2_000 else "not tried"
        rows.append(
            Row(
                f"processor time for 1,000 tokens, answer of {size:,}",
                f"{told} (MarkdownStream), {reader:.3f} s (bytes printed)",
                f"{ours:.3f} s",
                f"{ours / floor:.2f}" if floor else "–",
                "≤ 0.05 s",
            )
        )
    if len(sizes) > 1:
        rows.append(_growth(costs))
    return rows


def _growth(costs: dict[tuple[str, int], float | None]) -> Row:
    short, long = costs["stream", 500], costs["stream", 2_000]
    stream = f"{long / short:.2f} at 2,000" if short and long else "unknown"
    reader = costs["reader", 32_000] / costs["reader", 500]
    ours = costs["groqchat", 32_000] / costs["groqchat", 500]
    return Row(
        "the same at 32,000 tokens against 500",
        f"{stream} (MarkdownStream), {reader:.2f} (bytes printed)",
        f"{ours:.2f}",
        to_reach="≤ 1.2",
    )


def _cost(lab: Lab, name: str, size: int, *, is_floor: bool) -> float | None:
    """Seconds of processor for each 1,000 tokens, from Enter until the program is quiet.

    None for a floor that does not get there in time; after a long answer it gets no second one.
    """
    found = []
    with lab.ready(name) as seat:
        lab.answer(seat, _WARM_UP)
        for _ in lab.repeats(1 if is_floor and size == _LONGEST[name] else _SIZES[size], 1):
            number = lab.ask(seat, size)
            before = vitals.cpu_seconds(seat.pid)
            try:
                lab.send(seat, number, timeout=_TIMEOUT_S)
                after = vitals.busy_until_quiet(seat.pid, timeout=_TIMEOUT_S)
            except TimeoutError:
                if is_floor:
                    return None
                raise
            found.append((after - before) * 1_000 / size)
    return median(found)


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

"""From Enter to the wire, and back to the first text on the screen."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from tests.benchmarks import vitals
from tests.benchmarks.lab import median, p95
from tests.benchmarks.table import against

if TYPE_CHECKING:
    from tests.benchmarks.lab import Answer, Lab
    from tests.benchmarks.table import Row

_SUBJECTS = ("reader", "groqchat")
_TOKENS = 30
# Prompts that a conversation begins with: what is imported late has been by then.
_WARM_UP = 3


def sending(lab: Lab) -> list[Row]:
    """Warm prompts, sent by turns with those of httpx in programs that stay open."""
    found: dict[str, list[Answer]] = {name: [] for name in _SUBJECTS}
    with ExitStack() as stack:
        seats = {name: stack.enter_context(lab.ready(name)) for name in _SUBJECTS}
        for _ in range(_WARM_UP):
            for seat in seats.values():
                lab.answer(seat, _TOKENS)
        for _ in lab.repeats(20, 3):
            for name, seat in seats.items():
                found[name].append(lab.answer(seat, _TOKENS))
                vitals.busy_until_quiet(seat.pid)
    floor, ours = ([1_000 * each.to_wire for each in found[name]] for name in _SUBJECTS)
    shown_floor, shown = (
        [1_000 * each.to_first_text for each in found[name]] for name in _SUBJECTS
    )
    return [
        _row("Enter until the request is on the wire, p50", median(floor), median(ours)),
        _row("Enter until the request is on the wire, p95", p95(floor), p95(ours), "≤ 4"),
        _row(
            "Enter until the first text, server answers at once, p50",
            median(shown_floor),
            median(shown),
            "≤ 5",
        ),
        _row(
            "Enter until the first text, server answers at once, p95", p95(shown_floor), p95(shown)
        ),
    ]


def _row(figure: str, floor: float, ours: float, to_reach: str = "–") -> Row:
    return against(figure, floor, ours, "ms", digits=1, name="httpx and print", to_reach=to_reach)

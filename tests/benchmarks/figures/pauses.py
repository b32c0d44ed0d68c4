"""How long the event loop stands still, whatever is being done."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from tests.benchmarks import vitals
from tests.benchmarks.archive import ending, fabricate
from tests.benchmarks.lab import type_keys
from tests.benchmarks.seat import COLUMNS, ROWS
from tests.benchmarks.table import Row

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmarks.lab import Lab
    from tests.benchmarks.seat import Seat

_TO_REACH = "≤ 50 ms"
_FIND = "\x06"  # Ctrl+F
_SIZES = ((100, 40), (140, 45), (80, 24), (COLUMNS, ROWS))
_THEMES = ("groq-light", "midnight", "groq-dark")


class Phases:
    """When what was done, to tell pauses apart."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._begun: list[tuple[float, str]] = []

    def begin(self, name: str, at: float | None = None) -> None:
        """From now on this is done."""
        self._begun.append((time.monotonic() if at is None else at, name))

    def worst(self) -> dict[str, tuple[float, float]]:
        """Of each phase the longest pause, and how much of it was the loop's own work, seconds."""
        found = {name: (0.0, 0.0) for _, name in self._begun}
        for line in self._file.read_text().splitlines():
            began, pause, worked = map(float, line.split())
            name = [name for start, name in self._begun if start <= began][-1]
            found[name] = max(found[name], (pause, worked))
        return found


def pauses(lab: Lab) -> list[Row]:
    """The longest pause of the event loop in each phase, and of the floor's while streaming."""
    floor = _floor(lab)
    return [
        Row(
            f"longest pause of the event loop, {name}",
            f"{floor * 1_000:.0f} ms (MarkdownStream)" if name == "streaming" else "–",
            f"{pause * 1_000:.0f} ms ({worked * 1_000:.0f} of them its own work)",
            to_reach=_TO_REACH,
        )
        for name, (pause, worked) in _groqchat(lab).items()
    ]


def _groqchat(lab: Lab) -> dict[str, tuple[float, float]]:
    asyncio.run(fabricate(lab.home("pauses"), {"long": 100 if lab.is_quick else 10_000}))
    file = lab.folder / "pauses-groqchat"
    phases = Phases(file)
    with lab.ready("groqchat"):
        pass  # the first start compiles
    phases.begin("starting")
    with lab.ready("groqchat", home="pauses", pulse=file) as seat:
        phases.begin("streaming")
        lab.answer(seat, 500 if lab.is_quick else 32_000)
        vitals.busy_until_quiet(seat.pid)
        phases.begin("typing while it streams")
        _type(lab, seat, 10 if lab.is_quick else 60)
        phases.begin("opening a long session")
        seat.press("\x13")
        vitals.busy_until_quiet(seat.pid)
        since = seat.here
        seat.press("\x1b[F\r")
        seat.wait(ending("long"), since)
        vitals.busy_until_quiet(seat.pid)
        phases.begin("resizing it")
        for size in _SIZES:
            seat.resize(size)
            vitals.busy_until_quiet(seat.pid)
        phases.begin("changing its colours")
        for theme in _THEMES:
            seat.press(f"/theme {theme}\r")
            vitals.busy_until_quiet(seat.pid, windows=2)
        phases.begin("searching")
        seat.press(_FIND + _FIND)
        vitals.busy_until_quiet(seat.pid)
        seat.press("rarity")
        vitals.busy_until_quiet(seat.pid)
    return phases.worst()


def _type(lab: Lab, seat: Seat, count: int) -> None:
    since = seat.here
    lab.ask(seat, count * 100, 1_000)
    seat.press("\r")
    seat.wait("Alpha", since)
    type_keys(seat, count)
    seat.wait("Omega", since)
    seat.press("\x15")  # Ctrl+U
    vitals.busy_until_quiet(seat.pid)


def _floor(lab: Lab) -> float:
    file = lab.folder / "pauses-stream"
    phases = Phases(file)
    phases.begin("starting")
    with lab.ready("stream", pulse=file) as seat:
        phases.begin("streaming")
        lab.answer(seat, 500 if lab.is_quick else 4_000)
        vitals.busy_until_quiet(seat.pid)
    return phases.worst()["streaming"][0]

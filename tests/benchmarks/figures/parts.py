"""What fills the memory of a chat that is warmed up, part by part."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.benchmarks.lab import median
from tests.benchmarks.table import Row

if TYPE_CHECKING:
    from tests.benchmarks.lab import Lab


def parts(lab: Lab) -> list[Row]:
    """The growth of a process by each part in turn, without a screen."""
    found: dict[str, list[float]] = {}
    lab.output("parts", home="parts")  # the first run compiles
    for _ in lab.repeats(5, 1):
        for name, size in map(json.loads, lab.output("parts", home="parts").splitlines()):
            found.setdefault(name, []).append(size)
    return [
        Row(f"memory, {name}", "–", f"{median(sizes):.1f} MiB") for name, sizes in found.items()
    ]

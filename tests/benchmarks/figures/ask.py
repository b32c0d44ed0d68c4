"""One short answer on the command line: the processor time of the whole process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.benchmarks.table import Row

if TYPE_CHECKING:
    from tests.benchmarks.lab import Lab

_SUBJECTS = {"script": (), "sdk": (), "groqchat": ("ask",)}
_TOKENS = 60


def ask(lab: Lab) -> list[Row]:
    """Start to exit, by turns; the least of all runs, since other programs only add to it."""
    costs: dict[str, list[float]] = {name: [] for name in _SUBJECTS}
    for turn in lab.repeats(11, 1):
        for name, arguments in _SUBJECTS.items():
            cost = lab.run(name, *arguments, lab.prompt(_TOKENS), home="ask")
            if lab.counts(turn):  # the first run compiles
                costs[name].append(cost)
    script, sdk, ours = (min(costs[name]) for name in _SUBJECTS)
    return [
        Row(
            f"`ask`, an answer of {_TOKENS} tokens, processor time of the process",
            f"{sdk:.3f} s (a script with the SDK), {script:.3f} s (one with httpx)",
            f"{ours:.3f} s",
            f"{ours / sdk:.2f}",
            "≤ 1.1",
        )
    ]

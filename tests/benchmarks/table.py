"""The table that a run ends in."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEADS = ("figure", "floor", "groqchat", "ratio", "to reach")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure beside its floor, each with its unit."""

    figure: str
    floor: str
    groqchat: str
    ratio: str = "–"
    to_reach: str = "–"


def against(
    figure: str,
    floor: float,
    value: float,
    unit: str,
    *,
    digits: int = 2,
    name: str = "",
    to_reach: str = "–",
) -> Row:
    """A row of two numbers of one unit.

    Args:
        figure: What is measured.
        floor: What the floor takes.
        value: What groqchat takes.
        unit: Of both.
        digits: Behind the point.
        name: Of the floor, where it is not obvious.
        to_reach: The aim, as text.
    """
    return Row(
        figure,
        f"{floor:.{digits}f} {unit}" + (f" ({name})" if name else ""),
        f"{value:.{digits}f} {unit}",
        f"{value / floor:.2f}" if floor else "–",
        to_reach,
    )


def markdown(rows: Sequence[Row], machine: str, *, is_quick: bool) -> str:
    """Date, machine and rows as Markdown."""
    hurried = " Quick: too few repeats to rely on." if is_quick else ""
    lines = [
        f"*Measured {time.strftime('%Y-%m-%d')} on {machine}, in a terminal of 120×40;",
        f"figures and floors by turns in one run, medians where nothing else is said.{hurried}*",
        "",
        _line(_HEADS),
        _line(["---"] * len(_HEADS)),
        *(_line((row.figure, row.floor, row.groqchat, row.ratio, row.to_reach)) for row in rows),
    ]
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"

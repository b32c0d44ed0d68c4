"""What the turns of a comparison come to, model by model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import HorizontalScroll
from textual.content import Content
from textual.widgets import Static

from groqchat.domain.humanize import UNKNOWN, count, duration, exact_money, speed
from groqchat.ui.screens.dialog import Dialog
from groqchat.ui.text import line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.widget import Widget

    from groqchat.domain.compare import Score

HEAD = ("model", "wins", "cost", "first token", "p95", "speed", "answers", "failed")


class Scoreboard(Dialog[None]):
    """A table, a model a row.

    Args:
        scores: Of each model.
    """

    DEFAULT_CSS = """
    Scoreboard HorizontalScroll { height: auto; margin: 1 0; scrollbar-size-horizontal: 1; }
    Scoreboard #scores { width: auto; height: auto; padding: 0 1; text-wrap: nowrap; }
    """
    heading = "Scores of this comparison"

    def __init__(self, scores: Sequence[Score]) -> None:
        super().__init__()
        self._scores = scores

    def content(self) -> Iterable[Widget]:
        """The table, which scrolls sideways where it has no room."""
        rows = [HEAD, *map(_cells, self._scores)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            "  ".join(
                cell.rjust(width) if place else cell.ljust(width)
                for place, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
            for row in rows
        ]
        head, *rest = map(Content, lines)
        said = "Cost: list price, in all · first token: median and 95th percentile · speed: median"
        table = Static(Content("\n").join([head.stylize("bold $text-muted"), *rest]), id="scores")
        return (HorizontalScroll(table), Static(Content(said), id="said"))


def _cells(score: Score) -> tuple[str, ...]:
    return (
        line(score.model, 60),
        count(score.wins),
        exact_money(score.cost) if score.answers else UNKNOWN,
        duration(score.median_first_s),
        duration(score.p95_first_s),
        speed(score.median_rate),
        count(score.answers),
        count(score.failures),
    )

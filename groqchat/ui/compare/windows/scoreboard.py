"""The window with the scores of a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from groqchat.domain.text.humanize import count, duration, exact_money, speed
from groqchat.ui.dialogs.dialog import CLOSE, Dialog
from groqchat.ui.widgets.text import KeyHint, line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.events import Resize
    from textual.widget import Widget

    from groqchat.domain.compare.compare import Score

HEAD = ("model", "wins", "cost", "first token", "p95", "speed", "answers", "stopped", "failed")
_GAP = "  "
_EXPLAINED = "Cost: list price, in all · first token: median and 95th percentile · speed: median"


class Scoreboard(Dialog[None]):
    """The scores: one row for each model, or a paragraph where rows have no room.

    Args:
        scores: The score of each model.
    """

    DEFAULT_CSS = """
    Scoreboard > #frame { max-width: 130; }
    Scoreboard VerticalScroll {
        height: auto; max-height: 1fr; margin: 1 0; scrollbar-size-vertical: 1;
    }
    Scoreboard #scores { height: auto; padding: 0 1; }
    Scoreboard.-low VerticalScroll, Scoreboard.-short VerticalScroll { margin: 0; }
    """
    VERTICAL_BREAKPOINTS = [(0, "-low"), (8, "-short"), (16, "-high")]  # noqa: RUF012  # as Textual declares it
    heading = "Scores of this comparison"
    purpose = "Times, tokens, costs and votes of this comparison, a column for each model."
    guide = "compare"

    def __init__(self, scores: Sequence[Score]) -> None:
        super().__init__()
        self._rows = [_cells(score) for score in scores]

    def content(self) -> Iterable[Widget]:
        """The scores, and the meaning of their names."""
        self._shown = Static(id="scores", markup=False)
        yield VerticalScroll(self._shown)

    def hints(self) -> Sequence[KeyHint]:
        """The keys of the window."""
        return (KeyHint("↑↓", "scroll"), CLOSE)

    def on_mount(self) -> None:
        """Focus the scores, so that the arrows scroll."""
        self.query_one(VerticalScroll).focus()

    def on_resize(self, event: Resize) -> None:
        """Choose rows or paragraphs by the width."""
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        table = _table(self._rows)
        fits = table[0].cell_length <= self._shown.content_size.width
        lines = table if fits else [part for row in self._rows for part in _paragraph(row)]
        explained = Content.styled(_EXPLAINED, "$text-muted")
        self._shown.update(Content("\n").join([*lines, Content(), explained]))


def _cells(score: Score) -> tuple[str, ...]:
    return (
        line(score.model, 60),
        count(score.wins),
        exact_money(score.cost),
        duration(score.median_first_s),
        duration(score.p95_first_s),
        speed(score.median_rate),
        count(score.answers),
        count(score.stopped),
        count(score.failures),
    )


def _table(rows: Sequence[Sequence[str]]) -> list[Content]:
    widths = [max(map(len, column)) for column in zip(HEAD, *rows, strict=True)]
    lines = [
        _GAP.join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in (HEAD, *rows)
    ]
    head, *rest = map(Content, lines)
    return [head.stylize("bold $text-muted"), *rest]


def _paragraph(row: Sequence[str]) -> tuple[Content, Content]:
    name, *figures = row
    described = [
        Content.assemble((f"{label} ", "$text-muted"), figure)
        for label, figure in zip(HEAD[1:], figures, strict=True)
    ]
    return Content.styled(name, "bold"), Content(" · ").join(described)

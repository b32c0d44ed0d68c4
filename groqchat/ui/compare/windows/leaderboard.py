"""The window with the leaderboard: ratings of models from all votes, by kind of task."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from groqchat.domain.compare.leaderboard import (
    ALONE,
    AVERAGE,
    bad_words,
    leaderboard,
    tags_of,
    unknown_tag,
)
from groqchat.domain.compare.vote_conclusions import order_sentences
from groqchat.domain.text.humanize import count
from groqchat.ui.dialogs.dialog import CLOSE, Dialog
from groqchat.ui.widgets.text import KeyHint, in_own_keys, line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.events import Resize
    from textual.widget import Widget

    from groqchat.domain.compare.compare import Note, Vote
    from groqchat.domain.compare.leaderboard import Rank

_EXPLAINED = (
    f"Bradley–Terry ratings from your own votes: {AVERAGE:.0f} is their average, 400 points "
    "are odds of 10 to 1. Bounds are 95 % intervals. An order is shown where McNemar's test, "
    "corrected for all pairs (Holm), finds more wins than chance."
)
_NOTES = 20
# Below this width the name of a model stands over its figures.
_NARROW = 74
_BAR = 20
# The widths of rating, bounds, won, tied, lost; the tight ones fit into 40 columns.
_CELLS, _TIGHT_CELLS = (6, 13, 5, 4, 4), (6, 11, 3, 4, 4)


class LeaderboardScreen(Dialog[None]):
    """The leaderboard, the best model first, and the newest notes.

    Args:
        votes: All votes.
        notes: All notes, the newest first.
        tag: The kind of task that is shown at first; empty for all tasks. All are shown, below a
            sentence, where no vote has this tag.
    """

    DEFAULT_CSS = """
    LeaderboardScreen VerticalScroll {
        height: auto; max-height: 1fr; scrollbar-size-vertical: 1; margin: 1 0;
    }
    LeaderboardScreen #ranks { height: auto; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "turn(-1)", show=False, priority=True),
        Binding("right", "turn(1)", show=False, priority=True),
    ]
    heading = "Leaderboard of your votes"
    purpose = "The ratings of models from all your votes in comparisons, and how certain they are."
    guide = "compare"

    def __init__(self, votes: Sequence[Vote], notes: Sequence[Note], tag: str = "") -> None:
        super().__init__()
        self._votes, self._notes = votes, notes
        self._tags = ("", *tags_of(votes))
        is_known = tag in self._tags
        self._at = self._tags.index(tag) if is_known else 0
        self._mistake = "" if is_known else unknown_tag(line(tag, 40), self._tags[1:])

    def content(self) -> Iterable[Widget]:
        """The kind of task, and the table."""
        self._kind = Static(id="said", markup=False)
        self._table = Static(id="ranks", markup=False)
        return (self._kind, VerticalScroll(self._table))

    def hints(self) -> Sequence[KeyHint]:
        """The keys; the arrows change the kind of task where there are several."""
        others = (KeyHint("← →", "kind of task"),) if len(self._tags) > 1 else ()
        return (*others, KeyHint("↑↓", "scroll"), CLOSE)

    def on_mount(self) -> None:
        """Focus the table, so that the arrows scroll."""
        self.query_one(VerticalScroll).focus()

    def on_resize(self, event: Resize) -> None:
        """Fit the columns to the width."""
        self.call_after_refresh(self._show)

    def action_turn(self, step: int) -> None:
        """Show the ratings of another kind of task."""
        self._at = (self._at + step) % len(self._tags)
        self._show()

    def _show(self) -> None:
        tag = self._tags[self._at]
        votes = [vote for vote in self._votes if not tag or vote.tag == tag]
        kinds = Content("  ").join(
            Content.styled(
                f"[{name}]" if at == self._at else f" {name} ", "bold" * (at == self._at)
            )
            for at, name in enumerate(line(each, 30) or "all tasks" for each in self._tags)
        )
        self._kind.update(kinds + Content(f"  {count(len(votes))} vote{'s' * (len(votes) != 1)}"))
        notes = [note for note in self._notes if not tag or note.tag == tag][:_NOTES]
        width = max(20, self._table.content_size.width or self.app.size.width - 8)
        ranks = leaderboard(votes)
        nobody = ALONE if votes else in_own_keys(self, _EMPTY)
        lines = list(_ranked(ranks, width)) if ranks else [Content(nobody)]
        if told := [Content(line(each, 200)) for each in order_sentences(votes, ranks)]:
            lines += [Content(), *told]
        said = f"{bad_words(votes)} {_EXPLAINED}".strip()
        lines += [Content(), Content.styled(said, "$text-muted")] if ranks else []
        if self._mistake:
            lines = [Content.styled(self._mistake, "$text-warning"), Content(), *lines]
        if notes:
            lines += [Content(), Content.styled("Notes", "bold $text-accent"), *map(_noted, notes)]
        self._table.update(Content("\n").join(lines))


_EMPTY = "No votes yet: compare models (Ctrl+K) and press the number of the best answer."


def _ranked(ranks: Sequence[Rank], width: int) -> Iterable[Content]:
    """The head and a line for each model, with its interval as a bar where there is room."""
    is_narrow = width < _NARROW
    name = max(len(line(rank.model, 40)) for rank in ranks)
    low, high = min(rank.low for rank in ranks), max(rank.high for rank in ranks)
    has_bar = width >= name + 48 + _BAR
    head = _cells("rating", "95 % bounds", "won", "tied", "lost", width=width)
    if not is_narrow:
        head = f"   {'model':<{name}}  {head}"
    yield Content.styled(head, "bold $text-muted")
    for place, rank in enumerate(ranks, 1):
        bounds = f"{rank.low:.0f}–{rank.high:.0f}"
        votes = (rank.wins, rank.ties, rank.losses)
        figures = _cells(f"{rank.rating:.0f}", bounds, *votes, width=width)
        if is_narrow:
            yield Content.styled(f"{place}. {line(rank.model, 40)}", "bold")
            yield Content(figures)
        else:
            bar = f"  {_interval(rank, low, high)}" if has_bar else ""
            yield Content.assemble(
                f"{place:>2} ", (f"{line(rank.model, 40):<{name}}", "bold"), f"  {figures}",
                (bar, "$accent"),
            )  # fmt: skip


def _cells(*cells: object, width: int) -> str:
    """A row of figures in columns."""
    widths = _CELLS if width >= sum(_CELLS) + len(_CELLS) else _TIGHT_CELLS
    return " ".join(f"{cell!s:>{width}}" for cell, width in zip(cells, widths, strict=True))


def _interval(rank: Rank, low: float, high: float) -> str:
    """An interval with its rating, on one scale for all models: ``  ├──●──┤ ``."""
    span = max(1.0, high - low)
    first, at, last = (
        round((value - low) / span * (_BAR - 1)) for value in (rank.low, rank.rating, rank.high)
    )
    cells = [" "] * _BAR
    cells[first : last + 1] = "─" * (last + 1 - first)
    cells[first], cells[last] = "├", "┤"
    cells[at] = "●"
    return "".join(cells)


def _noted(note: Note) -> Content:
    day = datetime.fromtimestamp(note.time).astimezone().strftime("%Y-%m-%d")
    tag = f" #{line(note.tag, 30)}" if note.tag else ""
    return Content.assemble((f"{day}{tag}  ", "$text-muted"), line(note.text, 500))

"""What stands over and under the columns of a comparison: title, names, figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from groqchat.ui.widgets.text import fitting, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.ui.compare.ballot import Ballot
    from groqchat.ui.compare.side import Side


def headline(
    sides: Sequence[Side], ballot: Ballot, width: int, *, is_judged: bool = True
) -> Content:
    """How many models, which turn, how each side stands, and how the turn was judged.

    Args:
        sides: The columns.
        ballot: The judgements.
        width: How many cells there are; where they are few, what matters most is written.
        is_judged: Whether what was said of the present turn holds for what is on the screen.
    """
    turn = ballot.comparison.turn
    stand = [f"{side.shown.number + 1}{side.shown.phase}" for side in sides]
    known = [
        Content("  ".join(stand)),
        Content.styled(ballot.words if is_judged else "", "$text-success"),
        _blindness(ballot),
        Content(f"#{line(ballot.comparison.tag, 20)}" if ballot.comparison.tag else ""),
        Content("✎" if ballot.note else ""),
    ]
    told = [part for part in known if part]
    named = [
        Content.styled("Compare", "bold $text-accent"),
        Content(f"{len(sides)} models"),
        *([Content(f"turn {turn}")] if turn else []),
    ]
    between = Content.styled(" · ", "$text-muted")
    whole = between.join([*named, *told])
    if whole.cell_length <= width:
        return whole
    return fitting([Content(" ".join(stand)), *told[1:]], width)


def _blindness(ballot: Ballot) -> Content:
    if not ballot.comparison.is_blind:
        return Content()
    return Content.styled("blind" if ballot.hides_names else "names revealed", "bold")


def show_names(sides: Sequence[Side], ballot: Ballot, *, is_judged: bool = True) -> None:
    """Over each column who answers there, and which was the best."""
    for side in sides:
        side.shown.show_name(
            ballot.name_of(side.column),
            is_winner=is_judged and ballot.winner == side.column.model,
            details="" if ballot.hides_names else side.details,
        )


def show_figures(sides: Sequence[Side], ballot: Ballot) -> None:
    """Under each answer what it took, the best of each row marked; they would tell hidden names."""
    done = [side for side in sides if side.is_comparable]
    settled = [side.figures for side in done]
    for side in sides:
        if ballot.hides_names:
            side.shown.hide_figures()
            continue
        is_done = side in done
        side.show_figures(
            [m for m in side.measures if is_done and done.index(side) in m.best(settled)]
        )

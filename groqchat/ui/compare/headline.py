"""The words over and under the columns of a comparison: title, names, figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from groqchat.domain.compare.compare import Verdict
from groqchat.ui.compare.column_words import details_of
from groqchat.ui.widgets.text import fitting, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.services.compare.ballot import Ballot
    from groqchat.services.compare.compare import Comparison
    from groqchat.ui.compare.column_presenter import ColumnPresenter


def headline(
    columns: Sequence[ColumnPresenter], ballot: Ballot, width: int, *, is_judged: bool = True
) -> Content:
    """The title: number of models, turn, phase of each column, and the judgement.

    Args:
        columns: The columns.
        ballot: The judgements.
        width: The number of cells; where they are few, the title keeps the most important parts.
        is_judged: Whether the judgement is on the answers on the screen.
    """
    turn = ballot.comparison.turn
    phases = [f"{column.number + 1}{column.view.phase}" for column in columns]
    known = [
        Content("  ".join(phases)),
        Content.styled(judgement_words(ballot) if is_judged else "", "$text-success"),
        _blind_words(ballot),
        Content(f"#{line(ballot.comparison.tag, 20)}" if ballot.comparison.tag else ""),
        Content("✎" if ballot.note else ""),
    ]
    shown = [part for part in known if part]
    named = [
        Content.styled("Compare", "bold $text-accent"),
        Content(f"{len(columns)} models"),
        *([Content(f"turn {turn}")] if turn else []),
    ]
    between = Content.styled(" · ", "$text-muted")
    whole = between.join([*named, *shown])
    if whole.cell_length <= width:
        return whole
    return fitting([Content(" ".join(phases)), *shown[1:]], width)


def judgement_words(ballot: Ballot) -> str:
    """The vote on the present turn and the verdict of a model; empty where there is neither."""
    vote, judged, comparison = ballot.vote, ballot.judgement, ballot.comparison
    said = _verdict_words(vote.verdict, vote.winner, comparison) if vote else ""
    if judged is None:
        return said
    verdict = _verdict_words(judged.verdict, judged.winner, comparison)
    return " · ".join(filter(None, (said, f"⚖ {verdict}")))


def _verdict_words(verdict: Verdict, winner: str | None, comparison: Comparison) -> str:
    words = {Verdict.TIE: "a tie", Verdict.ALL_BAD: "all bad"}
    return words.get(verdict, f"★ {line(comparison.name_of_model(winner or ''), 60)}")


def _blind_words(ballot: Ballot) -> Content:
    if not ballot.comparison.is_blind:
        return Content()
    return Content.styled("blind" if ballot.hides_names else "names revealed", "bold")


def show_names(
    columns: Sequence[ColumnPresenter], ballot: Ballot, *, is_judged: bool = True
) -> None:
    """Write the name over each column, and mark the winner."""
    for column in columns:
        column.view.show_name(
            ballot.comparison.name_of(column.column),
            is_winner=is_judged and ballot.winner == column.column.name,
            details="" if ballot.hides_names else details_of(column.column, column.shared_system),
        )


def show_figures(columns: Sequence[ColumnPresenter], ballot: Ballot) -> None:
    """Write the figures under each answer, the best of each row marked, unless names are hidden."""
    compared = [column for column in columns if column.is_comparable]
    figures = [column.figures for column in compared]
    for column in columns:
        if ballot.hides_names:
            column.view.hide_figures()
            continue
        is_compared = column in compared
        column.show_figures(
            [
                measure
                for measure in column.measures
                if is_compared and compared.index(column) in measure.best(figures)
            ]
        )

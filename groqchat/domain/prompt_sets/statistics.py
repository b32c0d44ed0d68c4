"""The statistics of a set: checks, times, speed and cost of its columns, prompt by prompt."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from groqchat.domain.compare.compare import figures_of
from groqchat.domain.statistics.comparison import Measured, Scale, compared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from groqchat.domain.compare.compare import Figures, Number
    from groqchat.domain.prompt_sets.outcomes import Outcome
    from groqchat.domain.statistics.comparison import Statistics

PASSED, TOTAL, SPEED, COST = "passed", "total_s", "tokens_per_second", "cost_usd"
"""The names of the measures: the share of answers that pass all checks, seconds until an answer is
complete, completion tokens a second, and US dollars an answer."""

_FIGURES: Mapping[str, Callable[[Figures], Number | None]] = {
    TOTAL: lambda figures: figures.total_s,
    SPEED: lambda figures: figures.rate,
    COST: lambda figures: figures.cost,
}


def set_statistics(columns: Sequence[Iterable[Outcome]]) -> Statistics:
    """Compare the columns of a set.

    Args:
        columns: The outcomes of each column, in all runs.
    """
    listed = [list(column) for column in columns]
    measures = [Measured(PASSED, Scale.DIFFERENCE, [_by_prompt(each, _passed) for each in listed])]
    for name, of in _FIGURES.items():
        values = [_by_prompt(column, _figure(of)) for column in listed]
        measures.append(Measured(name, Scale.RATIO, values))
    return compared(measures)


def _by_prompt(
    outcomes: Iterable[Outcome], value_of: Callable[[Outcome], float | None]
) -> dict[str, list[float]]:
    """The known values of some outcomes, by the ids of their prompts."""
    values: dict[str, list[float]] = defaultdict(list)
    for outcome in outcomes:
        value = value_of(outcome)
        if value is not None:
            values[outcome.prompt.id].append(value)
    return values


def _passed(outcome: Outcome) -> float | None:
    """1 for an answer that passes, 0 for one that does not; None while that is not decided."""
    is_open = None in outcome.passed and False not in outcome.passed
    return None if outcome.passes is None or is_open else float(outcome.passes)


def _figure(of: Callable[[Figures], Number | None]) -> Callable[[Outcome], float | None]:
    def value(outcome: Outcome) -> float | None:
        figure = of(figures_of(outcome.answer)) if outcome.answer else None
        return None if figure is None else float(figure)

    return value

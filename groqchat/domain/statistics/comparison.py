"""What a set of prompts shows about columns: a value with its interval for each, and differences.

The prompt is the unit: repeats make a prompt's own value more exact, but no more prompts of one.
Two columns are compared over the prompts that both have, and all comparisons are corrected together
(Holm), so that of all that is said to be shown nothing is wrong in 95 of 100 sets.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations
from statistics import median
from typing import TYPE_CHECKING

from groqchat.domain.statistics.intervals import (
    FEWEST,
    Interval,
    median_interval,
    paired_interval,
    share_interval,
    typical_interval,
)
from groqchat.domain.statistics.paired_tests import holm, mcnemar, signed_rank
from groqchat.domain.statistics.sample_size import prompts_for_ratio, prompts_for_share

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

ALPHA = 0.05
SHOWN_DIFFERENCE = 0.1
"""The difference whose size of a set is named: 10 points of a share, 10 % of a figure."""


class Scale(StrEnum):
    """How two columns are compared: by the difference of shares, or by the ratio of figures."""

    DIFFERENCE = "difference"
    RATIO = "ratio"


@dataclass(frozen=True, slots=True)
class Measured:
    """The values of one measure: for each column the answers' values, by prompt.

    ``name`` names the measure. Values of ``Scale.DIFFERENCE`` are shares from 0 to 1; those of
    ``Scale.RATIO`` figures, of which only those above 0 have a ratio.
    """

    name: str
    scale: Scale
    columns: Sequence[Mapping[str, Sequence[float]]]

    def by_prompt(self, column: int) -> dict[str, float]:
        """The value of each prompt over its repeats: the share of successes, or the median."""
        if self.scale is Scale.DIFFERENCE:
            return {key: sum(each) / len(each) for key, each in self.columns[column].items()}
        return {key: median(each) for key, each in self.columns[column].items()}


@dataclass(frozen=True, slots=True)
class Summary:
    """A column's value over its prompts: the share of successes, or the median of figures."""

    measure: str
    column: int
    interval: Interval
    prompts: int


@dataclass(frozen=True, slots=True)
class Difference:
    """The comparison of two columns, by their places.

    ``interval`` is that of the second's share less the first's, or of the typical ratio of the
    second's figure to the first's, over so many ``prompts``. ``p_value`` is that of the test alone,
    ``adjusted`` the one over all comparisons. ``prompts_needed`` is the number that finds a
    difference of `SHOWN_DIFFERENCE` with a probability of 0.8. These three are None below `FEWEST`
    prompts.
    """

    measure: str
    scale: Scale
    first: int
    second: int
    prompts: int
    interval: Interval
    p_value: float | None = None
    adjusted: float | None = None
    prompts_needed: int | None = None

    @property
    def is_shown(self) -> bool:
        """True if the columns differ, by the test over all comparisons and by the interval."""
        low, high = self.interval.low, self.interval.high
        if self.adjusted is None or low is None or high is None:
            return False
        return self.adjusted <= ALPHA and not low <= self._nothing <= high

    @property
    def more_prompts(self) -> int | None:
        """The number of prompts that are missing to find a difference; 0 if there are enough."""
        return None if self.prompts_needed is None else max(0, self.prompts_needed - self.prompts)

    @property
    def has_more(self) -> int:
        """The place of the column with the larger value."""
        return self.second if self.interval.value > self._nothing else self.first

    @property
    def _nothing(self) -> float:
        return 0.0 if self.scale is Scale.DIFFERENCE else 1.0


@dataclass(frozen=True, slots=True)
class Statistics:
    """All that a set shows: the values of the columns, and their differences."""

    summaries: tuple[Summary, ...] = ()
    differences: tuple[Difference, ...] = ()

    def summary(self, measure: str, column: int) -> Summary | None:
        """The value of a column; None where it has none."""
        wanted = measure, column
        return next((e for e in self.summaries if (e.measure, e.column) == wanted), None)

    def better_than(self, measure: str, column: int, *, is_more: bool) -> frozenset[int]:
        """The columns than which one is shown to be better.

        Args:
            measure: The name of the measure.
            column: The place of the column.
            is_more: Whether more is better.
        """
        return frozenset(
            each.first + each.second - column
            for each in self.differences
            if each.measure == measure
            and each.is_shown
            and column in {each.first, each.second}
            and (each.has_more == column) == is_more
        )


def compared(measures: Iterable[Measured]) -> Statistics:
    """Compare every two columns by every measure.

    Args:
        measures: The values.
    """
    known = list(measures)
    summaries = [
        summary
        for measured in known
        for column in range(len(measured.columns))
        if (summary := _summary(measured, column))
    ]
    differences = [
        difference
        for measured in known
        for first, second in combinations(range(len(measured.columns)), 2)
        if (difference := _difference(measured, first, second))
    ]
    return Statistics(tuple(summaries), tuple(_corrected(differences, known)))


def _summary(measured: Measured, column: int) -> Summary | None:
    values = list(measured.by_prompt(column).values())
    if not values:
        return None
    if measured.scale is Scale.RATIO:
        return Summary(measured.name, column, median_interval(values), len(values))
    repeats = max(map(len, measured.columns[column].values()))
    return Summary(measured.name, column, share_interval(values, repeats), len(values))


def _paired(measured: Measured, first: int, second: int) -> list[float]:
    """The differences of the prompts that both columns have; of figures, those of logarithms."""
    one, other = measured.by_prompt(first), measured.by_prompt(second)
    both = [(one[key], other[key]) for key in one if key in other]
    if measured.scale is Scale.DIFFERENCE:
        return [after - before for before, after in both]
    return [math.log(after / before) for before, after in both if before > 0 and after > 0]


def _difference(measured: Measured, first: int, second: int) -> Difference | None:
    values = _paired(measured, first, second)
    if not values:
        return None
    is_share = measured.scale is Scale.DIFFERENCE
    found = paired_interval(values) if is_share else _exponential(typical_interval(values))
    if len(values) < FEWEST:
        found = replace(found, low=None, high=None)
    compared_pair = Difference(measured.name, measured.scale, first, second, len(values), found)
    return compared_pair if len(values) < FEWEST else replace(compared_pair, p_value=_test(values))


def _exponential(logarithms: Interval) -> Interval:
    low, high = logarithms.low, logarithms.high
    return Interval(
        math.exp(logarithms.value),
        None if low is None else math.exp(low),
        None if high is None else math.exp(high),
    )


def _test(values: Sequence[float]) -> float:
    """McNemar's test where every answer passes or does not, else Wilcoxon's."""
    if {abs(value) for value in values} <= {0.0, 1.0}:
        return mcnemar(sum(value > 0 for value in values), sum(value < 0 for value in values))
    return signed_rank(values)


def _corrected(differences: Sequence[Difference], known: Sequence[Measured]) -> list[Difference]:
    """The differences with what depends on all of them: the correction, and the prompts needed."""
    tested = [each.p_value for each in differences if each.p_value is not None]
    adjusted = iter(holm(tested))
    corrected = [
        each if each.p_value is None else replace(each, adjusted=next(adjusted))
        for each in differences
    ]
    by_name = {measured.name: measured for measured in known}
    shown = sum(each.is_shown for each in corrected)
    return [
        replace(
            each,
            prompts_needed=_prompts_needed(
                by_name[each.measure],
                each,
                # Holm compares the smallest of those that are left with this level.
                ALPHA / max(1, len(tested) - shown + each.is_shown),
            ),
        )
        for each in corrected
    ]


def _prompts_needed(measured: Measured, pair: Difference, alpha: float) -> int | None:
    low, high = pair.interval.low, pair.interval.high
    if low is None or high is None:
        return None
    if measured.scale is Scale.RATIO:
        return prompts_for_ratio(low, high, pair.prompts, 1 + SHOWN_DIFFERENCE, alpha)
    values = _paired(measured, pair.first, pair.second)
    return prompts_for_share(values, SHOWN_DIFFERENCE, alpha)

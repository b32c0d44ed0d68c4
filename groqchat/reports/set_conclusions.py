"""What a set of prompts shows: a table of intervals, sentences, and a JSON document.

Where nothing is shown, the sentence says so, and how many more prompts would probably show it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from string import ascii_lowercase
from typing import TYPE_CHECKING

from groqchat.domain.compare.rules import model_in, parameters_in
from groqchat.domain.prompt_sets.statistics import COST, PASSED, SPEED, TOTAL
from groqchat.domain.statistics.comparison import ALPHA, SHOWN_DIFFERENCE, Scale
from groqchat.domain.statistics.intervals import FEWEST, LEVEL, Interval
from groqchat.domain.statistics.sample_size import POWER
from groqchat.domain.text.humanize import count, duration, in_words, money, speed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from groqchat.domain.prompt_sets.report import SetReport
    from groqchat.domain.statistics.comparison import Difference

# The letters of units, behind their numbers.
_UNIT = f" %/{ascii_lowercase}"
_MOST_SENTENCES = 12
"""More comparisons than that are told together, measure by measure."""


@dataclass(frozen=True, slots=True)
class ToldMeasure:
    """The words for one measure.

    ``label`` heads its row in the table, whose values ``text`` writes. ``topic`` names it in a
    sentence, and ``verb`` and ``than`` stand before and behind the amount by which the better
    column leads. ``is_more`` says that more is better. ``about`` explains the value.
    """

    measure: str
    label: str
    about: str
    text: Callable[[float], str]
    topic: str
    verb: str
    than: str
    is_more: bool = False


TOLD = (
    ToldMeasure(
        PASSED,
        "passed",
        "prompts that pass all their checks",
        lambda share: f"{100 * share:.0f} %",
        "checks",
        "passes",
        "more often than",
        is_more=True,
    ),
    ToldMeasure(
        TOTAL,
        "median total",
        "time to the whole answer",
        duration,
        "time",
        "takes",
        "less time than",
    ),
    ToldMeasure(
        SPEED,
        "median speed",
        "tokens a second",
        speed,
        "speed",
        "writes",
        "more tokens a second than",
        is_more=True,
    ),
    ToldMeasure(
        COST,
        "median cost",
        "of an answer, at list price",
        lambda dollars: money(Decimal(repr(dollars))),
        "cost",
        "costs",
        "less than",
    ),
)
_BY_MEASURE = {told.measure: told for told in TOLD}


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A sentence on what a set shows, or does not show."""

    text: str
    is_shown: bool = False


def shown_best(report: SetReport, measure: str) -> frozenset[int]:
    """The place of the column that is shown to be better than every other one; else none.

    Args:
        report: The report.
        measure: The name of a measure.
    """
    statistics = report.statistics
    known = {each.column for each in statistics.summaries if each.measure == measure}
    is_more = _BY_MEASURE[measure].is_more
    return frozenset(
        column
        for column in known
        if len(known) > 1
        and statistics.better_than(measure, column, is_more=is_more) == known - {column}
    )


def intervals_table(
    report: SetReport, names: Sequence[str]
) -> tuple[list[str], list[list[str]]] | None:
    """The head and rows of a table of values with their intervals; None where there is none."""
    statistics, columns = report.statistics, range(len(report.models))
    if not any(each.prompts >= FEWEST for each in statistics.summaries):
        return None
    rows = []
    for told in TOLD:
        found = [statistics.summary(told.measure, column) for column in columns]
        if any(found):
            cells = (_with_bounds(told, each.interval) if each else "–" for each in found)
            rows.append([told.label, *cells])
    return ["by prompt (95 %)", *names], rows


def _with_bounds(told: ToldMeasure, interval: Interval) -> str:
    low, high = interval.low, interval.high
    if low is None or high is None:
        return told.text(interval.value)
    return f"{told.text(interval.value)} ({_range(told.text(low), told.text(high))})"


def _range(low: str, high: str) -> str:
    """Two figures, with their unit once where it is the same.

    >>> _range("418ms", "555ms"), _range("$0.04", "$0.05"), _range("980ms", "1.2s")
    ('418–555ms', '$0.04–0.05', '980ms–1.2s')
    """
    number, other = low.rstrip(_UNIT), high.rstrip(_UNIT)
    is_same = low.removeprefix(number) == high.removeprefix(other)
    return f"{number if is_same else low}–{high.removeprefix('$')}"


def conclusions(report: SetReport, names: Sequence[str]) -> list[Conclusion]:
    """The sentences on the differences between columns; what is shown comes first.

    Args:
        report: The report.
        names: What the columns are called.
    """
    tested = [each for each in report.statistics.differences if each.p_value is not None]
    if not tested:
        has_pairs = bool(report.statistics.differences)
        return [Conclusion(_TOO_FEW)] if has_pairs else []
    if len(tested) > _MOST_SENTENCES:
        told = [*_shown_together(tested, names), *_not_shown_together(tested)]
    else:
        told = [_conclusion(each, names, len(tested)) for each in tested]
    return sorted(told, key=lambda each: not each.is_shown)


_TOO_FEW = f"Fewer than {FEWEST} prompts show no difference between models."


def remarks(report: SetReport) -> list[str]:
    """What has to be known of the conclusions to read them."""
    said = []
    tested = sum(each.p_value is not None for each in report.statistics.differences)
    if tested > 1:
        said.append(
            f"What is shown holds for all {count(tested)} comparisons together (Holm's correction);"
            " each interval is that of one comparison alone."
        )
    if report.runs > 1:
        said.append(f"The {report.runs} runs of a prompt count as one prompt.")
    return said


def _conclusion(pair: Difference, names: Sequence[str], comparisons: int) -> Conclusion:
    told, better, other, amount = _directed(pair)
    lead = f"{names[better]} {told.verb} {_size(amount.value, pair.scale)} {told.than}"
    bounds = f"95 % interval {_bounds(amount)}"
    if pair.is_shown:
        return Conclusion(f"{lead} {names[other]} ({bounds}).", is_shown=True)
    if not amount.value:
        lead = f"{names[better]} equals"
    why = ""
    if amount.low is not None and amount.low > 0:
        why = f", which is not enough among {count(comparisons)} comparisons"
    return Conclusion(
        f"No difference in {told.topic} is shown: {lead} {names[other]} here ({bounds}{why})."
        f" {_hint(pair)}"
    )


def _directed(pair: Difference) -> tuple[ToldMeasure, int, int, Interval]:
    """The words for a pair, its better column and the other one, and the amount of the lead.

    The amount is a share of 1: of all prompts, or of the other column's figure.
    """
    told = _BY_MEASURE[pair.measure]
    more, less = pair.has_more, pair.first + pair.second - pair.has_more
    better, other = (more, less) if told.is_more else (less, more)
    amounts = [
        None if value is None else _lead(value, pair.scale, told, is_second=better == pair.second)
        for value in (pair.interval.value, pair.interval.low, pair.interval.high)
    ]
    value, *ends = amounts
    low, high = sorted(end for end in ends if end is not None) or (None, None)
    return told, better, other, Interval(value or 0.0, low, high)


def _lead(value: float, scale: Scale, told: ToldMeasure, *, is_second: bool) -> float:
    """The amount by which a column leads, from the value of its pair."""
    if scale is Scale.DIFFERENCE:
        return value if is_second else -value
    ratio = value if is_second else 1 / value
    return ratio - 1 if told.is_more else 1 - ratio


def _size(amount: float, scale: Scale) -> str:
    """An amount in words.

    >>> _size(0.08, Scale.DIFFERENCE), _size(0.004, Scale.RATIO)
    ('8 points', '0.4 %')
    """
    return f"{_number(amount)} {'points' if scale is Scale.DIFFERENCE else '%'}"


def _bounds(amount: Interval) -> str:
    if amount.low is None or amount.high is None:
        return "unknown"
    return f"{_number(amount.low)} to {_number(amount.high)}"


def _number(share: float) -> str:
    """A share as a number of hundredths, with a digit behind the point below 1."""
    hundredths = 100 * share
    digits = 0 if round(abs(hundredths), 1) >= 1 or not hundredths else 1
    return f"{hundredths:,.{digits}f}".replace("-", "−")


def _hint(pair: Difference) -> str:
    size = _size(SHOWN_DIFFERENCE, pair.scale)
    if not pair.more_prompts:
        return f"One of {size} would probably have been shown by these prompts."
    needed = count(_about(pair.more_prompts))
    return f"About {needed} more prompts would be needed to show one of {size}."


def _about(number: int) -> int:
    """A number, rounded up to two digits.

    >>> _about(137), _about(8), _about(1234)
    (140, 8, 1300)
    """
    digits = max(0, len(str(number)) - 2)
    return round(math.ceil(number / 10.0**digits) * 10.0**digits)


def _shown_together(tested: Sequence[Difference], names: Sequence[str]) -> Iterator[Conclusion]:
    """What is shown, in a sentence for each measure and better column."""
    leads: dict[tuple[str, int], list[str]] = defaultdict(list)
    for pair in tested:
        if pair.is_shown:
            told, better, other, amount = _directed(pair)
            said = f"{names[other]} ({_size(amount.value, pair.scale)})"
            leads[told.measure, better].append(said)
    for (measure, better), others in leads.items():
        told = _BY_MEASURE[measure]
        lead = f"{names[better]} {told.verb} {told.than}"
        yield Conclusion(f"{lead} {in_words(others)}.", is_shown=True)


def _not_shown_together(tested: Sequence[Difference]) -> Iterator[Conclusion]:
    """What is not shown, in a sentence for each measure."""
    for told in TOLD:
        pairs = [each for each in tested if each.measure == told.measure and not each.is_shown]
        if not pairs:
            continue
        most = max(pairs, key=lambda pair: pair.more_prompts or 0)
        which = "1 pair" if len(pairs) == 1 else f"{count(len(pairs))} pairs"
        hint = _hint(most).replace("About", "Up to about", 1) if len(pairs) > 1 else _hint(most)
        yield Conclusion(f"No difference in {told.topic} is shown for {which} of models. {hint}")


def statistics_document(report: SetReport) -> dict[str, object]:
    """The JSON document: shares from 0 to 1, seconds, tokens a second, US dollars, and ratios."""
    models = [
        {"model": model_in(each.model), "variant": parameters_in(each.model) or None}
        for each in report.models
    ]
    measures: list[dict[str, object]] = [{} for _ in models]
    for summary in report.statistics.summaries:
        found = {"prompts": summary.prompts, **_interval_document(summary.interval)}
        measures[summary.column][summary.measure] = found
    columns = [{**model, "measures": found} for model, found in zip(models, measures, strict=True)]
    return {
        "level": LEVEL,
        "alpha": ALPHA,
        "power": POWER,
        "to_show": SHOWN_DIFFERENCE,
        "columns": columns,
        "differences": [
            {
                "measure": pair.measure,
                "first": models[pair.first],
                "second": models[pair.second],
                "prompts": pair.prompts,
                "scale": str(pair.scale),
                **_interval_document(pair.interval),
                "p": pair.p_value,
                "adjusted_p": pair.adjusted,
                "shown": pair.is_shown,
                "more_prompts": pair.more_prompts,
            }
            for pair in report.statistics.differences
        ],
    }


def _interval_document(interval: Interval) -> dict[str, float | None]:
    return {"value": interval.value, "low": interval.low, "high": interval.high}

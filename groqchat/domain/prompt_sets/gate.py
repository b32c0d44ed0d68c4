"""A gate: what a report on a set has to reach, and whether it does.

A prompt passes if its answer passes all its checks; an answer that failed passes none. The pass
rate of a column is the mean, over the prompts with checks, of the share of runs that pass.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from groqchat.domain.prompt_sets.baseline import InBoth, compared
from groqchat.domain.text.humanize import count, counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from groqchat.domain.prompt_sets.baseline import Baseline
    from groqchat.domain.prompt_sets.report import SetReport

MIN_PASS, MAX_REGRESSION = "min_pass", "max_regression"


@dataclass(frozen=True, slots=True)
class Gate:
    """What is asked of every column of a report.

    ``min_pass`` is the smallest pass rate, from 0 to 1. ``max_regression`` says by how many
    percentage points the pass rate may be smaller than that of the ``baseline``.
    """

    min_pass: Decimal | None = None
    baseline: Baseline | None = None
    max_regression: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether one column keeps one rule, and in words why; ``rule`` is the name of the option."""

    rule: str
    model: str
    passed: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class GateResult:
    """The rulings on all columns; ``notes`` say what could not be compared with the baseline."""

    rulings: tuple[Ruling, ...]
    notes: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every column keeps every rule."""
        return all(ruling.passed for ruling in self.rulings)


def judged(report: SetReport, gate: Gate) -> GateResult:
    """The result of a gate; a column with missing answers keeps no rule, since it may yet fail."""
    columns = [_passes(report, place) for place in range(len(report.models))]
    rulings: list[Ruling] = []
    notes: list[str] = []
    for model, passes in zip(report.models, columns, strict=True):
        if gate.min_pass is not None:
            rulings.append(_least(model.model, passes, gate.min_pass, model.missing))
        if gate.baseline is not None:
            both = compared(report, model.model, gate.baseline)
            notes += [f"{model.model}: {note}" for note in both.notes]
            rulings.append(_regression(model.model, both, gate.max_regression, model.missing))
    return GateResult(tuple(rulings), tuple(notes))


def _passes(report: SetReport, place: int) -> Mapping[str, Sequence[bool]]:
    """Whether the runs of each prompt pass, by the prompt's id."""
    passes: defaultdict[str, list[bool]] = defaultdict(list)
    for row in report.outcomes:
        outcome = row[place]
        if outcome.passes is not None:
            passes[outcome.prompt.id].append(outcome.passes)
    return passes


def pass_rate(passes: Iterable[Sequence[bool]]) -> Fraction | None:
    """The mean, over prompts, of the share of runs that pass; None where there are none."""
    shares = [Fraction(sum(runs), len(runs)) for runs in passes]
    return sum(shares, Fraction(0)) / len(shares) if shares else None


def _least(
    model: str, passes: Mapping[str, Sequence[bool]], least: Decimal, missing: int
) -> Ruling:
    rate = pass_rate(passes.values())
    wanted = f"at least {_points(Fraction(least))} are wanted"
    if missing or rate is None:
        return Ruling(MIN_PASS, model, passed=False, sentence=f"{_undecided(missing)}; {wanted}")
    found = f"{_points(rate)} of {counted(len(passes), 'prompt')} pass"
    return Ruling(MIN_PASS, model, rate >= Fraction(least), f"{found}; {wanted}")


def _regression(model: str, both: InBoth, most: Decimal, missing: int) -> Ruling:
    before, now = pass_rate(both.before), pass_rate(both.now)
    loss = f"up to {most.normalize():f} percentage points" if most else ""
    allowed = f"a loss of {loss} is allowed" if loss else "no loss is allowed"
    if missing or before is None or now is None:
        why = _undecided(missing) if missing else "nothing can be compared with the baseline"
        return Ruling(MAX_REGRESSION, model, passed=False, sentence=f"{why}; {allowed}")
    of = f"of {count(len(both.now))} in both"
    found = f"{_points(now)} {of} pass, {_points(before)} in the baseline"
    passed = (before - now) * 100 <= Fraction(most)
    return Ruling(MAX_REGRESSION, model, passed, f"{found}; {allowed}")


def _undecided(missing: int) -> str:
    return f"{counted(missing, 'answer')} missing" if missing else "no prompt was checked"


def _points(share: Fraction) -> str:
    """A share in percent, rounded down to a tenth."""
    return f"{int(share * 1000) / 10:g}%"

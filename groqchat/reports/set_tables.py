"""A report on a set of prompts as tables for the terminal, Markdown, and JSON documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.compare.rules import model_in, parameters_in, variant_name
from groqchat.domain.money.pricing import usd_string
from groqchat.domain.prompt_sets.statistics import COST, PASSED, SPEED, TOTAL
from groqchat.domain.text.humanize import BEST, count, duration, money, speed
from groqchat.domain.turns.chat import State
from groqchat.reports.set_conclusions import (
    conclusions,
    intervals_table,
    remarks,
    shown_best,
    statistics_document,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from groqchat.domain.prompt_sets.outcomes import Outcome
    from groqchat.domain.prompt_sets.report import ModelReport, SetReport
    from groqchat.domain.turns.chat import Message


Rows = list[list[str]]


@dataclass(frozen=True, slots=True)
class SetMeasure:
    """One row of a report: how it is called, and how a model's report is written in it.

    ``tested`` is the measure of the statistics that says which model is the
    best; none where that is not tested.
    """

    label: str
    text: Callable[[ModelReport], str]
    tested: str = ""

    def best(self, report: SetReport) -> frozenset[int]:
        """The place of the model that is shown to be better than all others; else none."""
        return shown_best(report, self.tested) if self.tested else frozenset()


def _seconds(label: str, of: Callable[[ModelReport], float | None], tested: str = "") -> SetMeasure:
    return SetMeasure(label, lambda model: duration(of(model)), tested)


def _money(label: str, of: Callable[[ModelReport], Decimal | None]) -> SetMeasure:
    return SetMeasure(label, lambda model: money(of(model)), COST)


def _count(label: str, of: Callable[[ModelReport], int]) -> SetMeasure:
    return SetMeasure(label, lambda model: count(of(model)))


def _failures(model: ModelReport) -> str:
    kinds = ", ".join(f"{times:,} {kind.replace('_', ' ')}" for kind, times in model.failures)
    return kinds or "0"


SET_MEASURES = (
    SetMeasure("checks passed", lambda model: str(model.checks), PASSED),
    _seconds("first token p50", lambda model: model.first_p50),
    _seconds("first token p95", lambda model: model.first_p95),
    _seconds("total p50", lambda model: model.total_p50, TOTAL),
    _seconds("total p95", lambda model: model.total_p95),
    SetMeasure("speed", lambda model: speed(model.rate_p50), SPEED),
    _money("cost", lambda model: model.cost),
    _money("cost per 1,000", lambda model: model.per_thousand),
    _count("tokens in", lambda model: model.prompt_tokens),
    _count("tokens out", lambda model: model.completion_tokens),
    _count("answers", lambda model: model.answers),
    SetMeasure("failures", _failures),
    _count("not answered yet", lambda model: model.unasked),
)
"""The rows of every report, what decides first."""


def shown_measures(report: SetReport) -> list[SetMeasure]:
    """The measures with figures, without those of checks and gaps where there are none."""
    checked = any(model.checks.of for model in report.models)
    silent = {"checks passed": not checked, "not answered yet": not report.unasked}
    return [measure for measure in SET_MEASURES if not silent.get(measure.label)]


def short_names(models: Sequence[str]) -> list[str]:
    """Model ids without the maker's name, where they stay distinct."""
    short = [
        variant_name(model_in(name).rpartition("/")[2], parameters_in(name)) for name in models
    ]
    return short if len(set(short)) == len(short) else list(models)


def figures_table(report: SetReport, names: Sequence[str]) -> tuple[list[str], Rows]:
    """The head and rows of a table with a column for each model, the best of which is marked."""
    rows = []
    for measure in shown_measures(report):
        best = measure.best(report)
        cells = [
            f"{BEST} " * (place in best) + measure.text(model)
            for place, model in enumerate(report.models)
        ]
        rows.append([measure.label, *cells])
    return ["", *names], rows


def tasks_table(report: SetReport, names: Sequence[str]) -> tuple[list[str], Rows]:
    """The head and rows of a table of passed checks by task."""
    return ["task", *names], [[task or "–", *map(str, row)] for task, row in report.tasks]


def markdown(report: SetReport) -> str:
    """The report in Markdown: headings and tables."""
    models = [model.model for model in report.models]
    blocks = [f"# {_cell(report.name)}", _markdown_table(*figures_table(report, models))]
    if intervals := intervals_table(report, models):
        blocks.append(_markdown_table(*intervals))
    if told := conclusions(report, models):
        listed = "\n".join(f"- {'**Shown:** ' * each.is_shown}{_cell(each.text)}" for each in told)
        blocks += ["## What the prompts show", listed, *remarks(report)]
    if report.tasks:
        blocks += ["## Checks passed by task", _markdown_table(*tasks_table(report, models))]
    return "\n\n".join(blocks)


def _markdown_table(head: Sequence[str], rows: Rows) -> str:
    aligned = ["---", *["---:"] * (len(head) - 1)]
    lines = ([_cell(cell) for cell in cells] for cells in (head, aligned, *rows))
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def report_document(report: SetReport) -> dict[str, object]:
    """The JSON document of a report: figures by model, checks by task, and every outcome."""
    return {
        "name": report.name,
        "session_id": report.session_id or None,
        "runs": report.runs,
        "complete": not report.missing,
        "missing": report.missing,
        "models": [model_document(model) for model in report.models],
        "tasks": [
            {
                "task": task,
                "models": [
                    {
                        **named(model.model),
                        "checks_passed": passed.passed,
                        "checks_undecided": passed.undecided,
                        "checks": passed.of,
                    }
                    for model, passed in zip(report.models, row, strict=True)
                ],
            }
            for task, row in report.tasks
        ],
        "statistics": statistics_document(report),
        "results": result_documents(report),
    }


def result_documents(report: SetReport) -> list[dict[str, object]]:
    """Every outcome, prompt by prompt."""
    return [_result(outcome) for row in report.outcomes for outcome in row]


def model_document(model: ModelReport) -> dict[str, object]:
    """The figures of one model; times in seconds, money as exact decimal strings."""
    return {
        **named(model.model),
        "prompts": model.prompts,
        "wanted": model.wanted,
        "answers": model.answers,
        "missing": model.missing,
        "failures": dict(model.failures),
        "checks_passed": model.checks.passed,
        "checks_undecided": model.checks.undecided,
        "checks": model.checks.of,
        "first_token_p50_s": model.first_p50,
        "first_token_p95_s": model.first_p95,
        "total_p50_s": model.total_p50,
        "total_p95_s": model.total_p95,
        "tokens_per_second_p50": model.rate_p50,
        "prompt_tokens": model.prompt_tokens,
        "completion_tokens": model.completion_tokens,
        "cost_usd": _usd(model.cost),
        "cost_per_1000_usd": _usd(model.per_thousand),
    }


def _result(outcome: Outcome) -> dict[str, object]:
    answer, failure = outcome.answer, outcome.failure
    return {
        "id": outcome.prompt.id,
        "prompt": outcome.prompt.conversation,
        "task": outcome.prompt.task or None,
        "run": outcome.prompt.run,
        **named(outcome.model),
        "answer": answer.content if answer else None,
        "finish_reason": answer.finish_reason if answer else None,
        "complete": answer.state is State.COMPLETE if answer else None,
        "message_id": answer.id if answer else None,
        "cost_usd": _usd(answer.cost.total) if answer and answer.cost else None,
        "error": {"kind": failure.kind, "message": failure.sentence} if failure else None,
        **_unfinished(outcome.partial),
        "checks": [
            {"check": str(check), "passed": passed, "note": note or None}
            for check, passed, note in outcome.checked
        ],
    }


def named(name: str) -> dict[str, object]:
    """The model of a column, and the parameters of a variant as they were written."""
    return {"model": model_in(name), "variant": parameters_in(name) or None}


def _unfinished(partial: Message | None) -> dict[str, object]:
    """The text of an unfinished answer, and whether the user stopped it."""
    if partial is None:
        return {}
    stopped = {"stopped": True} if partial.state is State.STOPPED else {}
    return stopped | ({"partial": partial.content} if partial.content else {})


def _usd(amount: Decimal | None) -> str | None:
    return None if amount is None else usd_string(amount)

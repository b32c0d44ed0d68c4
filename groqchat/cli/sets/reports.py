"""Prints the report on a set of prompts: tables, Markdown, CSV, JSON, or an HTML page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.cli.answers import timing_document
from groqchat.cli.arguments import STDOUT
from groqchat.cli.failures import error_document
from groqchat.cli.output import DIM, narrate, print_json, say, say_wrapped, table, write
from groqchat.domain.errors.table import failure
from groqchat.domain.money.usage import usage_document
from groqchat.domain.text.csv_table import csv_table
from groqchat.domain.text.humanize import BEST
from groqchat.domain.text.redact import without_keys
from groqchat.reports.set_conclusions import conclusions, intervals_table, remarks
from groqchat.reports.set_tables import (
    figures_table,
    markdown,
    model_document,
    named,
    report_document,
    result_documents,
    short_names,
    tasks_table,
)
from groqchat.services.sessions.export_files import is_sealed, sealed
from groqchat.storage.export_files import save_export

TAKEN = "is there already, and is no report as groqchat wrote it: it stays; name another file"
_ABOUT = "report of a set"

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.prompt_sets.gate import GateResult
    from groqchat.domain.prompt_sets.outcomes import Outcome
    from groqchat.domain.prompt_sets.report import SetReport

    Stops = Mapping[str, GroqchatError]


def print_report(
    report: SetReport,
    args: argparse.Namespace,
    stops: Stops,
    *,
    batches: Sequence[dict[str, object]],
    gate: GateResult,
    is_interrupted: bool = False,
) -> None:
    """Print a report in the form of the command line, and write its page if one is asked for.

    Args:
        report: The report.
        args: The command line.
        stops: The errors that stopped models before their end, by model.
        batches: The documents of the batches that were submitted for it.
        gate: The result of the gate.
        is_interrupted: Whether Ctrl+C ended the set.

    Raises:
        StorageError: The page cannot be written.
    """
    if args.html is STDOUT:
        write(_page(report))
        return
    if args.html is not None:
        _write_page(report, args.html)
    if args.json:
        document = _document(report, stops, is_interrupted=is_interrupted)
        print_json(document | {"batches": batches, "gate": _gate(gate)})
    elif args.csv:
        _print_csv(report)
    elif args.markdown:
        say(markdown(report))
    else:
        _print_tables(report)


def _document(report: SetReport, stops: Stops, *, is_interrupted: bool) -> dict[str, object]:
    """The report as JSON, each result with what its answer used and how fast it came."""
    document = report_document(report)
    outcomes = [outcome for row in report.outcomes for outcome in row]
    results = zip(result_documents(report), outcomes, strict=True)
    stopped = [{**named(model), **error_document(error)} for model, error in stops.items()]
    return {
        **document,
        "results": [{**result, **_figures(outcome)} for result, outcome in results],
        "stopped": stopped,
        "interrupted": is_interrupted,
    }


def _gate(result: GateResult) -> dict[str, object] | None:
    """What a gate has asked for, and the result; None where nothing was asked."""
    if not result.rulings:
        return None
    rules = [
        {
            "rule": ruling.rule,
            **named(ruling.model),
            "passed": ruling.passed,
            "message": ruling.sentence,
        }
        for ruling in result.rulings
    ]
    return {"passed": result.passed, "rules": rules, "notes": result.notes}


def _figures(outcome: Outcome) -> dict[str, object]:
    said = outcome.answer or outcome.partial
    usage = said.usage if said else None
    return {
        "usage": usage and usage_document(usage, is_estimated=usage.is_estimated),
        "timing": timing_document(said) if said else None,
    }


def _print_csv(report: SetReport) -> None:
    rows = [{**model_document(model), "failures": model.failed} for model in report.models]
    write(without_keys(csv_table(list(rows[0]), (row.values() for row in rows))))


def _print_tables(report: SetReport) -> None:
    names = short_names([model.model for model in report.models])
    head, rows = figures_table(report, names)
    table(_right(head), rows)
    if intervals := intervals_table(report, names):
        say()
        head, rows = intervals
        table(_right(head), rows)
    if told := conclusions(report, names):
        say()
        for each in told:
            say_wrapped(f"{BEST if each.is_shown else '–'} {each.text}")
        for remark in remarks(report):
            say_wrapped(f"  {remark}")
    if report.tasks:
        say()
        head, rows = tasks_table(report, names)
        table(_right(head), rows)


def _right(head: Sequence[str]) -> list[str]:
    return [head[0], *(f"{name}>" for name in head[1:])]


def is_own_page(there: str) -> bool:
    """True for an unchanged page of ours."""
    return is_sealed(there, _ABOUT)


def text_there(path: Path) -> str:
    """The text of a file; empty where it cannot be read."""
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return ""


def _page(report: SetReport) -> str:
    from groqchat.reports.set_page import set_page

    return sealed(without_keys(set_page(report)), _ABOUT)


def _write_page(report: SetReport, page: Path) -> None:
    if save_export(page, _page(report), is_own_page) is None:
        raise failure("disk", detail=f"{page} {TAKEN}")
    narrate(f"The report is in {page}.", DIM)

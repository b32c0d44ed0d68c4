"""The gate of a set on the command line: its options, its files, its words, and its exit code."""

from __future__ import annotations

import argparse
import os
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

from groqchat.cli.arguments import STDOUT, check_output, output_file
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError
from groqchat.cli.output import DIM, GREEN, RED, YELLOW, narrate
from groqchat.cli.prompts import read_text
from groqchat.cli.sets.reports import text_there
from groqchat.domain.errors.table import failure
from groqchat.domain.prompt_sets.baseline import read_baseline
from groqchat.domain.prompt_sets.gate import Gate, GateResult, judged
from groqchat.domain.text.redact import without_keys
from groqchat.storage.export_files import save_export

if TYPE_CHECKING:
    from collections.abc import Collection

    from groqchat.cli.sets.job import Job
    from groqchat.domain.prompt_sets.report import SetReport

NOTHING_ASKED = GateResult(())
# Parameters that make a check of every prompt.
_FORMS = frozenset({"schema", "is_json"})
_MOST_NAMED = 10
_TAKEN = "is there already, and is no JUnit report: it stays; name another file"


def add_gate_arguments(of_sets: argparse._ArgumentGroup) -> None:
    """Declare the options of the gate."""
    of_sets.add_argument(
        "--min-pass",
        type=_share,
        metavar="SHARE",
        help="exit 11 unless every model passes this share of the prompts: 0.9, or 90%%; a prompt "
        "passes if its answer passes all its checks",
    )
    of_sets.add_argument(
        "--baseline",
        type=Path,
        metavar="REPORT",
        help="exit 11 if a model passes a smaller share of the prompts than in this report, which "
        "--json wrote",
    )
    of_sets.add_argument(
        "--max-regression",
        type=_points,
        metavar="POINTS",
        help="with --baseline: as many percentage points fewer are allowed (0), such as 2%%",
    )
    of_sets.add_argument(
        "--junit", type=output_file, metavar="XML", help="also write the results as JUnit XML"
    )
    of_sets.add_argument(
        "--github",
        action=argparse.BooleanOptionalAction,
        help="print failed prompts as annotations of GitHub Actions, on stderr (where "
        "GITHUB_ACTIONS is true)",
    )


def read_gate(args: argparse.Namespace) -> Gate | None:
    """The gate that a command line asks for; None where it asks for none.

    Raises:
        MisuseError: The baseline cannot be read, or a file cannot be written.
    """
    if args.max_regression is not None and args.baseline is None:
        raise MisuseError("--max-regression is for --baseline: it says how much worse is allowed")
    _check_file(args.junit)
    if args.min_pass is None and args.baseline is None:
        return None
    if args.baseline is None:
        return Gate(args.min_pass)
    try:
        baseline = read_baseline(read_text(args.baseline))
    except ValueError as mistake:
        raise MisuseError(f"{args.baseline}: {mistake}") from None
    return Gate(args.min_pass, baseline, args.max_regression or Decimal(0))


def check_gate(job: Job, models: Collection[str]) -> None:
    """Refuse a gate that could not be passed whatever the answers are, before anything is asked.

    Raises:
        MisuseError: No prompt has a check, or nothing is in the baseline.
    """
    gate: Gate | None = job.args.gate
    if gate is None:
        return
    has_form = _FORMS & job.parameters.keys() or any(" schema=" in model for model in models)
    if not has_form and not any(prompt.checks for prompt in job.prompts):
        raise MisuseError("a gate needs checks, and no prompt has one")
    there = gate.baseline.columns if gate.baseline else {}
    if there and not there.keys() & set(models):
        raise MisuseError(f"the baseline has none of these models: it has {', '.join(there)}")


def result_of(report: SetReport, gate: Gate | None) -> GateResult:
    """The result of a gate; where there is none, nothing was asked for."""
    return NOTHING_ASKED if gate is None else judged(report, gate)


def tell_gate(report: SetReport, args: argparse.Namespace, result: GateResult) -> None:
    """Write the files, print the annotations, and narrate the result.

    Raises:
        StorageError: A file cannot be written.
    """
    for note in result.notes:
        narrate(f"Baseline: {note}.", YELLOW)
    for ruling in result.rulings:
        word, colour = ("passed", GREEN) if ruling.passed else ("missed", RED)
        narrate(f"Gate {word}: {ruling.model}: {ruling.sentence}.", colour)
    if args.junit is not None:
        _write_junit(report, args.junit, result)
    is_on_github = os.environ.get("GITHUB_ACTIONS") == "true"
    if args.github or (args.github is None and is_on_github):
        from groqchat.reports.github_annotations import github_annotations

        for line in github_annotations(report, result, _from_root(args.file)):
            narrate(line)
    elif not result.passed:
        _tell_failed(report)


def _tell_failed(report: SetReport) -> None:
    """Name the prompts that do not pass, with what they missed."""
    failed = [each for row in report.outcomes for each in row if each.passes is False]
    for outcome in failed[:_MOST_NAMED]:
        why = [outcome.failure.sentence] if outcome.failure else outcome.missed
        narrate(f"  {outcome.model} · {outcome.prompt.label}: {'; '.join(why)}", DIM)
    if len(failed) > _MOST_NAMED:
        narrate(f"  … and {len(failed) - _MOST_NAMED:,} more, which the report has", DIM)


def exit_code(code: int, result: GateResult) -> int:
    """The exit code: what went wrong otherwise goes before a gate that is missed."""
    return code if code != ExitCode.DONE or result.passed else ExitCode.GATE


def _write_junit(report: SetReport, path: Path, result: GateResult) -> None:
    from groqchat.reports.junit import junit

    if save_export(path, without_keys(junit(report, result)), _is_junit) is None:
        raise failure("disk", detail=f"{path} {_TAKEN}")
    narrate(f"The JUnit report is in {path}.", DIM)


def _is_junit(there: str) -> bool:
    """True for a report of tests, which CI jobs write anew, and for an empty file."""
    return not there.strip() or "<testsuite" in there[:1000]


def _check_file(path: Path | None) -> None:
    """Refuse a file that cannot be written, before anything is asked."""
    if path is None:
        return
    if path is STDOUT:
        raise MisuseError("--junit takes the name of a file; stdout has the report")
    check_output(path)
    if path.is_file() and not _is_junit(text_there(path)):
        raise MisuseError(f"{path} {_TAKEN}")


def _from_root(file: Path) -> str:
    """The path of a file from the root of the repository, as annotations name it."""
    root = os.environ.get("GITHUB_WORKSPACE")
    whole = file.absolute()
    if root and whole.is_relative_to(root):
        return whole.relative_to(root).as_posix()
    return file.as_posix()


def _share(text: str) -> Decimal:
    number = _number(text.removesuffix("%"))
    share = number / 100 if text.endswith("%") else number
    if not 0 < share <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no share such as 0.9 or 90%")
    return share


def _points(text: str) -> Decimal:
    points = _number(text.removesuffix("%"))
    if not 0 <= points <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of percentage points such as 2%")
    return points


def _number(text: str) -> Decimal:
    """A number; what is none is less than any that is asked for."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return Decimal(-1)
    return number if number.is_finite() else Decimal(-1)

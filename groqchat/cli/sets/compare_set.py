"""``groqchat compare --file``: runs a set of prompts over several models, and reports on it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from groqchat.cli.arguments import STDOUT, check_output, output_file, run_async, whole
from groqchat.cli.batch.words import WINDOWS
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError
from groqchat.cli.models.names import one_of
from groqchat.cli.output import narrate
from groqchat.cli.sets.gate import (
    add_gate_arguments,
    check_gate,
    exit_code,
    read_gate,
    result_of,
    tell_gate,
)
from groqchat.cli.sets.job import read_job, set_batches, stored, submitted
from groqchat.cli.sets.judging import add_judge_argument, with_stored_judges
from groqchat.cli.sets.reports import TAKEN, is_own_page, print_report, text_there
from groqchat.cli.sets.runner import ask_and_report
from groqchat.domain.compare.rules import model_in
from groqchat.domain.money.amounts import read_dollars
from groqchat.domain.prompt_sets.checks import CheckKind
from groqchat.domain.prompt_sets.columns import columns_of, shown_pairs
from groqchat.domain.prompt_sets.runs import MOST_RUNS
from groqchat.domain.scheduling.width import MOST, MOST_JOBS

if TYPE_CHECKING:
    from decimal import Decimal

    from groqchat.bootstrap import LocalServices
    from groqchat.cli.sets.job import Job

# What makes sense with a file of prompts only, as argparse names it.
_OF_SETS = (
    *("jobs", "runs", "budget", "batch", "wait", "window", "csv", "html", "report", "again"),
    *("team", "judge", "min_pass", "baseline", "max_regression", "junit", "github"),
)


def add_set_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of a set."""
    of_sets = parser.add_argument_group("a set of prompts")
    of_sets.add_argument(
        "--file",
        type=Path,
        metavar="FILE",
        help="text (.txt) with a prompt a line, or JSON lines or CSV with a first line of names: "
        "prompt (or messages), id, system, task, image, vars, and the checks "
        f"{', '.join(CheckKind)}; after a stop, the same command continues",
    )
    of_sets.add_argument(
        "--jobs",
        type=_jobs,
        metavar="N",
        help=f"the most requests at once (as the limits allow, up to {MOST} for each model)",
    )
    of_sets.add_argument(
        "--runs",
        type=_runs,
        metavar="N",
        help="ask every prompt N times (once); more answers than before are asked for, none twice",
    )
    of_sets.add_argument(
        "--budget", type=_dollars, metavar="USD", help="the most that the set may cost"
    )
    of_sets.add_argument("--again", action="store_true", help="start over: ask everything again")
    of_sets.add_argument(
        "--team",
        action="store_true",
        help="share the work: the same command on other machines of the team takes prompts of the "
        "same run, and each makes the whole report; who takes part gets all answers, by the "
        "team's database",
    )
    add_judge_argument(of_sets)
    _add_batch_arguments(of_sets)
    _add_report_arguments(of_sets)
    add_gate_arguments(of_sets)


def _add_batch_arguments(of_sets: argparse._ArgumentGroup) -> None:
    of_sets.add_argument(
        "--batch",
        action="store_true",
        help="send what is pending as a batch, at half the price and answered within --window; "
        "the same command collects the answers",
    )
    of_sets.add_argument(
        "--window",
        choices=WINDOWS,
        help="with --batch: the time within which it is to be answered (24h); a longer one "
        "expires less often",
    )
    of_sets.add_argument(
        "--wait", action="store_true", help="with --batch: follow the batch until it has ended"
    )


def _add_report_arguments(of_sets: argparse._ArgumentGroup) -> None:
    of_sets.add_argument(
        "--html",
        type=output_file,
        metavar="PAGE",
        help="also write the report as an HTML page; - prints only the page",
    )
    of_sets.add_argument(
        "--report", action="store_true", help="report on the answers so far; send nothing"
    )


def refuse_set_options(args: argparse.Namespace) -> None:
    """Refuse options of a set that would do nothing without one.

    Raises:
        MisuseError: An option is given without a file of prompts.
    """
    for name in _OF_SETS:
        value = getattr(args, name)
        if value is not None and value is not False:
            raise MisuseError(
                f"--{name.replace('_', '-')} is for a set of prompts: give one with --file"
            )


def run_set(args: argparse.Namespace) -> int:
    """Ask all that is missing, and report."""
    if args.prompt:
        raise MisuseError("give either a prompt or --file, not both")
    if args.gap is not None:
        raise MisuseError(
            "--gap is for a single prompt; in a set, each model waits for its own limits"
        )
    if args.no_save:
        raise MisuseError(
            "--no-save is not for a set: saved answers are what the next run continues from"
        )
    if args.tool or args.allow_tool or args.approve:
        raise MisuseError(
            "--tool, --allow-tool and --approve are for a single prompt; in a set, Groq's own "
            "tools belong to a model: -m 'ID tools=browser_search'"
        )
    if args.report and args.again:
        raise MisuseError(
            "give either --report (sends nothing) or --again (sends everything), not both"
        )
    if args.report and args.batch:
        raise MisuseError("give either --report or --batch (which reports too), not both")
    if args.team and (args.report or args.batch):
        raise MisuseError(
            f"give either --team or {'--report' if args.report else '--batch'}: with --team, "
            "prompts are asked one by one, and the report has the answers of all"
        )
    if args.wait and not args.batch:
        raise MisuseError("--wait is for --batch: it follows the batch to its end")
    if args.window and not args.batch:
        raise MisuseError("--window is for --batch: a live set is answered at once")
    _check_page(args)
    args.gate = read_gate(args)
    job = read_job(args)
    act = _report_only if args.report else ask_and_report
    try:
        return run_async(
            args, lambda services: act(services, job), sends=not args.report, may_forget=args.report
        )
    except KeyboardInterrupt:  # before anything was asked, or once more
        narrate("Stopped.")
        raise


def _jobs(text: str) -> int:
    number = whole(text)
    if number > MOST_JOBS:
        raise argparse.ArgumentTypeError(f"{text!r} is more than {MOST_JOBS} requests at once")
    return number


def _runs(text: str) -> int:
    number = whole(text)
    if number > MOST_RUNS:
        raise argparse.ArgumentTypeError(f"{text!r} is more than {MOST_RUNS} runs")
    return number


def _dollars(text: str) -> Decimal:
    try:
        return read_dollars(text)
    except ValueError:
        reason = f"{text!r} is no amount in US dollars such as 0.50"
        raise argparse.ArgumentTypeError(reason) from None


def _check_page(args: argparse.Namespace) -> None:
    """Refuse a page that cannot be written, before anything is asked."""
    page: Path | None = args.html
    if page is STDOUT:
        if args.json or args.csv or args.markdown:
            raise MisuseError("--html - prints the page alone: leave out --json, --csv, --markdown")
        return
    if page is not None:
        check_output(page)
    if page is not None and page.is_file() and not is_own_page(text_there(page)):
        raise MisuseError(f"{page} {TAKEN}")


async def _report_only(services: LocalServices, job: Job) -> int:
    """Report on the last run, by the options with which it was asked."""
    record = await services.prompt_sets.last(job.place)
    if record is not None:
        await set_batches(services).transfer(record.session_id)
    there = await stored(services, record.session_id) if record else None
    if record is None or there is None or not there.pairs:
        raise MisuseError(f"no prompt of {job.args.file} was sent yet")
    job = with_stored_judges(job.as_asked(record), there.verdicts)
    shown = shown_pairs(job.prompts, columns_of(record))
    if not there.is_about(job, shown):
        raise MisuseError(
            f"the last run of {job.args.file} has none of these prompts: they changed, or "
            "-s/--max-tokens differ"
        )
    asked = there.names(record, shown)
    ids = set(map(model_in, asked))
    named = [variant.of(one_of(variant.model, ids)).name for variant in job.args.variants]
    models = named or asked
    if not set(models) & set(asked):
        raise MisuseError(f"the last run of {job.args.file} asked {', '.join(asked)}")
    check_gate(job, models)
    report, batches = (
        await there.report(job, models, shown),
        await submitted(services, there.session_id),
    )
    gate = result_of(report, job.args.gate)
    print_report(report, job.args, {}, batches=batches, gate=gate)
    tell_gate(report, job.args, gate)
    return exit_code(ExitCode.DONE, gate)

"""``groqchat plan``: how often a workload fits under a plan's limits, and what it costs."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from textwrap import indent
from typing import TYPE_CHECKING

from groqchat.cli import failures
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.models.names import listed_model
from groqchat.cli.output import say
from groqchat.cli.plans import reports as plan_reports
from groqchat.cli.plans.reports import DEFAULT_DAYS, MisuseError
from groqchat.cli.plans.tool_costs import has_tools, with_tools
from groqchat.domain.models.catalog import Plan
from groqchat.domain.planning import planner
from groqchat.storage.catalog import load_catalog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from decimal import Decimal

    from groqchat.cli.plans.reports import Report
    from groqchat.domain.models.catalog import Model

HELP = "how often a workload fits under a plan's limits, and what it costs"
EXAMPLES = """\
groqchat plan limits --model openai/gpt-oss-120b --tokens 2000
groqchat plan cost --model openai/gpt-oss-120b --input 100M --output 20M --cached 50%
groqchat plan audio --model whisper-large-v3-turbo --hours 1000 --batch
groqchat plan tiers --model openai/gpt-oss-120b --plan developer
"""
_LIMITS_EXAMPLE = """\
groqchat plan limits --model openai/gpt-oss-120b --tokens 2000 --plan free
groqchat plan limits --model qwen/qwen3.8-27b --tokens 2K --tokens-out 500
groqchat plan limits --model whisper-large-v3-turbo --seconds 90
"""
_COST_EXAMPLE = """\
groqchat plan cost --model openai/gpt-oss-120b --input 100M --output 20M --cached 50%
groqchat plan cost --model openai/gpt-oss-20b --calls-per-day 50 --tokens-in 2K --tokens-out 500
"""
_TIERS_EXAMPLE = """\
groqchat plan tiers --model openai/gpt-oss-120b --plan developer
"""
_AUDIO_EXAMPLE = """\
groqchat plan audio --model whisper-large-v3-turbo --hours 1000 --batch
groqchat plan audio --model canopylabs/orpheus-v1-english --characters 1M
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``limits``, ``cost``, ``audio`` and ``tiers``."""
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    limits = _command(
        commands,
        "limits",
        "how many calls a minute and a day fit under the limits",
        _LIMITS_EXAMPLE,
        plan_reports.limits,
    )
    limits.add_argument("--tokens", type=_whole, help="tokens per call, prompt and answer together")
    limits.add_argument("--tokens-out", type=_whole, help="how many of them are the answer's")
    limits.add_argument("--seconds", type=_whole, help="seconds of audio per call")
    plans = [plan.value for plan in Plan]
    limits.add_argument("--plan", choices=plans, default="free", help="your plan (free)")

    cost = _command(commands, "cost", "what a number of tokens costs", _COST_EXAMPLE, _cost)
    cost.add_argument("--input", type=_whole, help="input tokens in total")
    cost.add_argument("--output", type=_whole, help="output tokens in total")
    cost.add_argument(
        "--calls-per-day",
        type=_whole,
        help="calls a day (instead of --input and --output)",
    )
    cost.add_argument("--tokens-in", type=_whole, help="input tokens per call")
    cost.add_argument("--tokens-out", type=_whole, help="output tokens per call")
    cost.add_argument("--days", type=_whole, help=f"number of days ({DEFAULT_DAYS})")
    cost.add_argument(
        "--cached", default="0", help="how much input is cached: tokens, or a share such as 50%%"
    )
    cost.add_argument("--batch", action="store_true", help="sent as a batch, at half the price")

    cost.add_argument("--searches", type=_whole, help="steps of Groq's browser_search")
    cost.add_argument("--code-hours", type=_number, help="hours that Groq's code_interpreter runs")

    audio = _command(commands, "audio", "what audio costs", _AUDIO_EXAMPLE, plan_reports.audio)
    amount = audio.add_mutually_exclusive_group(required=True)
    amount.add_argument("--hours", type=_number, help="hours to transcribe or translate")
    amount.add_argument("--characters", type=_whole, help="characters to speak")
    audio.add_argument("--files", type=_whole, help="number of files with these hours (1)")
    audio.add_argument("--batch", action="store_true", help="sent as a batch, at half the price")

    tiers = _command(
        commands,
        "tiers",
        "what each service tier means for limits and price",
        _TIERS_EXAMPLE,
        plan_reports.tiers,
    )
    tiers.add_argument("--plan", choices=plans, default="free", help="your plan (free)")


def run(args: argparse.Namespace) -> ExitCode:
    """Print the report, as JSON if asked."""
    catalog = load_catalog()
    try:
        model = catalog.get(listed_model(args.model, catalog))
        report: Report = args.report(args, model)
    except (MisuseError, failures.MisuseError) as misuse:
        return failures.refuse(failures.MisuseError(str(misuse)), as_json=args.json)
    replacement = catalog.replacement_for(model.id).id if model.is_retired else None
    report = replace(report, notes=[*report.notes, *_life(model, replacement)])
    say(_json(model, replacement, report) if args.json else "\n".join(report.lines()))
    return ExitCode.DONE


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    summary: str,
    examples: str,
    report: Callable[[argparse.Namespace, Model], Report],
) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name,
        help=summary,
        description=summary,
        epilog=f"examples:\n{indent(examples, '  ')}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--model", "-m", required=True, help="the id of the model")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.set_defaults(report=report)
    return parser


def _cost(args: argparse.Namespace, model: Model) -> Report:
    amounts = (args.input, args.output, args.calls_per_day, args.tokens_in, args.tokens_out)
    if has_tools(args) and all(amount is None for amount in (*amounts, args.days)):
        args.input = args.output = 0  # the tools alone are asked for
    return with_tools(plan_reports.cost(args, model), args, load_catalog().tools, model)


def _number(text: str) -> Decimal:
    try:
        return planner.read_number(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _whole(text: str) -> int:
    try:
        return planner.read_count(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _life(model: Model, replacement: str | None) -> Iterator[str]:
    """Notes on a model that was shut down or has a warning."""
    if replacement:
        yield f"{model.id} was shut down on {model.retired_on}; these are its last figures."
        yield f"Use {replacement} instead."
    if model.note:
        yield model.note


def _json(model: Model, replacement: str | None, report: Report) -> str:
    about = {"model": model.id, "status": model.status, "retired_on": model.retired_on}
    document = {**about, "replacement": replacement, **report.facts, "notes": report.notes}
    return json.dumps(document, ensure_ascii=False, indent=2)

"""``groqchat compare``: the same prompt to several models at once, and their figures in a table."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.cli.answers import timing_document, usage_document
from groqchat.cli.arguments import add_json, add_profile, run_async, seconds, used_key, whole
from groqchat.cli.compare_set import add_set_arguments, refuse_set_options, run_set
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError, error_document, exit_code_of
from groqchat.cli.output import BOLD, DIM, RED, narrate, print_json, say, table
from groqchat.cli.prompts import read_prompt
from groqchat.domain.chat import Answered, Message, Options, Session, Waiting
from groqchat.domain.compare import (
    FEWEST_MODELS,
    MEASURES,
    MOST_MODELS,
    NO_FIGURES,
    Figures,
    figures_of,
)
from groqchat.domain.humanize import countdown, duration
from groqchat.domain.pricing import usd_string
from groqchat.services.compare import Comparison, Failed, Held

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from groqchat.bootstrap import Parts
    from groqchat.domain.errors import GroqchatError
    from groqchat.services.compare import Told
    from groqchat.services.connection import Connection

HELP = "the same prompt to 2–8 models at once: answers, speed, tokens and cost"
EXAMPLES = """\
groqchat compare "What is a monad?" -m openai/gpt-oss-120b -m openai/gpt-oss-20b
git diff | groqchat compare "Review this" -m openai/gpt-oss-20b -m qwen/qwen3.8-27b --markdown
groqchat compare "Hi" -m openai/gpt-oss-20b -m openai/gpt-oss-120b --json | jq '.results[].cost_usd'
groqchat compare --file prompts.jsonl -m openai/gpt-oss-20b -m openai/gpt-oss-120b --budget 0.50
groqchat compare --file prompts.jsonl --report --html report.html
"""
# Beside the best figure of a row.
BEST = "★"


@dataclass(frozen=True, slots=True)
class Result:
    """How one model did: its answer, whose tokens may be our estimate, or its error."""

    model: str
    answer: Message | None = None
    error: GroqchatError | None = None
    is_estimated: bool = False

    @property
    def figures(self) -> Figures:
        """What the answer took."""
        return figures_of(self.answer) if self.answer else NO_FIGURES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("prompt", nargs="?", default="", metavar="PROMPT")
    parser.add_argument(
        "-m",
        "--model",
        dest="models",
        action="append",
        default=[],
        metavar="ID",
        help=f"a model to ask; {FEWEST_MODELS} to {MOST_MODELS} times",
    )
    parser.add_argument("-s", "--system", metavar="TEXT", help="the system prompt of all")
    parser.add_argument("--max-tokens", type=whole, metavar="N", help="the longest answer")
    parser.add_argument(
        "--max-wait",
        type=seconds,
        metavar="SECONDS",
        help="sleep through limits that end within this (60); 0: never wait",
    )
    parser.add_argument(
        "--gap",
        type=seconds,
        metavar="SECONDS",
        help="between one request and the next, so that limits are not hit at once",
    )
    parser.add_argument("--over-budget", action="store_true", help="ask though the budget is spent")
    parser.add_argument("--no-save", action="store_true", help="keep nothing of this")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--markdown", action="store_true", help="print a Markdown document")
    form.add_argument("--csv", action="store_true", help="print a set's figures as CSV")
    add_json(form)
    add_profile(parser)
    add_set_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Ask all of them once, or a set of prompts."""
    models, only_reports = args.models, args.file is not None and args.report
    if not (FEWEST_MODELS <= len(models) <= MOST_MODELS or only_reports):
        raise MisuseError(
            f"a comparison takes {FEWEST_MODELS} to {MOST_MODELS} models, each as -m ID; "
            f"{len(models)} given"
        )
    twice = next((model for model in models if models.count(model) > 1), None)
    if twice is not None:
        raise MisuseError(f"{twice} is named twice")
    if args.file is not None:
        return run_set(args)
    refuse_set_options(args)
    prompt = read_prompt(args.prompt)
    return run_async(args, lambda parts: _compare(parts, args, prompt), keep=not args.no_save)


async def _compare(parts: Parts, args: argparse.Namespace, prompt: str) -> int:
    connection = parts.connect(await used_key(parts), longest_wait_s=args.max_wait)
    warming = asyncio.create_task(asyncio.to_thread(parts.warm_up))
    try:
        await connection.models.recall()
        comparison = _comparison(parts, args, connection)
        if args.over_budget:
            for _ in comparison.columns:
                connection.budget.let_one_pass()
        else:
            await connection.budget.check(comparison.session.id)
        await warming
        results = await _results(comparison, prompt)
    finally:
        await connection.close()
    if args.json:
        print_json({"results": [_document(result) for result in results]})
    elif args.markdown:
        say(_markdown(prompt, results))
    else:
        _print(results)
    errors = [result.error for result in results if result.error]
    return exit_code_of(errors[0]) if len(errors) == len(results) else ExitCode.DONE


def _comparison(parts: Parts, args: argparse.Namespace, connection: Connection) -> Comparison:
    settings, now = parts.settings, parts.clock.now()
    system = args.system if args.system is not None else settings.system
    columns = [
        Options(
            model,
            system,
            settings.service_tier or None,
            max_tokens=args.max_tokens or settings.max_tokens or None,
        )
        for model in args.models
    ]
    session = Session(parts.new_id(), "", now, now, args.models[0], system)
    gap_s = settings.compare_gap_s if args.gap is None else args.gap
    return Comparison(connection.turns, session, columns, connection.models.refused, gap_s=gap_s)


async def _results(comparison: Comparison, prompt: str) -> list[Result]:
    """Listen to all columns; what happens is narrated, what comes of it returned in their order."""
    results = [Result(column.model) for column in comparison.columns]
    async with aclosing(comparison.ask(prompt)) as events:
        async for told in events:
            result = _narrated(told, results[told.column].model)
            results[told.column] = result or results[told.column]
    return results


def _narrated(told: Told, model: str) -> Result | None:
    match told.event:
        case Held(wait):
            narrate(f"{model}: begins in {countdown(wait)}, after the others", DIM)
        case Waiting(wait, error=error):
            narrate(f"{model}: {error.message} Waiting {countdown(wait)}…", DIM)
        case Answered(answer):
            took = duration(answer.timing.total_s) if answer.timing else "an unknown time"
            narrate(f"{model}: answered in {took}", DIM)
            return Result(model, answer, is_estimated=told.event.is_estimated)
        case Failed(error):
            narrate(f"{model}: {error.message} {error.command_suggestion}", RED)
            return Result(model, error=error)
    return None


# -- what is printed --------------------------------------------------------------------------


def _document(result: Result) -> dict[str, object]:
    answer = result.answer
    if answer is None:
        error = error_document(result.error)["error"] if result.error else None
        empty = dict.fromkeys(("usage", "cost_usd", "timing"))
        return {"model": result.model, "error": error, **empty}
    return {
        "model": result.model,
        "answer": answer.content,
        "reasoning": answer.reasoning or None,
        "finish_reason": answer.finish_reason,
        "session_id": answer.session_id,
        "message_id": answer.id,
        "request_id": answer.request_id,
        "usage": answer.usage and usage_document(answer.usage, is_estimated=result.is_estimated),
        "cost_usd": usd_string(answer.cost.total) if answer.cost else None,
        "timing": timing_document(answer),
    }


def _print(results: Sequence[Result]) -> None:
    """The answers, and below them, where the eye is, the table."""
    for result in results:
        say(result.model, BOLD)
        say(_said(result).rstrip())
        say()
    head, rows = _figures(results)
    table([head[0], *(f"{name}>" for name in head[1:])], rows)


def _figures(results: Sequence[Result]) -> tuple[list[str], list[list[str]]]:
    """Head and rows of the table: a model a column, the best of each row marked."""
    columns = [result.figures for result in results]
    rows = []
    for measure in MEASURES:
        best = measure.best(columns)
        cells = [
            f"{BEST} " * (place in best) + measure.text(result.figures) if result.answer else "–"
            for place, result in enumerate(results)
        ]
        rows.append([measure.label, *cells])
    return ["", *(result.model for result in results)], rows


def _said(result: Result) -> str:
    if result.answer is not None:
        return result.answer.content
    return f"{result.error.title}. {result.error.command_suggestion}" if result.error else ""


def _markdown(prompt: str, results: Sequence[Result]) -> str:
    """A document: prompt, table, and each answer under its heading."""
    head, rows = _figures(results)
    aligned = ["---", *["---:"] * (len(head) - 1)]
    lines = [f"| {' | '.join(cells)} |" for cells in (head, aligned, *rows)]
    quoted = "\n".join(f"> {line}".rstrip() for line in prompt.splitlines())
    answers = [f"## {result.model}\n\n{_said(result).rstrip()}" for result in results]
    return "\n\n".join(["# Comparison", quoted, "\n".join(lines), *answers])

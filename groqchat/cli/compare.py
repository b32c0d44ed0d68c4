"""``groqchat compare``: one prompt to several models at once, with a table of their figures."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from groqchat.cli.advice import beside_others, broken_off, shown_by
from groqchat.cli.arguments import (
    add_json,
    add_turn_options,
    run_async,
    seconds,
    used_key,
)
from groqchat.cli.asking import tools as asked_tools
from groqchat.cli.asking.images import UNASKED, add_images, tell_unseen, with_images
from groqchat.cli.asking.schema import add_schema, check_form, schema_given
from groqchat.cli.budget_notices import budgets_watched
from groqchat.cli.compare_results import Result, markdown, print_answers, results_document
from groqchat.cli.empty_sessions import without_empty_session
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError, exit_code_of
from groqchat.cli.interrupts import uncancel_after_interrupt
from groqchat.cli.output import DIM, narrate, narrate_error, print_json, write
from groqchat.cli.parameters import add_parameters, parameters_for_all
from groqchat.cli.prompts import read_prompt, read_system, warn_of_secrets
from groqchat.cli.sets.compare_set import add_set_arguments, refuse_set_options, run_set
from groqchat.cli.variants import HELP as VARIANTS
from groqchat.cli.variants import asked_variants, changes_of, read_variants
from groqchat.domain.compare.rules import FEWEST_MODELS, MOST_MODELS
from groqchat.domain.compare.variants import TOOLS
from groqchat.domain.sessions.summaries import title_from
from groqchat.domain.text.humanize import countdown, duration
from groqchat.domain.turns.chat import Answered, Options, Waiting
from groqchat.domain.turns.finish_reasons import ending
from groqchat.services.compare.column import Failed
from groqchat.services.compare.compare import Delayed

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from groqchat.bootstrap import LocalServices
    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.services.account.connection import Connection
    from groqchat.services.compare.column import Column
    from groqchat.services.compare.compare import ColumnEvent, Comparison

HELP = "the same prompt to 2–8 models at once: answers, speed, tokens and cost"
EXAMPLES = """\
groqchat compare "What is a monad?" -m openai/gpt-oss-120b -m openai/gpt-oss-20b
groqchat compare "Why?" -m 'openai/gpt-oss-20b effort=low' -m 'openai/gpt-oss-20b effort=high'
git diff | groqchat compare "Review this" -m openai/gpt-oss-20b -m qwen/qwen3.8-27b --markdown
groqchat compare "Hi" -m openai/gpt-oss-20b -m openai/gpt-oss-120b --json | jq '.results[].cost_usd'
groqchat compare --file prompts.jsonl -m openai/gpt-oss-20b -m openai/gpt-oss-120b --budget 0.50
groqchat compare --file prompts.jsonl -m @efforts --runs 3
groqchat compare --file prompts.jsonl -m openai/gpt-oss-20b --batch
groqchat compare --file prompts.jsonl --report --html report.html
groqchat compare --file prompts.jsonl -m openai/gpt-oss-20b --min-pass 0.9 --junit junit.xml
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "-m",
        "--model",
        dest="models",
        action="append",
        default=[],
        metavar="COLUMN",
        help=f"a model to ask; {FEWEST_MODELS} to {MOST_MODELS} times, with --file also once; "
        f"{VARIANTS}",
    )
    add_turn_options(parser)
    add_schema(parser)
    add_parameters(parser)
    asked_tools.add_tools(parser)
    parser.set_defaults(jsonl=False)
    parser.add_argument(
        "--gap",
        type=seconds,
        metavar="SECONDS",
        help="pause between two requests, so that limits are not reached at once",
    )
    form = parser.add_mutually_exclusive_group()
    add_images(parser)
    form.add_argument("--markdown", action="store_true", help="print a Markdown document")
    form.add_argument("--csv", action="store_true", help="print a set's figures as CSV")
    add_json(form)
    add_set_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Ask one prompt of all models, or run a set of prompts."""
    is_set = args.file is not None
    read_system(args)
    args.variants = models = read_variants(args.models)
    fewest = 1 if is_set else FEWEST_MODELS
    if not (fewest <= len(models) <= MOST_MODELS or (is_set and args.report)):
        what = "a set of prompts" if is_set else "a comparison"
        raise MisuseError(
            f"{what} takes {fewest} to {MOST_MODELS} models, each as -m ID; {len(models)} given"
        )
    if is_set:
        return run_set(args)
    refuse_set_options(args)
    prompt = read_prompt(args.prompt, instead=UNASKED if args.image else "")
    try:
        return run_async(
            args,
            lambda services: _compare(services, args, prompt),
            keep=not args.no_save,
            sends=True,
        )
    except KeyboardInterrupt:  # before anything was asked, or once more
        narrate("Stopped.")
        raise


async def _compare(services: LocalServices, args: argparse.Namespace, prompt: str) -> int:
    connection = services.connect(await used_key(services), longest_wait_s=args.max_wait)
    keep = not (args.no_save or services.forgets)
    warming = asyncio.create_task(asyncio.to_thread(services.warm_up))
    try:
        await connection.models.recall()
        args.variants = await asked_variants(connection, args.variants)
        comparison = await _comparison(services, args, connection)
        for system in dict.fromkeys(column.options.system for column in comparison.columns):
            warn_of_secrets(system, "the system prompt")
        prompt = await with_images(prompt, args.image, services.pages, services.store)
        models = [column.options.model for column in comparison.columns]
        tell_unseen(prompt, map(connection.models.model, dict.fromkeys(models)))
        if args.over_budget:
            for _ in comparison.columns:
                connection.budget.allow_once()
        else:
            await connection.budget.check(comparison.session.id)
        await warming
        session_id = comparison.session.id
        async with (
            without_empty_session(services.store, session_id),
            budgets_watched(connection.budget, session_id),
        ):
            talk = asked_tools.ToolTalk(args, services.approvals, session_id)
            outcomes = await _listen(comparison, prompt, talk, keep=keep)
        results = await _checked(await _with_partials(services, comparison, outcomes))
    finally:
        await connection.close()
    _print(args, prompt, results, keep=keep)
    if outcomes.is_stopped:
        narrate(_where_kept(comparison, results, keep=keep))
        return ExitCode.INTERRUPTED
    errors = [error for result in results if (error := result.error or result.mismatch)]
    return exit_code_of(errors[0]) if len(errors) == len(results) else ExitCode.DONE


def _print(args: argparse.Namespace, prompt: str, results: Sequence[Result], *, keep: bool) -> None:
    if args.json:
        print_json(results_document(results, are_kept=keep))
    elif args.markdown:
        write(f"{markdown(prompt, results)}\n")
    else:
        print_answers(results)


async def _comparison(
    services: LocalServices, args: argparse.Namespace, connection: Connection
) -> Comparison:
    settings = services.settings
    system = args.system if args.system is not None else settings.system
    models = [connection.models.model(variant.model) for variant in args.variants]
    asked = Options(
        "",
        system,
        settings.service_tier or None,
        max_tokens=args.max_tokens or settings.max_tokens or None,
        **parameters_for_all(args, models),  # type: ignore[arg-type]  # its own names
        **schema_given(args),  # type: ignore[arg-type]  # its own names
    )
    columns = []
    for variant, model in zip(args.variants, models, strict=True):
        own = changes_of(variant, model, services.servers)
        tools = {} if TOOLS in own else asked_tools.tools_given(args, services.servers, model)
        columns.append(replace(asked, model=model.id, **tools, **own))  # type: ignore[arg-type]  # its own names
    for options, model in zip(columns, models, strict=True):
        check_form(options, model)
    args.tool = list(dict.fromkeys(tool for options in columns for tool in options.tools))
    every = replace(asked, tools=tuple(args.tool))
    await asked_tools.check_allowed(args, connection.turns, every)
    gap_s = settings.compare_gap_s if args.gap is None else args.gap
    written = [variant.written for variant in args.variants]
    comparison = connection.comparisons.begin(columns, gap_s, written)
    if args.prompt:  # what is piped in stands before it
        comparison.session = replace(comparison.session, title=title_from(args.prompt))
    return comparison


# -- asking -----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Outcomes:
    """The results of all columns in their order, and whether Ctrl+C ended them."""

    results: list[Result]
    is_stopped: bool = False

    def take(self, column: int, new: Result | None) -> None:
        """Take what is new of a column; answers that call tools are followed by others."""
        if new is not None:
            before = self.results[column]
            called = (before.answer,) if before.answer and before.answer.calls else ()
            self.results[column] = replace(new, rounds=(*before.rounds, *called))


async def _listen(
    comparison: Comparison, prompt: str, talk: asked_tools.ToolTalk, *, keep: bool
) -> _Outcomes:
    """Listen to all columns until they end or the user stops them, and narrate their events."""
    outcomes = _Outcomes([_result(column) for column in comparison.columns])
    try:
        async with aclosing(comparison.ask(prompt)) as events:
            async for each in events:
                await talk.take(each.event, comparison.columns[each.column].name)
                outcomes.take(each.column, _narrated(each, comparison, keep=keep))
    except asyncio.CancelledError:
        # Ctrl+C. The columns have saved what they had; it is printed before the program ends.
        uncancel_after_interrupt()
        outcomes.is_stopped = True
    return outcomes


def _narrated(column_event: ColumnEvent, comparison: Comparison, *, keep: bool) -> Result | None:
    column = comparison.columns[column_event.column]
    name = column.name
    match column_event.event:
        case Delayed(wait):
            narrate(f"{name}: begins in {countdown(wait)}, after the others", DIM)
        case Waiting(wait, error=error):
            narrate(f"{name}: {error.message} Waiting {countdown(wait)}…", DIM)
        case Answered(answer) if answer.calls:
            return replace(_result(column), answer=answer)
        case Answered(answer):
            asked_tools.tell_sources(answer, name)
            took = duration(answer.timing.total_s) if answer.timing else "an unknown time"
            how = f", {said}" if (said := ending(answer)) else ""
            narrate(f"{name}: answered in {took}{how}", DIM)
            return replace(
                _result(column), answer=answer, is_estimated=column_event.event.is_estimated
            )
        case Failed(error):
            error = _fitting(error, column_event.column, comparison, keep=keep)
            narrate_error(f"{name}: {error.message} {error.command_suggestion}")
            return replace(_result(column), error=error)
    return None


def _result(column: Column) -> Result:
    return Result(column.model, variant=column.variant)


def _fitting(
    error: GroqchatError, number: int, comparison: Comparison, *, keep: bool
) -> GroqchatError:
    """The error with advice that can be followed here."""
    if comparison.columns[number].leaf_id is not None:  # some of the answer had arrived
        return broken_off(error, comparison.session.id if keep else None)
    return beside_others(error, [column.model for column in comparison.columns])


async def _with_partials(
    services: LocalServices, comparison: Comparison, outcomes: _Outcomes
) -> list[Result]:
    """The results, with the saved text of answers that have no end."""
    begun = [column.started.id if column.started else "" for column in comparison.columns]
    saved = await services.store.messages(filter(None, begun))
    return [
        result if result.answer else replace(result, partial=saved.get(answer_id))
        for result, answer_id in zip(map(_without_calls, outcomes.results), begun, strict=True)
    ]


async def _checked(results: Sequence[Result]) -> list[Result]:
    """The results, with what keeps an answer from being in the form that was asked for."""
    from groqchat.services.checking.checker import mismatch_of

    return [
        replace(each, mismatch=await mismatch_of(each.answer)) if each.answer else each
        for each in results
    ]


def _without_calls(result: Result) -> Result:
    """The result of a turn that was stopped while it called tools: it has no answer yet."""
    if result.answer is None or not result.answer.calls:
        return result
    return replace(result, answer=None, rounds=(*result.rounds, result.answer))


def _where_kept(comparison: Comparison, results: Sequence[Result], *, keep: bool) -> str:
    """The sentence after Ctrl+C."""
    has_text = any(result.text for result in results)
    kept = f" What arrived is kept: {shown_by(comparison.session.id)}."
    return f"Stopped.{kept}" if keep and has_text else "Stopped."

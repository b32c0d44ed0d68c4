"""``groqchat ask``: one answer on stdout, as it arrives or as one JSON document."""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.cli.advice import broken_off
from groqchat.cli.answers import usage_line
from groqchat.cli.arguments import add_json, add_turn_options, run_async, used_key
from groqchat.cli.asking import tools as asked_tools
from groqchat.cli.asking.event_lines import print_start, schema_text
from groqchat.cli.asking.files import LongFiles, add_files, attached_files
from groqchat.cli.asking.images import UNASKED, add_images, refuse_unseen, with_images
from groqchat.cli.asking.output import AskOutput, print_stopped
from groqchat.cli.asking.schema import add_schema, check_form, schema_given
from groqchat.cli.asking.turn import AskedTurn
from groqchat.cli.budget_notices import budgets_watched
from groqchat.cli.empty_sessions import without_empty_session
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError
from groqchat.cli.found_session import found_session
from groqchat.cli.models.names import asked_model
from groqchat.cli.output import DIM, narrate, narrate_error, narrating, write
from groqchat.cli.parameters import add_parameters, parameters_given
from groqchat.cli.prompts import read_prompt, warn_of_secrets
from groqchat.cli.room import Room
from groqchat.cli.templates.options import NamedPrompts, add_template_options
from groqchat.cli.usable_model import usable_model
from groqchat.domain.errors.refused_values import COMMAND_OPTIONS
from groqchat.domain.errors.tree import StreamBrokenError
from groqchat.domain.models.parameters import allowed, refused_options
from groqchat.domain.sessions.options import remembered
from groqchat.domain.sessions.summaries import title_from
from groqchat.domain.text.spelling import did_you_mean
from groqchat.domain.turns.chat import (
    Answered,
    Role,
    Session,
    State,
)
from groqchat.domain.turns.compaction import AUTOMATIC
from groqchat.domain.turns.finish_reasons import ending
from groqchat.domain.turns.prompt_cache import ABILITY, DATED, dated
from groqchat.domain.turns.service_tier import TIERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.bootstrap import LocalServices
    from groqchat.domain.models.catalog import Model
    from groqchat.domain.turns.chat import Options
    from groqchat.services.account.connection import Connection
    from groqchat.services.turns.oversized import AttachedFile

HELP = "one answer on stdout; piped input is added to the prompt"
EXAMPLES = """\
groqchat ask "What is a monad?"
git diff | groqchat ask "Review this" -m openai/gpt-oss-120b --usage
groqchat ask -c "And in Haskell?"
groqchat ask -c "And in Rust?" --compact oldest
groqchat ask "What does it say?" --image sign.jpg -m qwen/qwen3.8-27b
groqchat ask "Who is who?" -f notes.md --schema 'people {name, age int?}[]'
groqchat ask "What is new in Rust?" --tool browser_search
groqchat ask "Summarise these" -f notes.md -f minutes.txt --json | jq .cost_usd
groqchat ask "What went wrong?" -f build.log --part all
"""
OFF = "off"
_OTHER_SYSTEM = "another system prompt than before, so nothing of this prompt comes from the cache."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "-m", "--model", metavar="ID", default=argparse.SUPPRESS, help="the model to ask"
    )
    add_turn_options(parser)
    add_files(parser)
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "-c", "--continue", dest="resume", action="store_true", help="continue the last session"
    )
    which.add_argument("--session", metavar="ID", help="continue this session")
    parser.add_argument(
        "--tier",
        choices=(*TIERS, OFF),
        help="the service tier (groqchat plan tiers explains them); off: the server's default",
    )
    parser.add_argument(
        "--effort",
        metavar="LEVEL",
        help="reasoning effort (allowed values depend on the model); off: the model's default",
    )
    parser.add_argument(
        "--compact",
        choices=[way.value for way in AUTOMATIC],
        help="where a continued session has become too long: leave out its oldest turns, or have "
        "them summarised by a cheap model first",
    )
    _add_narration(parser)
    add_images(parser)
    add_template_options(parser)
    add_schema(parser)
    asked_tools.add_tools(parser)
    add_parameters(parser)
    form = parser.add_mutually_exclusive_group()
    add_json(form)
    form.add_argument(
        "--jsonl", action="store_true", help="print each event of the turn as a line of JSON"
    )
    form.add_argument(
        "--jsonl-schema",
        action="store_true",
        help="print the JSON Schema of these lines, and ask nothing",
    )
    parser.set_defaults(is_stopped=False)


def _add_narration(parser: argparse.ArgumentParser) -> None:
    told = parser.add_mutually_exclusive_group()
    told.add_argument(
        "--usage", action="store_true", help="print tokens, cost and speed on stderr at the end"
    )
    told.add_argument(
        "-q",
        "--quiet",
        action="store_true",
        help="print nothing on stderr but errors, and an answer that is incomplete; you are not "
        "asked about tools",
    )


def run(args: argparse.Namespace) -> int:
    """Ask one prompt and print the answer."""
    if args.jsonl_schema:
        write(schema_text())
        return ExitCode.DONE
    if args.jsonl:
        print_start()
    try:
        with narrating(not args.quiet):
            return _run(args)
    except KeyboardInterrupt:
        if args.jsonl:
            print_stopped(args, {})
        raise


def _run(args: argparse.Namespace) -> int:
    if args.no_save and (args.session or args.resume):
        raise MisuseError("give either --no-save or a session to continue, not both")
    if args.compact and not (args.session or args.resume):
        if args.no_save:
            raise MisuseError("--compact is for sessions that are continued: leave out --no-save")
        narrate(f"groqchat: --compact {args.compact} counts once the session is continued.", DIM)
    if args.approve == "listed" and not args.tool:
        raise MisuseError("--approve listed is about the servers named with --tool: name one")
    named, files = NamedPrompts(args), attached_files(args)
    prompt = read_prompt(args.prompt, files, fill=named.fill, instead=UNASKED if args.image else "")
    named.apply(args)
    try:
        return run_async(
            args,
            lambda services: _ask(services, args, prompt, files),
            keep=not args.no_save,
            sends=True,
        )
    except StreamBrokenError as error:
        if not args.no_save:
            raise
        raise broken_off(error, None) from error


async def _ask(
    services: LocalServices, args: argparse.Namespace, prompt: str, files: Sequence[AttachedFile]
) -> int:
    connection = services.connect(await used_key(services), longest_wait_s=args.max_wait)
    # The SDK loads while the database is read, and is there before the time is taken.
    warming = asyncio.create_task(asyncio.to_thread(services.warm_up))
    try:
        await connection.models.recall()
        if args.model:
            args.model = await asked_model(connection, args.model)
        session = await _session(services, args)
        options = await _options(args, services, connection, session)
        warn_of_secrets(options.system, "the system prompt")
        _tell_cache(session, options, connection.models.model(options.model))
        if args.over_budget:
            connection.budget.allow_once()
        else:
            await connection.budget.check(session.id)
        prompt = await with_images(prompt, args.image, services.pages, services.store)
        refuse_unseen(prompt, connection.models.model(options.model), options.provider)
        parent = await _parent(services, session)
        await warming
        new_id = None if args.session or args.resume else session.id
        async with (
            without_empty_session(services.store, new_id),
            budgets_watched(connection.budget, session.id),
        ):
            output = AskOutput(args, connection, options)
            try:
                summaries = services.settings.summary_model
                room = Room(connection, session, options, summaries, heard=output.take)
                talk = asked_tools.ToolTalk(args, connection.turns.approvals, session.id)
                output.listen(talk.take)
                long = LongFiles(connection, options, files, args.part)
                answered = await AskedTurn(services, room, long, output).answered(prompt, parent)
            except asyncio.CancelledError:
                output.stopped(session.id)
                raise
        try:
            await output.finish(answered)
        finally:
            _narrate_end(answered, args)
    finally:
        await connection.close()
    return ExitCode.DONE


def _narrate_end(answered: Answered, args: argparse.Namespace) -> None:
    """Say how the answer ended, unless it is whole, and what it used."""
    if how := ending(answered.message):
        see = "; see --max-tokens" if answered.message.state is State.CUT_BY_LIMIT else ""
        narrate_error(f"groqchat: the answer is incomplete: {how}{see}.", "")
    asked_tools.tell_sources(answered.message)
    if args.usage:
        narrate(usage_line(answered), DIM)


async def _session(services: LocalServices, args: argparse.Namespace) -> Session:
    """The named session, the last one, or a new one."""
    if args.session:
        return await found_session(services.store, args.session)
    if args.resume:
        recent = await services.store.sessions()
        if not recent:
            raise MisuseError("there is no session to continue yet")
        # One whose only prompt failed is nothing to go on with, unless there is no other.
        return next((session for session in recent if session.turns), recent[0])
    now = services.clock.now()
    system = args.system if args.system is not None else services.settings.system
    title = title_from(args.prompt) if args.prompt else ""
    return Session(services.new_id(), title, now, now, args.model, system)


async def _options(
    args: argparse.Namespace, services: LocalServices, connection: Connection, session: Session
) -> Options:
    """The options of the session, replaced by those on this command line."""
    model = args.model or await usable_model(services, connection, session)
    known = connection.models.model(model)
    _refuse_nonsense(args, known)
    own = remembered(session, services.settings, model)
    options = replace(
        own,
        **schema_given(args),  # type: ignore[arg-type]  # its own names
        **parameters_given(args, known),  # type: ignore[arg-type]  # its own names
        **asked_tools.tools_given(args, services.servers, known),  # type: ignore[arg-type]  # its own names
        model=model,
        system=args.system if args.system is not None else own.system,
        service_tier=_chosen(args.tier, own.service_tier),
        effort=_chosen(args.effort, own.effort),
        compaction=args.compact or own.compaction,
        max_tokens=args.max_tokens or own.max_tokens,
    )
    check_form(options, known)
    await asked_tools.check_allowed(args, connection.turns, options)
    for name, reason in refused_options(options, known).items():
        option = COMMAND_OPTIONS.get(name, name)
        narrate(f"groqchat: {option} is not sent: {reason}.", DIM)
    return options


def _tell_cache(session: Session, options: Options, model: Model) -> None:
    """Say what keeps the prompt from the server's cache."""
    if not model.can(ABILITY):
        return
    if session.turns and options.system != session.system:
        narrate(f"groqchat: {_OTHER_SYSTEM}", DIM)
    elif dated(options.system):
        narrate(f"groqchat: about the system prompt: {DATED}", DIM)


def _chosen(word: str | None, own: str | None) -> str | None:
    """The option on the command line, else the session's own; ``off`` is the server's default."""
    return own if word is None else None if word == OFF else word


def _refuse_nonsense(args: argparse.Namespace, model: Model) -> None:
    """Refuse options on this command line that the model is known not to take.

    Raises:
        MisuseError: The message says what the model takes.
    """
    efforts = allowed(model, "reasoning_effort")
    if args.effort not in {None, OFF} and efforts and args.effort not in model.reasoning_efforts:
        meant = did_you_mean(args.effort, model.reasoning_efforts)
        raise MisuseError(f"--effort {args.effort}: {model.id} takes {efforts}{meant}")
    most = model.max_completion_tokens
    if args.max_tokens and most and args.max_tokens > most:
        bound = allowed(model, "max_completion_tokens")
        raise MisuseError(f"--max-tokens {args.max_tokens}: {model.id} takes {bound}")


async def _parent(services: LocalServices, session: Session) -> str | None:
    """The message that the prompt follows; prompts without an answer are skipped."""
    leaf_id = session.leaf_id
    while leaf_id is not None:
        leaf = (await services.store.messages([leaf_id])).get(leaf_id)
        if leaf is None or leaf.role is not Role.USER:
            break
        leaf_id = leaf.parent_id
    return leaf_id

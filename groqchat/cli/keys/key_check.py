"""``groqchat key check``: checks one key or all, once or until they work."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, replace
from itertools import chain, repeat
from typing import TYPE_CHECKING

from groqchat.cli.answers import quota_document
from groqchat.cli.arguments import run_async, used_key
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import exit_code_of
from groqchat.cli.keys.key_input import add_source, given_key
from groqchat.cli.output import DIM, GREEN, RED, YELLOW, narrate, print_json, say
from groqchat.cli.usable_model import default_model
from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.errors.tree import (
    GroqchatError,
    NoAnswerError,
    NoKeyError,
    StorageError,
)
from groqchat.domain.text.humanize import count
from groqchat.domain.turns.chat import Options, Session
from groqchat.services.account.key_checks import KeyCheck, KeyStatus, verdict

if TYPE_CHECKING:
    import argparse
    from collections.abc import Awaitable

    from groqchat.bootstrap import LocalServices
    from groqchat.domain.limits.quota import QuotaView
    from groqchat.domain.text.secret import Secret
    from groqchat.services.account.keys import FoundKey

EXAMPLES = """\
groqchat key check --profile work
groqchat key check --all --json
groqchat key check --watch && groqchat ask "Hi"
"""
EXIT_CODES = {
    KeyStatus.VALID: ExitCode.DONE,
    KeyStatus.LIMITED: ExitCode.DONE,
    KeyStatus.MISSING: ExitCode.NO_KEY,
    KeyStatus.REJECTED: ExitCode.KEY_REJECTED,
    KeyStatus.NOT_PERMITTED: ExitCode.NOT_PERMITTED,
    KeyStatus.UNREACHABLE: ExitCode.UNREACHABLE,
    KeyStatus.SERVICE_ERROR: ExitCode.SERVICE,
    KeyStatus.REFUSED: ExitCode.REFUSED,
}
# What a probe asks, and how long the answer may be, in tokens.
PROBE, PROBE_TOKENS = "Hi", 1
# A probe that is refused for these says nothing against the key.
_ABOUT_THE_REQUEST = {ErrorKind.MODEL_GONE, ErrorKind.INVALID_REQUEST, ErrorKind.OVER_BUDGET}
# Seconds between two looks while watching, the last one for ever.
_PAUSES = (2, 4, 8, 15, 30)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of checking one profile; ``quota`` holds the limits that a probe saw."""

    profile: str
    check: KeyCheck
    code: ExitCode
    key: FoundKey | None = None
    quota: QuotaView | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_source(parser)
    parser.add_argument("--all", action="store_true", help="check every stored key")
    parser.add_argument(
        "--probe",
        action="store_true",
        help="also send one tiny chat and show what is left of the limits",
    )
    parser.add_argument("--watch", action="store_true", help="check again until it works")


def run(args: argparse.Namespace) -> int:
    """Check, print the results, and return the first exit code that is not success."""
    return run_async(args, lambda services: _run(services, args), keep=False)


async def _run(services: LocalServices, args: argparse.Namespace) -> int:
    given = given_key(args)
    for pause in chain(_PAUSES, repeat(_PAUSES[-1])):
        outcomes = await _look(services, args, given)
        if not args.watch or all(outcome.check.is_good for outcome in outcomes):
            break
        for outcome in outcomes:
            if not outcome.check.is_good:
                narrate(f"groqchat: {outcome.profile}: {_sentence(outcome.check)}", DIM)
        narrate(f"groqchat: looking again in {pause} s; Ctrl+C ends it.", DIM)
        await services.clock.sleep(pause)
    if args.json:
        documents = [document(outcome) for outcome in outcomes]
        print_json(documents if args.all else documents[0])
    else:
        for outcome in outcomes:
            show(outcome)
    return next((each.code for each in outcomes if each.code is not ExitCode.DONE), ExitCode.DONE)


async def _look(
    services: LocalServices, args: argparse.Namespace, given: Secret | None
) -> list[Outcome]:
    """Check all wanted keys at once."""
    if given is not None:
        source = "stdin" if args.stdin else "env"
        return [await _checked(services, services.entered_key(given, None, source), args)]
    if not args.all:
        return [await _examined(services, services.profile, used_key(services), args)]
    stored = [profile.name for profile in await services.keys.list()]
    wanted: dict[str, Awaitable[FoundKey]] = {
        f"{name} (keyring)": services.keys.find(name, None) for name in stored
    }
    if services.env_key or services.profile not in stored:
        wanted = {services.profile: used_key(services)} | wanted
    return await asyncio.gather(
        *(_examined(services, name, finding, args) for name, finding in wanted.items())
    )


async def _examined(
    services: LocalServices, profile: str, finding: Awaitable[FoundKey], args: argparse.Namespace
) -> Outcome:
    """Find a key and check it; with --all or --watch, a missing key ends nothing."""
    try:
        found = await finding
    except NoKeyError as error:
        return Outcome(profile, verdict(error), ExitCode.NO_KEY)
    except StorageError as error:
        if not (args.all or args.watch):
            raise
        unknown = KeyCheck(
            KeyStatus.MISSING,
            error.message,
            error.suggestion,
            command_suggestion=error.command_suggestion,
        )
        return Outcome(profile, unknown, exit_code_of(error))
    return await _checked(services, found, args)


async def _checked(services: LocalServices, key: FoundKey, args: argparse.Namespace) -> Outcome:
    stored = key.profile if key.source == "keyring" else None
    check = await services.keys.check(key.secret, stored, meant_for=key.profile)
    view = None
    if args.probe and check.is_good:
        view, error = await _probed(services, key)
        check = _with_probe(check, error) if error else check
    return Outcome(key.profile, check, EXIT_CODES[check.status], key, view)


async def _probed(services: LocalServices, key: FoundKey) -> tuple[QuotaView, GroqchatError | None]:
    """Send the smallest possible chat; returns the limits after it, and its error if it failed."""
    connection = services.connect(key, longest_wait_s=0)
    model = await default_model(services, connection) or connection.models.catalog.default().id
    now = services.clock.now()
    session = Session(services.new_id(), "", now, now, model)
    trouble = None
    try:
        turn = connection.turns.ask(session, PROBE, Options(model, max_tokens=PROBE_TOKENS))
        async with aclosing(turn) as events:
            async for _ in events:
                pass
    except NoAnswerError:
        pass  # The server took it; so short an answer may well be all reasoning.
    except GroqchatError as error:
        trouble = error
    finally:
        await connection.close()
    return connection.quota.view(model), trouble


def _with_probe(check: KeyCheck, error: GroqchatError) -> KeyCheck:
    if error.kind in _ABOUT_THE_REQUEST:
        said = f"{check.message} The probe was refused: {error.message}"
        return replace(check, message=said, command_suggestion=error.command_suggestion)
    return replace(verdict(error, check.latency_ms), models=check.models)


# -- what is printed --------------------------------------------------------------------------


def document(outcome: Outcome) -> dict[str, object]:
    """A result as ``--json`` prints it; ``quota`` is there only after a probe."""
    key, check = outcome.key, outcome.check
    probed = {} if outcome.quota is None else {"quota": quota_document(outcome.quota)}
    return {
        "profile": outcome.profile,
        "source": key.source if key else None,
        "store": key.store if key else None,
        "key": key.secret.masked if key else None,
        "status": check.status,
        "latency_ms": check.latency_ms,
        "models": check.models,
        "message": check.message,
        "suggestion": check.command_suggestion,
        **probed,
    }


def show(outcome: Outcome) -> None:
    """Print a result in words."""
    key, check = outcome.key, outcome.check
    style = GREEN if check.is_good else RED
    say(_sentence(check), YELLOW if check.status is KeyStatus.LIMITED else style)
    facts = [f"profile {outcome.profile}"]
    if key:
        facts = [key.secret.masked, *facts, f"from {key.store or key.source}"]
    if check.models is not None:
        facts.append(f"{check.models} models")
    if check.latency_ms is not None:
        facts.append(f"{check.latency_ms} ms")
    say(" · ".join(facts))
    if outcome.quota is not None:
        say(f"{outcome.quota.model}: {_left(outcome.quota)}")


def _left(view: QuotaView) -> str:
    levels = [
        f"{level.kind} {count(level.remaining)}/{count(level.limit)}"
        for level in view.levels
        if level.remaining is not None and level.limit is not None
    ]
    return " · ".join(levels) or "no limits were told"


def _sentence(check: KeyCheck) -> str:
    return f"{check.status.replace('_', ' ')}: {check.message} {check.command_suggestion}".rstrip()

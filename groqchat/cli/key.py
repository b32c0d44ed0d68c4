"""``groqchat key``: store keys in the system's keyring, check them, choose between them."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from groqchat.cli.arguments import add_json, add_profile, run_async, subcommand
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError
from groqchat.cli.output import GREEN, RED, YELLOW, narrate, print_json, say, table
from groqchat.domain.errors import NoKeyError
from groqchat.domain.secret import Secret
from groqchat.services.keys import FoundKey, KeyCheck, KeyStatus, UnknownProfileError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from groqchat.bootstrap import Parts
    from groqchat.domain.profiles import Profile

HELP = "store keys in the system keyring, check and choose them"
EXAMPLES = """\
groqchat key add
pass groq/api-key | groqchat key add --stdin --profile work
groqchat key check
groqchat key use work
"""
EXIT_CODES = {
    KeyStatus.VALID: ExitCode.DONE,
    KeyStatus.LIMITED: ExitCode.DONE,
    KeyStatus.MISSING: ExitCode.NO_KEY,
    KeyStatus.REJECTED: ExitCode.KEY_REJECTED,
    KeyStatus.NOT_PERMITTED: ExitCode.NOT_PERMITTED,
    KeyStatus.UNREACHABLE: ExitCode.UNREACHABLE,
    KeyStatus.SERVICE_ERROR: ExitCode.SERVICE,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the commands."""
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    add = subcommand(
        commands,
        "add",
        "check a key and store it",
        "groqchat key add\ngroqchat key add --from-env --profile work\n",
        _with_parts(_add),
    )
    _add_source(add)
    check = subcommand(
        commands,
        "check",
        "see whether a key works; costs no tokens",
        "groqchat key check --profile work\ngroqchat key check --json\n",
        _with_parts(_check),
    )
    _add_source(check)
    shown = subcommand(
        commands, "list", "the stored keys", "groqchat key list --json\n", _with_parts(_list)
    )
    use = subcommand(
        commands, "use", "make a key the default", "groqchat key use work\n", _with_parts(_use)
    )
    remove = subcommand(
        commands, "remove", "forget a key", "groqchat key remove work\n", _with_parts(_remove)
    )
    rename = subcommand(
        commands,
        "rename",
        "give a key another name",
        "groqchat key rename default private\n",
        _with_parts(_rename),
    )
    rename.add_argument("name", metavar="OLD")
    rename.add_argument("new_name", metavar="NEW", type=_profile_name)
    for command in (use, remove):
        command.add_argument("name", nargs="?", metavar="NAME", help="its profile")
    for command in (add, check, shown, use, remove, rename):
        add_profile(command, "the key's name (default)")
        add_json(command)


def run(args: argparse.Namespace) -> int:
    """Do what the command says."""
    code: int = args.act(args)
    return code


def _with_parts(
    act: Callable[[Parts, argparse.Namespace], Awaitable[int]],
) -> Callable[[argparse.Namespace], int]:
    def started(args: argparse.Namespace) -> int:
        try:
            return run_async(args, lambda parts: act(parts, args))
        except UnknownProfileError as unknown:
            raise MisuseError(f"{unknown}; see `groqchat key list`") from None

    return started


def _add_source(parser: argparse.ArgumentParser) -> None:
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--stdin", action="store_true", help="read the key from a pipe")
    source.add_argument("--from-env", action="store_true", help="take it from GROQ_API_KEY")


def _profile_name(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise argparse.ArgumentTypeError("a profile needs a name")
    return text.strip()


# -- commands ---------------------------------------------------------------------------------


async def _add(parts: Parts, args: argparse.Namespace) -> int:
    secret = _given_key(args) or _typed_key()
    check = await parts.keys.check(secret)
    if check.status is KeyStatus.REJECTED:
        return _print_check(parts.entered_key(secret, None), check, args)
    store = await parts.keys.add(parts.profile, secret)
    if not check.is_good:
        narrate(f"groqchat: stored, but not known to work: {check.message} {check.suggestion}")
    if args.json:
        _print_check(parts.entered_key(secret, store), check, args)
    else:
        say(f"Stored {secret.masked} as profile {parts.profile} in {store}.")
    if parts.env_key:
        narrate("groqchat: GROQ_API_KEY is set and will be used instead of it.")
    return ExitCode.DONE


async def _check(parts: Parts, args: argparse.Namespace) -> int:
    given = _given_key(args)
    try:
        found = parts.entered_key(given, None, "stdin") if given else await parts.find_key()
    except NoKeyError as error:
        missing = KeyCheck(KeyStatus.MISSING, error.message, error.suggestion)
        return _print_check(None, missing, args, profile=parts.profile)
    stored = found.profile if found.source == "keyring" else None
    return _print_check(found, await parts.keys.check(found.secret, stored), args)


async def _list(parts: Parts, args: argparse.Namespace) -> int:
    profiles = await parts.keys.list()
    if args.json:
        known = [
            asdict(profile) | {"default": profile.name == parts.profile} for profile in profiles
        ]
        print_json(known)
    elif profiles:
        table(["", "profile", "added", "last check"], [_row(parts, each) for each in profiles])
    else:
        narrate("No key is stored. `groqchat key add` stores one.")
    if parts.env_key:
        narrate(f"GROQ_API_KEY ({parts.env_key.masked}) is set and is used instead of these.")
    return ExitCode.DONE


def _row(parts: Parts, profile: Profile) -> list[str]:
    checked = "never"
    if profile.last_checked is not None:
        checked = f"{profile.status.replace('_', ' ')}, {_day(profile.last_checked)}"
    mark = "*" if profile.name == parts.profile else ""
    return [mark, profile.name, _day(profile.created), checked]


def _day(time: float) -> str:
    return datetime.fromtimestamp(time).astimezone().date().isoformat()


async def _use(parts: Parts, args: argparse.Namespace) -> int:
    name = _named(args)
    await parts.keys.use(name)
    return _done(args, name, f"Profile {name} is the default now.")


async def _remove(parts: Parts, args: argparse.Namespace) -> int:
    name = _named(args)
    await parts.keys.remove(name)
    return _done(args, name, f"The key of profile {name} is removed.")


async def _rename(parts: Parts, args: argparse.Namespace) -> int:
    try:
        is_default = args.name == parts.settings.profile
        await parts.keys.rename(args.name, args.new_name, is_default=is_default)
    except ValueError as taken:
        raise MisuseError(str(taken)) from None
    return _done(args, args.new_name, f"Profile {args.name} is called {args.new_name} now.")


# -- where a key comes from -------------------------------------------------------------------


def _given_key(args: argparse.Namespace) -> Secret | None:
    """The key from the pipe or the environment, if the command line says so."""
    if args.stdin:
        if sys.stdin.isatty():
            raise MisuseError("--stdin reads a pipe, and there is none")
        return _some(Secret(sys.stdin.read()), "the piped input")
    if args.from_env:
        return _some(Secret(os.environ.get("GROQ_API_KEY", "")), "GROQ_API_KEY")
    return None


def _typed_key() -> Secret:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise MisuseError("there is no terminal to type the key on; use --stdin or --from-env")
    import getpass

    return _some(
        Secret(getpass.getpass("Groq API key (not shown): ", sys.stderr)), "what you typed"
    )


def _some(secret: Secret, source: str) -> Secret:
    if not secret:
        raise MisuseError(f"{source} is empty; there is no key in it")
    return secret


def _named(args: argparse.Namespace) -> str:
    name: str | None = args.name or args.profile
    if not name:
        raise MisuseError("say which profile; see `groqchat key list`")
    return name


# -- what is printed --------------------------------------------------------------------------


def _print_check(
    key: FoundKey | None, check: KeyCheck, args: argparse.Namespace, *, profile: str = ""
) -> int:
    if args.json:
        print_json(
            {
                "profile": key.profile if key else profile,
                "source": key.source if key else None,
                "store": key.store if key else None,
                "key": key.secret.masked if key else None,
                "status": check.status,
                "latency_ms": check.latency_ms,
                "models": check.models,
                "message": check.message,
                "suggestion": check.suggestion,
            }
        )
        return EXIT_CODES[check.status]
    style = GREEN if check.is_good else RED
    style = YELLOW if check.status is KeyStatus.LIMITED else style
    say(f"{check.status.replace('_', ' ')}: {check.message} {check.suggestion}".rstrip(), style)
    if key:
        facts = [key.secret.masked, f"profile {key.profile}", f"from {key.store or key.source}"]
        if check.models is not None:
            facts.append(f"{check.models} models")
        if check.latency_ms is not None:
            facts.append(f"{check.latency_ms} ms")
        say(" · ".join(facts))
    return EXIT_CODES[check.status]


def _done(args: argparse.Namespace, profile: str, sentence: str) -> int:
    if args.json:
        print_json({"profile": profile})
    else:
        say(sentence)
    return ExitCode.DONE

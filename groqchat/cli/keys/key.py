"""``groqchat key``: store keys in the system's keyring, check them, choose between them."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from groqchat.cli.arguments import add_json, add_profile, run_async, run_chosen, subcommand
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError
from groqchat.cli.keys import key_check
from groqchat.cli.keys.key_check import EXIT_CODES, Outcome
from groqchat.cli.keys.key_input import add_source, given_key, typed_key
from groqchat.cli.output import narrate, print_json, say, table
from groqchat.domain.profiles import Profile, refuse_key_as_name
from groqchat.services.account.key_checks import KeyStatus
from groqchat.services.account.keys import UnknownProfileError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from groqchat.bootstrap import LocalServices
    from groqchat.storage.keys.key_command import KeyCommand

HELP = "store keys in the system keyring, check and choose them"
EXAMPLES = """\
groqchat key add
pass groq/api-key | groqchat key add --stdin --profile work
groqchat key check
groqchat key use work
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the commands."""
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    add = subcommand(
        commands,
        "add",
        "check a key and store it",
        "groqchat key add\ngroqchat key add --from-env --profile work\n",
        _with_services(_add),
    )
    add_source(add)
    add.add_argument("--organisation", metavar="NAME", default="", help="whose key it is (a label)")
    check = subcommand(
        commands,
        "check",
        "see whether a key works; costs no tokens",
        key_check.EXAMPLES,
        key_check.run,
    )
    key_check.add_arguments(check)
    shown = subcommand(
        commands,
        "list",
        "the stored keys",
        "groqchat key list --json\n",
        _with_services(_list, may_forget=True),
    )
    use = subcommand(
        commands, "use", "make a key the default", "groqchat key use work\n", _with_services(_use)
    )
    remove = subcommand(
        commands, "remove", "forget a key", "groqchat key remove work\n", _with_services(_remove)
    )
    rename = subcommand(
        commands,
        "rename",
        "give a key another name",
        "groqchat key rename default private\n",
        _with_services(_rename),
    )
    rename.add_argument("name", metavar="OLD")
    rename.add_argument("new_name", metavar="NEW", type=_profile_name)
    for command in (use, remove):
        command.add_argument("name", nargs="?", metavar="NAME", help="the profile of the key")
    for command in (add, check, shown, use, remove, rename):
        add_profile(command, "the key's name (default)")
        add_json(command)


run = run_chosen


def _with_services(
    act: Callable[[LocalServices, argparse.Namespace], Awaitable[int]], *, may_forget: bool = False
) -> Callable[[argparse.Namespace], int]:
    def started(args: argparse.Namespace) -> int:
        try:
            return run_async(args, lambda services: act(services, args), may_forget=may_forget)
        except UnknownProfileError as unknown:
            raise MisuseError(f"{unknown}; see `groqchat key list`") from None

    return started


def _profile_name(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise argparse.ArgumentTypeError("a profile needs a name")
    return text.strip()


# -- commands ---------------------------------------------------------------------------------


async def _add(services: LocalServices, args: argparse.Namespace) -> int:
    try:
        refuse_key_as_name(services.profile, args.organisation)
    except ValueError as mistake:
        raise MisuseError(str(mistake)) from None
    secret = given_key(args) or typed_key()
    check = await services.keys.check(secret, meant_for=services.profile)
    code = EXIT_CODES[check.status]
    if check.status is KeyStatus.REJECTED:
        outcome = Outcome(services.profile, check, code, services.entered_key(secret, None))
        print_json(key_check.document(outcome)) if args.json else key_check.show(outcome)
        return code
    store = await services.keys.add(services.profile, secret, args.organisation, found=check)
    if not check.is_good:
        what_to_do = f"{check.message} {check.command_suggestion}"
        narrate(f"groqchat: stored, but not known to work: {what_to_do}")
    if args.json:
        stored = Outcome(services.profile, check, code, services.entered_key(secret, store))
        print_json(key_check.document(stored))
    else:
        say(f"Stored {secret.masked} as profile {services.profile} in {store}.")
    if services.env_key and not services.settings.endpoint_of(services.profile):
        narrate("groqchat: GROQ_API_KEY is set and will be used instead of it.")
    return ExitCode.DONE


async def _list(services: LocalServices, args: argparse.Namespace) -> int:
    profiles = await services.keys.list()
    command = services.key_command
    if command and any(profile.name == services.profile for profile in profiles):
        command = None  # the stored key is used
    if args.json:
        known = [_document(services, profile) for profile in profiles]
        print_json(known + ([_command_document(services, command)] if command else []))
    elif profiles or command:
        rows = [_row(services, profile) for profile in profiles]
        if command:
            rows.append(["*", services.profile, "", "", command.name, "", ""])
        table(["", "profile", "key", "organisation", "from", "added", "last check"], rows)
    else:
        narrate(
            "No stored key is known here: `groqchat key check` looks for one in the keyring, "
            "`groqchat key add` stores one."
        )
    if services.env_key:
        narrate(
            f"GROQ_API_KEY ({services.env_key.masked}) is set, and is used before any stored key "
            "for Groq."
        )
    return ExitCode.DONE


def _document(services: LocalServices, profile: Profile) -> dict[str, object]:
    """A profile as ``--json`` prints it."""
    known = asdict(profile)
    shown = {"key": known.pop("masked") or None, "source": "keyring", "store": None}
    return known | shown | {"default": profile.name == services.profile}


def _command_document(services: LocalServices, command: KeyCommand) -> dict[str, object]:
    """The key that a command gives, as JSON; the command is not run."""
    known = _document(services, Profile(services.profile, 0.0))
    return known | {"created": None, "source": "command", "store": command.name}


def _row(services: LocalServices, profile: Profile) -> list[str]:
    checked = "never"
    if profile.last_checked is not None:
        checked = f"{profile.status.replace('_', ' ')}, {_day(profile.last_checked)}"
    mark = "*" if profile.name == services.profile else ""
    added = _day(profile.created)
    return [mark, profile.name, profile.masked, profile.organisation, "keyring", added, checked]


def _day(time: float) -> str:
    return datetime.fromtimestamp(time).astimezone().date().isoformat()


async def _use(services: LocalServices, args: argparse.Namespace) -> int:
    name = _named(args)
    await services.keys.use(name)
    return _done(args, name, f"Profile {name} is the default now.")


async def _remove(services: LocalServices, args: argparse.Namespace) -> int:
    name = _named(args)
    await services.keys.remove(name)
    return _done(args, name, f"The key of profile {name} is removed.")


async def _rename(services: LocalServices, args: argparse.Namespace) -> int:
    try:
        is_default = args.name == services.settings.profile
        await services.keys.rename(args.name, args.new_name, is_default=is_default)
    except ValueError as taken:
        raise MisuseError(str(taken)) from None
    return _done(args, args.new_name, f"Profile {args.name} is called {args.new_name} now.")


def _named(args: argparse.Namespace) -> str:
    name: str | None = args.name or args.profile
    if not name:
        raise MisuseError("say which profile; see `groqchat key list`")
    return name


def _done(args: argparse.Namespace, profile: str, sentence: str) -> int:
    if args.json:
        print_json({"profile": profile})
    else:
        say(sentence)
    return ExitCode.DONE

"""``groqchat mcp add``: its options may stand before or behind the name of the server."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from groqchat.cli.arguments import add_json, subcommand, with_services
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError
from groqchat.cli.main import Parser, UsageError
from groqchat.cli.output import narrate, print_json, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.bootstrap import LocalServices
    from groqchat.cli.arguments import Commands

_PROGRAM = "--"


def declare(commands: Commands) -> argparse.ArgumentParser:
    """Declare the command."""
    command = subcommand(
        commands,
        "add",
        "add a server to the settings: a program that is started here, or an address",
        "groqchat mcp add time --env TZ -- uvx mcp-server-time\n"
        "groqchat mcp add docs --url https://example.org/mcp\n",
        with_services(_add),
    )
    _add_options(command)
    command.add_argument("name", metavar="NEW", help="a name of your own, which models see too")
    command.add_argument(
        "words",
        nargs=argparse.REMAINDER,
        metavar="-- WORD",
        help="behind --: the program and its arguments",
    )
    return command


def _add_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--url", metavar="ADDRESS", help="the address of a server in the net")
    command.add_argument(
        "--env",
        action="append",
        metavar="VARIABLE",
        help="a variable of your environment that the program gets, by its name; may be repeated",
    )
    command.add_argument("--cwd", metavar="FOLDER", help="the folder in which the program runs")
    command.add_argument(
        "--in-new-sessions", action="store_true", help="new sessions begin with its tools"
    )


async def _add(services: LocalServices, args: argparse.Namespace) -> int:
    words = _program(args)
    if bool(words) == bool(args.url):
        raise MisuseError("write -- and a program with its arguments, or --url and an address")
    given = {
        "command": words,
        "url": args.url,
        "env": args.env,
        "cwd": args.cwd,
        "in_new_sessions": args.in_new_sessions,
    }
    try:
        services.servers.add(args.name, {name: value for name, value in given.items() if value})
    except ValueError as mistake:
        raise MisuseError(str(mistake)) from None
    for name in args.env or ():
        if name not in os.environ:
            narrate(f"groqchat: {name} is not set now, so the server would not get it.")
    if args.json:
        print_json({"name": args.name})
    else:
        say(
            f"{args.name} is added; `groqchat mcp test {args.name}` tries it, and /mcp in the chat "
            "switches it on."
        )
    return ExitCode.DONE


def _program(args: argparse.Namespace) -> Sequence[str]:
    """The words of the program; the options before them are read into ``args``.

    argparse gives all that stands behind the name to the last argument.
    """
    behind = list(args.words)
    split = next((at for at, word in enumerate(behind) if word == _PROGRAM), None)
    if split is None and behind and not behind[0].startswith("-"):
        split = 0  # argparse has taken the -- directly behind the name, or nobody wrote one
    options, program = behind[:split], behind[split:] if split is not None else []
    parser = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    _add_options(parser)
    add_json(parser)
    try:
        vars(args).update(vars(parser.parse_args(options)))
    except UsageError as error:
        raise MisuseError(f"{error}; write -- before the program and its arguments") from None
    return program[1:] if program[:1] == [_PROGRAM] else program

"""The entry of the command line: finds a command, imports only its module, and runs it."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from textwrap import indent
from typing import TYPE_CHECKING, NoReturn, Protocol, cast

from groqchat import __version__
from groqchat.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence

# argparse looks on the disk for translations of its words, again for each parser: half of the time
# that building them takes. There are none.
vars(argparse)["_"] = lambda text: text

# Every command and the module that holds it.
COMMANDS = {
    "ask": "groqchat.cli.ask",
    "compare": "groqchat.cli.compare",
    "sets": "groqchat.cli.sets.exchange",
    "batch": "groqchat.cli.batch.batch",
    "prompts": "groqchat.cli.templates.prompts",
    "leaderboard": "groqchat.cli.leaderboard",
    "key": "groqchat.cli.keys.key",
    "models": "groqchat.cli.models.models",
    "plan": "groqchat.cli.plans.plan",
    "quota": "groqchat.cli.limits.quota",
    "usage": "groqchat.cli.usage",
    "team": "groqchat.cli.team.team",
    "sessions": "groqchat.cli.sessions.sessions",
    "backup": "groqchat.cli.archives.backup",
    "restore": "groqchat.cli.archives.restore",
    "transcribe": "groqchat.cli.audio.transcribe",
    "speak": "groqchat.cli.audio.speak",
    "mcp": "groqchat.cli.mcp.mcp",
    "tools": "groqchat.cli.mcp.tools",
    "serve": "groqchat.cli.serve.serve",
    "simulate": "groqchat.cli.simulate",
    "doctor": "groqchat.cli.doctor",
    "completion": "groqchat.cli.completion.completion",
    "help": "groqchat.cli.guides.help",
}
# The chat by lines; it runs commands too, so that it is loaded as one.
PLAIN = "groqchat.cli.plain.run"
DESCRIPTION = """\
A terminal client for GroqCloud that shows quota, cost and what to do about errors.
Without a command it opens the chat."""
USAGE = """\
groqchat [--demo] [--plain] [--session ID | --continue | --incognito] [--model ID]
                [--profile NAME]
       groqchat COMMAND [-h] …"""
EXAMPLES = """\
groqchat                          chat; asks for a key the first time
groqchat --demo                   chat with the built-in simulator: no key, no network
groqchat --plain                  chat by lines, for screen readers
groqchat ask "What is a monad?"   one answer on stdout
git diff | groqchat ask "Review this"
groqchat help                     guides to limits, keys, comparisons and the rest
"""


class CommandModule(Protocol):
    """The contents of the module of a command."""

    HELP: str
    EXAMPLES: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments of the command."""

    def run(self, args: argparse.Namespace) -> int:
        """Run the command; returns the exit code."""


class UsageError(Exception):
    """A command line that cannot be parsed; ``usage`` is the usage of its command."""

    def __init__(self, message: str, usage: str) -> None:
        super().__init__(message)
        self.usage = usage


class Parser(argparse.ArgumentParser):
    """A parser that raises its errors instead of printing them."""

    def error(self, message: str) -> NoReturn:
        """Raise the error.

        Raises:
            UsageError: Always.
        """
        raise UsageError(message, self.format_usage())


class CommandParser(Parser):
    """The parser of a command, whose module is imported only when its arguments are parsed."""

    module_name = ""

    def parse_known_args(  # type: ignore[override]  # the signature of argparse's only overload in use
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Declare the command's own arguments, and parse.

        Raises:
            UsageError: An argument is unknown or wrong; the usage is that of the command.
        """
        self.load()
        known, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return known, unknown

    def load(self) -> None:
        """Import the module and declare its arguments, once."""
        if self.module_name:
            module = load_command(self.module_name)
            self.module_name = ""
            self.description = module.HELP
            self.epilog = examples(module.EXAMPLES)
            self.set_defaults(run=module.run)
            module.add_arguments(self)


class ProgramParser(Parser):
    """The parser of the whole command line; only its help imports all commands."""

    def format_help(self) -> str:
        """The help, with one line for each command."""
        lines = (f"  {name:<12}{load_command(module).HELP}\n" for name, module in COMMANDS.items())
        self.epilog = f"commands:\n{''.join(lines)}\n{examples(EXAMPLES)}"
        return super().format_help()


def load_command(module_name: str) -> CommandModule:
    """Import a command's module."""
    return cast("CommandModule", importlib.import_module(module_name))


def examples(lines: str) -> str:
    """Examples in the form in which they end a help text."""
    return f"examples:\n{indent(lines, '  ')}"


def build_parser() -> ProgramParser:
    """The parser of the whole command line; commands load when they are chosen."""
    parser = ProgramParser(
        "groqchat",
        usage=USAGE,
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"groqchat {__version__}")
    opening = parser.add_argument_group("opening the chat")
    opening.add_argument(
        "--demo", action="store_true", help="chat with the built-in simulator; nothing is saved"
    )
    opening.add_argument(
        "--plain",
        action="store_true",
        help="chat by lines, for screen readers and dumb terminals; so does ACCESSIBLE=1",
    )
    which = opening.add_mutually_exclusive_group()
    which.add_argument(
        "--incognito",
        action="store_true",
        help="keep no text, title or session; the ledger keeps tokens, cost and model",
    )
    which.add_argument("--session", metavar="ID", help="open this session")
    which.add_argument(
        "-c", "--continue", dest="resume", action="store_true", help="open the last session"
    )
    opening.add_argument("-m", "--model", metavar="ID", help="the model to start with")
    opening.add_argument("--profile", metavar="NAME", help="the stored key to use")
    parser.set_defaults(run=open_chat, json=False, jsonl=False)
    commands = parser.add_subparsers(
        prog="groqchat",
        metavar="COMMAND",
        help=argparse.SUPPRESS,
        parser_class=CommandParser,
        dest="command",
    )
    for name, module in COMMANDS.items():
        command = commands.add_parser(name, formatter_class=argparse.RawDescriptionHelpFormatter)
        command.module_name = module
    return parser


def _is_accessible() -> bool:
    """Whether the environment asks for lines; a browser has its own ways to read a screen."""
    if os.environ.get("ACCESSIBLE", "") in {"", "0"}:
        return False
    from groqchat.ui.terminal.browser import is_in_browser

    return not is_in_browser()


def open_chat(args: argparse.Namespace) -> int:
    """Open the chat, by lines where that is asked for."""
    if args.plain or _is_accessible():
        return load_command(PLAIN).run(args)
    from groqchat.cli.tui import run

    return run(args)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line.

    Returns:
        The exit code, see :class:`~groqchat.cli.exit_codes.ExitCode`.
    """
    words = sys.argv[1:] if argv is None else argv
    try:
        return _run(words)
    except KeyboardInterrupt:  # before the command itself could begin
        return ExitCode.INTERRUPTED


def _run(words: Sequence[str]) -> int:
    from groqchat.cli.output import prepare_streams

    prepare_streams()
    parser = build_parser()
    try:
        args = parser.parse_args(words)
    except UsageError as error:
        return _refused(error, words, parser)
    # Not before: the version is printed without them.
    from groqchat.cli.failures import MisuseError, guarded, refuse

    if args.command and words[0] != args.command:
        misplaced = MisuseError(_misplaced(words[0], args.command))
        if args.jsonl:
            _print_start()
        return refuse(misplaced, as_json=args.json, as_lines=args.jsonl)
    return guarded(args.run, args)


def _refused(error: UsageError, words: Sequence[str], parser: ProgramParser) -> int:
    """Refuse a command line that cannot be parsed; returns the exit code."""
    from groqchat.cli.failures import MisuseError, refuse
    from groqchat.cli.suggestions import suggestion

    misuse = MisuseError(f"{error}{suggestion(words, parser)}")
    as_lines = "--jsonl" in words
    as_json = "--json" in words and not as_lines  # both are refused, as lines alone
    if as_lines:
        _print_start()
    return refuse(misuse, as_json=as_json, as_lines=as_lines, usage=error.usage)


def _print_start() -> None:
    """Print the line that begins JSON lines, also those of a refusal."""
    from groqchat.cli.asking.event_lines import print_start

    print_start()


def _misplaced(option: str, command: str) -> str:
    """The error for an option before a command, which the command would not see."""
    name = option.partition("=")[0]
    advice = (
        "`groqchat simulate` serves commands"
        if name == "--demo"
        else f"the options of a command stand behind its name, see `groqchat {command} -h`"
    )
    return f"{name} before a command is for the chat alone; {advice}"

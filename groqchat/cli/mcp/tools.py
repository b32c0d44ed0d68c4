"""``groqchat tools``: the tools of the user's servers, listed and tried."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from groqchat.cli.arguments import add_json, run_chosen, subcommand, with_services
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError, exit_code_of
from groqchat.cli.mcp.words import left_out_lines, servers_asked
from groqchat.cli.output import BOLD, YELLOW, narrate, narrate_error, print_json, say, write
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.text.spelling import did_you_mean

if TYPE_CHECKING:
    import argparse

    from groqchat.bootstrap import LocalServices
    from groqchat.domain.tools.tool import Tool, ToolResult
    from groqchat.services.tools.ports import ToolServer

HELP = "list the tools of your MCP servers, and try one"
EXAMPLES = """\
groqchat tools list
groqchat tools try time__get_current_time timezone=Europe/Berlin
groqchat tools try files__read_file '{"path": "notes.txt"}'
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the commands."""
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    listed = subcommand(
        commands,
        "list",
        "start the servers, and list their tools as models see them",
        "groqchat tools list time --json\n",
        with_services(_list, may_forget=True),
    )
    listed.add_argument("names", nargs="*", metavar="SERVER", help="the servers (all)")
    tried = subcommand(
        commands,
        "try",
        "run one tool, and print its result as a model gets it",
        "groqchat tools try time__get_current_time timezone=Europe/Berlin\n"
        'echo \'{"timezone": "UTC"}\' | groqchat tools try time__get_current_time -\n',
        with_services(_try, may_forget=True),
    )
    tried.add_argument("name", metavar="TOOL", help="the tool as it is listed: SERVER__NAME")
    tried.add_argument(
        "arguments",
        nargs="*",
        metavar="ARGUMENT",
        help="a JSON object, - to read it from a pipe, or NAME=VALUE, where VALUE may be JSON",
    )
    for command in (listed, tried):
        command.set_defaults(profile=None)
        add_json(command)


run = run_chosen


async def _list(services: LocalServices, args: argparse.Namespace) -> int:
    """List the tools; the code is that of the first server that fails."""
    code: int = ExitCode.DONE
    documents = []
    for source in servers_asked(services, args.names):
        try:
            listing = await source.listing()
        except GroqchatError as error:
            code = code or exit_code_of(error)
            narrate_error(f"groqchat: {error.message} {error.command_suggestion}")
            continue
        documents += [_document(tool) for tool in listing.tools]
        for line in left_out_lines(listing):
            narrate(f"groqchat: {source.name}: {line}.", YELLOW)
        if not args.json:
            for tool in listing.tools:
                _say(tool)
    if args.json:
        print_json(documents)
    return code


def _document(tool: Tool) -> dict[str, object]:
    return {
        "server": tool.source,
        "name": tool.name,
        "sent_name": tool.sent_name,
        "description": tool.description,
        "parameters": tool.parameters,
        "fingerprint": tool.fingerprint,
    }


def _say(tool: Tool) -> None:
    say(tool.sent_name, BOLD)
    for line in tool.description.splitlines():
        say(f"  {line}")
    properties = tool.parameters.get("properties")
    needed = tool.parameters.get("required")
    for name in properties if isinstance(properties, dict) else ():
        is_needed = isinstance(needed, list) and name in needed
        say(f"  · {name}" if is_needed else f"  · {name} (optional)")


async def _try(services: LocalServices, args: argparse.Namespace) -> int:
    arguments = _arguments(args.arguments)
    server, between, _ = args.name.partition("__")
    if not between:
        raise MisuseError(f"{args.name} is no tool: write SERVER__NAME; see `groqchat tools list`")
    (source,) = servers_asked(services, [server])
    tool = await _found(source, args.name)
    result = await source.call(tool.name, arguments)
    if args.json:
        print_json(
            {
                "server": tool.source,
                "name": tool.name,
                "text": result.text,
                "is_error": result.is_error,
                "truncated_from": result.truncated_from,
            }
        )
    else:
        _say_result(result)
    return ExitCode.REFUSED if result.is_error else ExitCode.DONE


def _say_result(result: ToolResult) -> None:
    write(f"{result.text}\n")
    if result.truncated_from:
        narrate(f"groqchat: cut; the whole result has {result.truncated_from:,} characters.")
    if result.is_error:
        narrate_error("groqchat: the tool failed, as it says.")


async def _found(source: ToolServer, sent_name: str) -> Tool:
    listing = await source.listing()
    for tool in listing.tools:
        if sent_name in {tool.sent_name, f"{tool.source}__{tool.name}"}:
            return tool
    known = [tool.sent_name for tool in listing.tools]
    meant = did_you_mean(sent_name, known) or "; see `groqchat tools list`"
    raise MisuseError(f"{source.name} offers no tool {sent_name}{meant}")


def _arguments(words: list[str]) -> dict[str, object]:
    """The arguments of a call as they were written.

    Raises:
        MisuseError: They are neither a JSON object nor NAME=VALUE.
    """
    if words == ["-"]:
        words = [sys.stdin.read()]
    if len(words) == 1 and words[0].lstrip().startswith("{"):
        try:
            given = json.loads(words[0])
        except (ValueError, RecursionError) as problem:
            raise MisuseError(f"the arguments are no JSON object: {problem}") from None
        return dict(given)
    pairs = [word.partition("=") for word in words]
    if wrong := next((name for name, sign, _ in pairs if not sign), None):
        raise MisuseError(f"{wrong} is no argument: write NAME=VALUE, or one JSON object")
    return {name: _value(text) for name, _, text in pairs}


def _value(text: str) -> object:
    """A value as JSON, else as the text that it is."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text

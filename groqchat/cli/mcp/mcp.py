"""``groqchat mcp``: the servers whose tools models may call."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from groqchat.cli.arguments import add_json, run_chosen, subcommand, with_services
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import MisuseError, error_document, exit_code_of
from groqchat.cli.keys.key_input import piped_key, typed_key
from groqchat.cli.mcp import add
from groqchat.cli.mcp.words import left_out_documents, left_out_lines, servers_asked
from groqchat.cli.output import GREEN, RED, narrate, narrate_error, print_json, rounded, say, table
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.text.humanize import counted, duration
from groqchat.services.tools.registry import refuse_token

if TYPE_CHECKING:
    import argparse

    from groqchat.bootstrap import LocalServices
    from groqchat.cli.arguments import Commands
    from groqchat.domain.tools.listing import Listing
    from groqchat.domain.tools.servers import McpServer
    from groqchat.services.tools.ports import ToolServer

HELP = "add, test and remove MCP servers, whose tools models may call"
EXAMPLES = """\
groqchat mcp add time -- uvx mcp-server-time
groqchat mcp add docs --url https://example.org/mcp
groqchat mcp token docs
groqchat mcp test
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the commands."""
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    listed = subcommand(
        commands,
        "list",
        "list the servers of the settings; none is started",
        "groqchat mcp list --json\n",
        with_services(_list, may_forget=True),
    )
    tested = subcommand(
        commands,
        "test",
        "start servers, and list what they offer",
        "groqchat mcp test time\n",
        with_services(_test, may_forget=True),
    )
    tested.add_argument("names", nargs="*", metavar="SERVER", help="the servers (all)")
    added = add.declare(commands)
    removed = subcommand(
        commands,
        "remove",
        "remove a server from the settings, and its token",
        "groqchat mcp remove time\n",
        with_services(_remove),
    )
    token = _declare_token(commands)
    for command in (removed, token):
        command.add_argument("name", metavar="SERVER", help="the server's name")
    for command in (listed, tested, added, removed, token):
        command.set_defaults(profile=None)
        add_json(command)


def _declare_token(commands: Commands) -> argparse.ArgumentParser:
    command = subcommand(
        commands,
        "token",
        "store the token of a server in the system keyring",
        "groqchat mcp token docs\npass docs/token | groqchat mcp token docs --stdin\n",
        with_services(_token),
    )
    source = command.add_mutually_exclusive_group()
    source.add_argument("--stdin", action="store_true", help="read the token from a pipe")
    source.add_argument("--remove", action="store_true", help="forget it")
    return command


run = run_chosen


async def _list(services: LocalServices, args: argparse.Namespace) -> int:
    """List them; the code is that of a server whose table has a mistake."""
    services.servers.refuse_unread()
    sources = services.servers.all()
    if args.json:
        print_json([_listed(each) for each in sources])
    elif sources:
        rows = [_row(each.server) for each in sources]
        table(["server", "by", "in new sessions", "command or address"], rows)
    else:
        narrate("There is no MCP server in the settings: `groqchat mcp add -h` shows how.")
    problems = [each.state.problem for each in sources if each.state.problem]
    for problem in problems:  # what is wrong has been said before
        name, advice = problem.facts.parameter, problem.command_suggestion
        narrate_error(f"groqchat: {name} is left out. {advice}")
    return exit_code_of(problems[0]) if problems else ExitCode.DONE


def _listed(source: ToolServer) -> dict[str, object]:
    server, problem = source.server, source.state.problem
    return {
        "name": server.name,
        "command": list(server.command) or None,
        "url": server.url or None,
        "env": list(server.env),
        "cwd": server.cwd or None,
        "in_new_sessions": server.in_new_sessions,
        "problem": problem.message if problem else None,
    }


def _row(server: McpServer) -> list[str]:
    if server.problem:
        return [server.name, "?", "no", "(left out)"]
    is_in = "yes" if server.in_new_sessions else "no"
    return [server.name, "http" if server.url else "stdio", is_in, server.place]


async def _test(services: LocalServices, args: argparse.Namespace) -> int:
    """Ask one server after another; the code is that of the first that fails."""
    code: int = ExitCode.DONE
    documents = []
    for source in servers_asked(services, args.names):
        started = time.monotonic()
        try:
            listing = await source.listing()
        except GroqchatError as error:
            code = code or exit_code_of(error)
            documents.append({"name": source.name, "ok": False, **error_document(error)})
            if not args.json:
                say(f"{source.name}: {error.message} {error.command_suggestion}", RED)
        else:
            took_s = time.monotonic() - started
            documents.append(_tested(source, listing, took_s))
            if not args.json:
                _say_tested(source, listing, took_s)
    if args.json:
        print_json(documents)
    return code


def _tested(source: ToolServer, listing: Listing, took_s: float) -> dict[str, object]:
    return {
        "name": source.name,
        "ok": True,
        "took_s": rounded(took_s),
        "tools": [tool.name for tool in listing.tools],
        "left_out": left_out_documents(listing),
    }


def _say_tested(source: ToolServer, listing: Listing, took_s: float) -> None:
    offered = counted(len(listing.tools), "tool")
    say(f"{source.name}: {offered}, in {duration(took_s)}", GREEN)
    for tool in listing.tools:
        say(f"  {tool.sent_name}")
    for line in left_out_lines(listing):
        say(f"  {line}")


async def _remove(services: LocalServices, args: argparse.Namespace) -> int:
    servers_asked(services, [args.name])
    await services.servers.remove(args.name)
    return _done(args, f"{args.name} is removed.")


async def _token(services: LocalServices, args: argparse.Namespace) -> int:
    servers = services.servers
    try:
        (source,) = servers_asked(services, [args.name])  # before the token is typed
        if args.remove:
            was_stored = await servers.remove_token(args.name)
            told = "is removed" if was_stored else "was not stored"
            return _done(args, f"The token of {args.name} {told}.")
        refuse_token(source.server)
        asks = f"Token of {args.name}"
        token = piped_key("token") if args.stdin else typed_key(asks, "token", "--stdin")
        store = await servers.store_token(args.name, token)
    except ValueError as mistake:
        raise MisuseError(str(mistake)) from None
    return _done(args, f"The token of {args.name} is stored in {store}.")


def _done(args: argparse.Namespace, sentence: str) -> int:
    if args.json:
        print_json({"name": args.name})
    else:
        say(sentence)
    return ExitCode.DONE

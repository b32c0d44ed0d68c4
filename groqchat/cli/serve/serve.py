"""``groqchat serve``: the chat in a browser on this machine."""

from __future__ import annotations

import asyncio
import ipaddress
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

from groqchat.cli.arguments import add_profile, port
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.output import flush, narrate, say
from groqchat.domain.errors.table import failure

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from groqchat.web.server import WebServer

HELP = "the chat in a browser, on this machine"
EXAMPLES = """\
groqchat serve                 prints the address to open
groqchat serve --port 8080
groqchat serve --demo          without a key
"""
PACKAGE = "textual-serve>=1.1.3,<1.2"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--port", type=port, default=0, help="the port (any that is free)")
    parser.add_argument(
        "--host", default="127.0.0.1", metavar="H", help="the address to listen on (127.0.0.1)"
    )
    parser.add_argument("-m", "--model", metavar="ID", help="the model to start with")
    parser.add_argument("--demo", action="store_true", help="chat with the built-in simulator")
    add_profile(parser)


def run(args: argparse.Namespace) -> int:
    """Serve until Ctrl+C.

    Raises:
        StorageError: textual-serve is not installed, or the address cannot be listened on.
    """
    try:
        from groqchat.web.server import WebServer
    except ModuleNotFoundError as missing:
        from groqchat.provider.packages import install_command

        if missing.name not in {"textual_serve", "aiohttp"}:
            raise
        raise failure("web_package", detail=install_command(PACKAGE)) from None
    asyncio.run(_serve(WebServer(list(_arguments(args)), args.host, args.port), args.host))
    return ExitCode.DONE


async def _serve(server: WebServer, host: str) -> None:
    stop = asyncio.Event()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        with suppress(AttributeError, NotImplementedError):  # Windows
            asyncio.get_running_loop().add_signal_handler(getattr(signal, name), stop.set)
    try:
        address = await server.start()
    except OSError as error:
        await server.close()
        raise failure("web_address", detail=f"{host}: {error.strerror or error}") from None
    say(address)
    flush()
    narrate("groqchat: open this address in a browser; Ctrl+C ends the server and its chats.")
    if not _is_this_machine(host):
        narrate(
            f"groqchat: {host} can be reached by other machines, and nothing is encrypted: whoever "
            "has the address chats with your key."
        )
    try:
        await stop.wait()
    finally:
        await server.close()


def _arguments(args: argparse.Namespace) -> Iterator[str]:
    """The command line of each chat."""
    if args.demo:
        yield "--demo"
    if args.model:
        yield from ("--model", args.model)
    if args.profile:
        yield from ("--profile", args.profile)


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

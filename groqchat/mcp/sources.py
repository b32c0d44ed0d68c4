"""The servers of the settings as sources of tools."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.tools.listing import listing_of
from groqchat.domain.tools.schemas import UnsendableError, narrowed, without_nulls
from groqchat.domain.tools.server_state import ServerState, State
from groqchat.mcp.results import bounded
from groqchat.mcp.worker import Worker
from groqchat.services.programs import kill_group

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from groqchat.domain.text.secret import Secret
    from groqchat.domain.tools.listing import ListedTool, Listing
    from groqchat.domain.tools.servers import McpServer
    from groqchat.domain.tools.tool import Tool, ToolResult
    from groqchat.mcp.connection import Connection

REQUIREMENT: Final = "mcp>=2.3,<3"
# The longest that quitting waits for the servers' programs, and then for those that are killed, in
# seconds.
QUIT_S: Final = 0.3
# The SDK and its HTTP client; what they log would stand on the screen.
_LOGGERS: Final = ("mcp", "client", "httpx2", "httpcore2")


class ServerSource:
    """The tools of one server; it starts at its first use, and again once it has broken off.

    Args:
        server: The server.
        worker: The thread on which it is asked.
        token_of: Finds its token; may raise ``StorageError``.
        install: Gives the command that installs a package.
    """

    def __init__(
        self,
        server: McpServer,
        worker: Worker,
        token_of: Callable[[str], Awaitable[Secret | None]],
        install: Callable[[str], str],
    ) -> None:
        self.server = server
        self._worker = worker
        self._token_of = token_of
        self._install = install
        self.connection: Connection | None = None
        """The connection in use, on the worker's thread."""
        self._schemas: dict[str, Mapping[str, object]] = {}
        self.state = ServerState(State.IDLE)

    @property
    def name(self) -> str:
        """The name that the user gave it."""
        return self.server.name

    async def tools(self) -> Sequence[Tool]:
        """The tools that models may call, in the order of the server's list.

        Raises:
            GroqchatError: The server cannot be asked, or its list is not valid.
        """
        return (await self.listing()).tools

    async def listing(self) -> Listing:
        """The tools that models may call, and those that cannot be offered.

        Raises:
            GroqchatError: The server cannot be asked, or its list is not valid.
        """
        self.state = ServerState(State.STARTING)
        ended = ServerState(State.IDLE)  # where nobody waits for it any more
        try:
            token = await self._token()
            listed, listing = await self._worker.run(self._listed(token))
            ended = ServerState(State.READY, listing=listing)
        except GroqchatError as error:
            ended = ServerState(State.FAILED, error)
            raise
        finally:
            self.state = ended
        self._schemas = {each.name: each.schema for each in listed}
        return listing

    async def call(self, name: str, arguments: Mapping[str, object]) -> ToolResult:
        """Run a tool; a server that cannot be asked is a result that says so."""
        try:
            token = await self._token()
            meant = _meant(arguments, self._schemas.get(name, {}))
            return await self._worker.run(self._called(name, meant, token))
        except GroqchatError as error:
            self.state = ServerState(State.FAILED, error)
            return bounded(error.message, is_error=True)

    async def stop(self) -> None:
        """End the server; it starts again when it is used."""
        if self.connection is not None:
            await self._worker.run(self._left())
        self.state = ServerState(State.IDLE)

    async def _token(self) -> Secret | None:
        is_needed = self.server.url and not (self.connection and self.connection.is_usable)
        return await self._token_of(self.name) if is_needed else None

    # -- on the worker's thread ---------------------------------------------------------------

    async def _listed(self, token: Secret | None) -> tuple[list[ListedTool], Listing]:
        listed, left_out = await self._connected(token).listed()
        listing = listing_of(self.name, listed)  # here, as a list may be made to be long
        return listed, replace(listing, left_out=(*listing.left_out, *left_out))

    async def _called(
        self, name: str, arguments: Mapping[str, object], token: Secret | None
    ) -> ToolResult:
        connection = self._connected(token)
        await connection.ready()
        return await connection.call(name, arguments)

    def _connected(self, token: Secret | None) -> Connection:
        """The connection, a new one where there is none that works."""
        if self.connection is None or not self.connection.is_usable:
            self._import()
            from groqchat.mcp.connection import Connection

            self.connection = Connection(self.server, token)
        return self.connection

    async def _left(self) -> None:
        connection, self.connection = self.connection, None
        if connection is not None:
            await connection.leave()

    def _import(self) -> None:
        """Load the SDK, which takes a second; nothing of it is loaded without a server."""
        for name in _LOGGERS:
            logger = logging.getLogger(name)
            logger.propagate = False
            logger.addHandler(logging.NullHandler())
        try:
            import mcp  # noqa: F401
        except ImportError as error:
            raise failure("mcp_missing", detail=self._install(REQUIREMENT)) from error


def _meant(arguments: Mapping[str, object], schema: Mapping[str, object]) -> Mapping[str, object]:
    """The arguments in the terms of the server's own schema."""
    try:
        meant = without_nulls(arguments, narrowed(schema))
    except UnsendableError:  # never offered, but tried by a person
        return arguments
    return meant if isinstance(meant, dict) else arguments


class Servers:
    """The servers that are asked, each with its source.

    Args:
        token_of: Finds the token of a server.
        install: Gives the command that installs a package.
    """

    def __init__(
        self,
        token_of: Callable[[str], Awaitable[Secret | None]],
        install: Callable[[str], str],
    ) -> None:
        self._token_of = token_of
        self._install = install
        self._worker = Worker()
        self._sources: dict[str, ServerSource] = {}
        self._replaced: list[ServerSource] = []

    def of(self, server: McpServer) -> ServerSource:
        """The source of a server of the settings, the same one as long as they say the same."""
        known = self._sources.get(server.name)
        if known is None or known.server != server:
            if known is not None:
                self._replace(known)
            known = ServerSource(server, self._worker, self._token_of, self._install)
            self._sources[server.name] = known
        return known

    def _replace(self, source: ServerSource) -> None:
        """End a server that the settings describe otherwise now."""
        if source.connection is not None:
            self._replaced.append(source)
            stop = asyncio.get_running_loop().create_task(source.stop())
            stop.add_done_callback(lambda _: self._replaced.remove(source))

    async def close(self) -> None:
        """End all programs; those that do not end at once are killed."""
        if not self._worker.is_running:
            return
        sources = (*self._sources.values(), *self._replaced)
        running = [source.connection for source in sources if source.connection]
        stops = [asyncio.ensure_future(source.stop()) for source in sources]
        await asyncio.wait(stops, timeout=QUIT_S)
        for connection in running:
            if connection.pid is not None:
                kill_group(connection.pid)
        await asyncio.wait(stops, timeout=QUIT_S)
        for stop in stops:
            stop.cancel()
        self._worker.close()

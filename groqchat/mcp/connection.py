"""One connection to a server, entered and left by one task, as the SDK needs it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from groqchat import __version__
from groqchat.domain.errors.table import failure
from groqchat.domain.tools.listing import ListedTool
from groqchat.mcp.http import Address
from groqchat.mcp.problems import problem_of
from groqchat.mcp.program import Program
from groqchat.mcp.results import bounded, result_of
from groqchat.mcp.tool_lists import MOST_LISTED, ToolLists

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from mcp import Client

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.text.secret import Secret
    from groqchat.domain.tools.listing import LeftOut
    from groqchat.domain.tools.servers import McpServer
    from groqchat.domain.tools.tool import ToolResult

# Pages of one list; a server may go on for ever.
MOST_PAGES: Final = 50
# After these the connection is as good as before; a tool that takes too long says nothing of it.
_KEEPING: Final = frozenset({"mcp_odd"})


class Connection:
    """A connection to a server; used on the event loop that made it.

    Args:
        server: The server.
        token: Its token, if one is stored.
    """

    def __init__(self, server: McpServer, token: Secret | None) -> None:
        self._server = server
        self._way = Address(server, token) if server.url else Program(server)
        self._lists = ToolLists()
        self._leaving = asyncio.Event()
        self._client: asyncio.Future[Client] = asyncio.get_running_loop().create_future()
        self._owner = asyncio.create_task(self._own())

    @property
    def is_usable(self) -> bool:
        """Whether it works or is being made; false once anything has broken it."""
        has_ended = self._client.done() and isinstance(self._way, Program) and not self._way.pid
        return not (self._leaving.is_set() or self._owner.done() or has_ended)

    @property
    def pid(self) -> int | None:
        """The id of the server's process while it runs."""
        return self._way.pid if isinstance(self._way, Program) else None

    async def _own(self) -> None:
        """Enter the client, hold it until the connection is left, and leave it."""
        limit = asyncio.timeout(self._server.start_s)
        try:
            async with limit, self._made() as client:
                limit.reschedule(None)
                self._client.set_result(client)
                await self._leaving.wait()
        except Exception as error:  # noqa: BLE001 - any, as the SDK passes on what its parts raise
            if not self._client.done():
                self._refuse(await self._problem(error, self._server.start_s, _KEEPING))
        finally:
            self._leaving.set()
            if not self._client.done():
                self._refuse(
                    failure("mcp_broken", parameter=self._server.name, detail="it was stopped")
                )

    def _refuse(self, problem: GroqchatError) -> None:
        self._client.set_exception(problem)
        self._client.exception()  # read, so that nothing is logged where no one waits for it

    def _made(self) -> Client:
        from mcp import Client
        from mcp.types import Implementation

        us = Implementation(name="groqchat", version=__version__)
        return Client(self._lists.mended(self._way.streams()), client_info=us, cache=None)

    async def ready(self) -> None:
        """Wait until the server has answered.

        Raises:
            GroqchatError: It cannot be asked.
        """
        await asyncio.shield(self._client)

    async def listed(self) -> tuple[list[ListedTool], list[LeftOut]]:
        """The tools of the server, and those that cannot be called as it describes them.

        Raises:
            GroqchatError: It cannot be asked, or its list is not valid.
        """
        client = await asyncio.shield(self._client)
        found: list[ListedTool] = []
        cursor: str | None = None
        seen: set[str] = set()
        self._lists.left_out.clear()
        try:
            async with asyncio.timeout(self._server.start_s):
                while True:
                    page = await client.list_tools(cursor=cursor)
                    for tool in page.tools:
                        told = tool.description or tool.title or ""
                        found.append(ListedTool(tool.name, told, tool.input_schema))
                    cursor = page.next_cursor
                    is_enough = len(found) >= MOST_LISTED or len(seen) >= MOST_PAGES
                    if not cursor or cursor in seen or is_enough:
                        return found[:MOST_LISTED], [*self._lists.left_out.values()]
                    seen.add(cursor)
        except Exception as error:
            raise await self._problem(error, self._server.start_s, _KEEPING) from error

    async def call(self, name: str, arguments: Mapping[str, object]) -> ToolResult:
        """Run a tool; what goes wrong is the result, and says so."""
        try:
            client = await asyncio.shield(self._client)
            limit_s = self._server.call_s
            async with asyncio.timeout(limit_s + 1):
                given = await client.call_tool(name, dict(arguments), read_timeout_seconds=limit_s)
        except Exception as error:  # noqa: BLE001 - the tool of a stranger must not end a turn
            problem = await self._problem(error, self._server.call_s, {*_KEEPING, "mcp_silent"})
            return bounded(problem.message, is_error=True)
        return result_of(given)

    async def _problem(
        self, error: Exception, limit_s: float, keeping: AbstractSet[str]
    ) -> GroqchatError:
        """Our error for what happened; the connection goes on after those of ``keeping`` alone."""
        problem = await problem_of(self._server, error, self._way, limit_s)
        if problem.cause.name not in keeping:
            self._leaving.set()
        return problem

    async def leave(self) -> None:
        """End the connection, and with it the program; waits for it some seconds."""
        self._leaving.set()
        if not self._client.done():
            self._owner.cancel()
        with suppress(asyncio.CancelledError):
            await self._owner

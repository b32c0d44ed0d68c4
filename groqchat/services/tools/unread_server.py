"""A server of the settings whose table has a mistake: it stands in the lists, and says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.table import failure
from groqchat.domain.tools.server_state import ServerState, State
from groqchat.domain.tools.tool import ToolResult

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from groqchat.domain.tools.listing import Listing
    from groqchat.domain.tools.servers import McpServer
    from groqchat.domain.tools.tool import Tool


class UnreadServer:
    """A server that cannot be asked for anything.

    Args:
        server: The server.
        mistake: What is wrong with its table, as the end of a sentence.

    Attributes:
        problem: The error of whoever asks it.
    """

    def __init__(self, server: McpServer, mistake: str) -> None:
        self.server = server
        self.problem = failure("mcp_unread", parameter=server.name, detail=mistake)

    @property
    def name(self) -> str:
        """The name that the user gave it."""
        return self.server.name

    @property
    def state(self) -> ServerState:
        """The failed state, with the error."""
        return ServerState(State.FAILED, self.problem)

    async def listing(self) -> Listing:
        """Refuse.

        Raises:
            GroqchatError: Always.
        """
        raise self.problem

    async def tools(self) -> Sequence[Tool]:
        """Refuse.

        Raises:
            GroqchatError: Always.
        """
        raise self.problem

    async def call(self, name: str, arguments: Mapping[str, object]) -> ToolResult:
        """Say that nothing was run."""
        del name, arguments
        return ToolResult(self.problem.message, is_error=True)

    async def stop(self) -> None:
        """Nothing runs."""

"""Where the tools of a turn come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from groqchat.domain.tools.approval import Approval
    from groqchat.domain.tools.listing import Listing
    from groqchat.domain.tools.server_state import ServerState
    from groqchat.domain.tools.servers import McpServer
    from groqchat.domain.tools.tool import Tool, ToolResult


class ToolSource(Protocol):
    """One source of tools, such as an MCP server."""

    @property
    def name(self) -> str:
        """The name that the user gave it."""

    async def tools(self) -> Sequence[Tool]:
        """The tools that it offers, always in the same order.

        Raises:
            GroqchatError: The source cannot be asked; the turn goes on without it.
        """

    async def call(self, name: str, arguments: Mapping[str, object]) -> ToolResult:
        """Run a tool.

        Args:
            name: The tool's name in this source.
            arguments: The arguments.

        Returns:
            The result; a tool that fails, and a source that breaks off, give one with ``is_error``.
        """


class ToolServer(ToolSource, Protocol):
    """A server of the settings as a source of tools; it runs from its first use on."""

    @property
    def server(self) -> McpServer:
        """What the settings say of it."""

    @property
    def state(self) -> ServerState:
        """Whether it works, as far as it is known."""

    async def listing(self) -> Listing:
        """The tools that models may call, and those that cannot be offered.

        Raises:
            GroqchatError: The server cannot be asked, or its list is not valid.
        """

    async def stop(self) -> None:
        """End the server; it starts again when it is used."""


class ToolServers(Protocol):
    """The servers that are asked."""

    def of(self, server: McpServer) -> ToolServer:
        """The source of a server of the settings, the same one as long as they say the same."""

    async def close(self) -> None:
        """End all servers; never waits for longer than a moment."""


class ToolSources(Protocol):
    """All sources of tools that there are."""

    @property
    def names(self) -> Sequence[str]:
        """The names of all sources."""

    def named(self, name: str) -> ToolSource | None:
        """The source of that name; None where there is none any more."""


class ApprovalStore(Protocol):
    """Approvals that last until they are taken back.

    Raises:
        StorageError: From every method.
    """

    async def is_approved(self, fingerprint: str) -> bool:
        """Whether calls of a tool may always run."""

    async def approve(self, tool: Tool, time: float) -> None:
        """Let calls of a tool run from now on, as long as nothing of it changes."""

    async def approvals(self) -> Sequence[Approval]:
        """All approvals, by source and name."""

    async def revoke(self, fingerprint: str) -> None:
        """Ask again before a call of a tool runs."""

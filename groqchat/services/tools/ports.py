"""Where the tools of a turn come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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

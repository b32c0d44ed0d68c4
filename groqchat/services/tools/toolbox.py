"""The tools of a turn, put together from their sources in an order that stays."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.tools.events import SourceFailed
from groqchat.domain.tools.names import MOST_TOOLS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from groqchat.domain.tools.tool import Tool, ToolCall, ToolResult
    from groqchat.services.tools.ports import ToolSource


@dataclass(frozen=True, slots=True)
class Toolbox:
    """Tools by the names that models know, each with its source.

    ``failed`` are the sources that could not be asked.
    """

    _tools: Mapping[str, Tool] = field(default_factory=dict)
    _sources: Mapping[str, ToolSource] = field(default_factory=dict)
    failed: Sequence[SourceFailed] = ()

    @property
    def tools(self) -> tuple[Tool, ...]:
        """The tools, sorted by name: a prompt begins the same however a source lists them."""
        return tuple(self._tools.values())

    @property
    def names(self) -> list[str]:
        """The names that models know."""
        return list(self._tools)

    def tool(self, call: ToolCall) -> Tool | None:
        """The tool that is called; None where none has that name."""
        return self._tools.get(call.name)

    async def run(self, tool: Tool, arguments: Mapping[str, object]) -> ToolResult:
        """Run a tool at its source."""
        return await self._sources[tool.source].call(tool.name, arguments)


async def collected(sources: Iterable[ToolSource]) -> Toolbox:
    """The tools of some sources, which are asked at the same time."""
    asked = list(sources)
    listed = await asyncio.gather(*map(_tools_of, asked))
    found = [tool for each in listed if not isinstance(each, SourceFailed) for tool in each]
    found.sort(key=lambda tool: tool.sent_name)
    failed = [each for each in listed if isinstance(each, SourceFailed)]
    tools = {tool.sent_name: tool for tool in reversed(found[:MOST_TOOLS])}
    ordered = dict(sorted(tools.items()))
    return Toolbox(ordered, {source.name: source for source in asked}, failed)


async def _tools_of(source: ToolSource) -> Sequence[Tool] | SourceFailed:
    try:
        return await source.tools()
    except GroqchatError as error:
        return SourceFailed(source.name, error)

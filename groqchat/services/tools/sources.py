"""All sources of tools: the servers of the settings, and in the demo one of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from groqchat.domain.tools.tool import Tool, ToolResult, fingerprint_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from groqchat.services.ports import Clock
    from groqchat.services.tools.ports import ToolSource

_ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Tokyo")
_DEMO: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "current_time": (
        "The date and the time now in a time zone.",
        {
            "type": "object",
            "properties": {"zone": {"type": "string", "enum": [*_ZONES]}},
            "required": ["zone"],
        },
    ),
    "count_words": (
        "The number of words in a text.",
        {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]},
    ),
}


class Servers(Protocol):
    """The servers of the settings, as far as their tools are used."""

    def all(self) -> Sequence[ToolSource]:
        """All servers, in the order of the settings."""

    def named(self, name: str) -> ToolSource | None:
        """One server; None where the settings have none of that name."""


class AllSources:
    """The servers of the settings, and sources of our own.

    Args:
        servers: The servers.
        own: Sources that no settings name.
    """

    def __init__(self, servers: Servers, own: Sequence[ToolSource] = ()) -> None:
        self._servers = servers
        self._own = {source.name: source for source in own}

    @property
    def names(self) -> list[str]:
        """The names of all sources."""
        return [*self._own, *(source.name for source in self._servers.all())]

    def named(self, name: str) -> ToolSource | None:
        """The source of that name; None where there is none any more."""
        return self._own.get(name) or self._servers.named(name)


class DemoTools:
    """Two tools that need no server, so that the demo can show how tools are called.

    Args:
        clock: Time.
    """

    name = "demo"

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def tools(self) -> Sequence[Tool]:
        """The tools."""
        return [
            Tool(
                self.name,
                name,
                f"{self.name}__{name}",
                description,
                parameters,
                fingerprint_of(self.name, name, description, parameters),
            )
            for name, (description, parameters) in _DEMO.items()
        ]

    async def call(self, name: str, arguments: Mapping[str, object]) -> ToolResult:
        """Run a tool."""
        if name == "count_words":
            return ToolResult(str(len(str(arguments.get("text", "")).split())))
        from zoneinfo import ZoneInfo

        zone = arguments.get("zone", "UTC")
        if zone not in _ZONES:
            return ToolResult(f"No such time zone: {zone}", is_error=True)
        now = datetime.fromtimestamp(self._clock.now(), UTC)
        try:
            now = now.astimezone(ZoneInfo(str(zone)))
        except KeyError:  # this machine has no table of time zones
            return ToolResult(f"{now:%A, %Y-%m-%d %H:%M} UTC")
        return ToolResult(f"{now:%A, %Y-%m-%d %H:%M} in {zone}")


def sources_of(servers: Servers, clock: Clock, *, is_demo: bool) -> AllSources:
    """All sources of this program."""
    return AllSources(servers, [DemoTools(clock)] if is_demo else ())

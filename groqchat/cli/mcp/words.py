"""What the commands about servers of tools have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.cli.failures import MisuseError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.bootstrap import LocalServices
    from groqchat.domain.tools.listing import Listing
    from groqchat.services.tools.ports import ToolServer


def servers_asked(services: LocalServices, names: Sequence[str]) -> list[ToolServer]:
    """The servers of these names; all of them where none is named.

    Raises:
        MisuseError: There is none of a name, or none at all.
    """
    if not names:
        if everything := list(services.servers.all()):
            return everything
        raise MisuseError("there is no MCP server in the settings; see `groqchat mcp add -h`")
    found = []
    for name in names:
        source = services.servers.named(name)
        if source is None:
            raise MisuseError(f"there is no server {name}; see `groqchat mcp list`")
        found.append(source)
    return found


def left_out_documents(listing: Listing) -> list[dict[str, str]]:
    """The tools that are not offered, as JSON."""
    return [{"name": each.name, "reason": each.reason} for each in listing.left_out]


def left_out_lines(listing: Listing) -> list[str]:
    """The tools that are not offered, each as a sentence."""
    return [f"{each.name} is not offered: {each.reason}" for each in listing.left_out]

"""What the commands about servers of tools have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.cli.failures import MisuseError
from groqchat.domain.text.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.bootstrap import LocalServices
    from groqchat.domain.tools.listing import Listing
    from groqchat.services.tools.ports import ToolServer


def servers_asked(services: LocalServices, names: Sequence[str]) -> list[ToolServer]:
    """The servers of these names; all of them where none is named.

    Raises:
        MisuseError: There is none of a name, or none at all.
        StorageError: The settings of the servers cannot be read.
    """
    if not names:
        if everything := list(services.servers.all()):
            return everything
        services.servers.refuse_unread()
        raise MisuseError("there is no MCP server in the settings; see `groqchat mcp add -h`")
    return [_server_named(services, name) for name in names]


def _server_named(services: LocalServices, name: str) -> ToolServer:
    source = services.servers.named(name)
    if source is None:
        services.servers.refuse_unread()
        raise MisuseError(f"there is no server {name}{_meant(services, name)}")
    return source


def _meant(services: LocalServices, name: str) -> str:
    known = [each.name for each in services.servers.all()]
    return did_you_mean(name, known) or "; see `groqchat mcp list`"


def left_out_documents(listing: Listing) -> list[dict[str, str]]:
    """The tools that are not offered, as JSON."""
    return [{"name": each.name, "reason": each.reason} for each in listing.left_out]


def left_out_lines(listing: Listing) -> list[str]:
    """The tools that are not offered, each as a sentence."""
    return [f"{each.name} is not offered: {each.reason}" for each in listing.left_out]

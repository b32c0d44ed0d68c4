"""Puts the registry of servers together; what asks them is loaded when one is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.services.server_tokens import ServerTokens
from groqchat.services.tools.registry import ServerRegistry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from groqchat.domain.settings import Settings
    from groqchat.mcp.sources import Servers
    from groqchat.services.key_store import KeyStore


def registry_of(
    read: Callable[[], tuple[Settings, Sequence[str]]],
    change: Callable[[str, Mapping[str, object] | None], object],
    key_store: KeyStore,
    install: Callable[[str], str],
) -> ServerRegistry:
    """The registry of the servers in the settings.

    Args:
        read: Gives the settings, and a sentence for each mistake in them.
        change: Changes a setting, in the file too; None as the value removes it.
        key_store: Where keys are kept.
        install: Gives the command that installs a package.
    """
    tokens = ServerTokens(key_store)

    def settings_now() -> Settings:
        return read()[0]

    def make() -> Servers:
        from groqchat.mcp.sources import Servers

        return Servers(tokens.token, install)

    return ServerRegistry(settings_now, change, lambda: read()[1], tokens, make)

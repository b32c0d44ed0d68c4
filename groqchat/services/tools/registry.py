"""The servers of tools that the user has: added, removed, and with their tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.table import failure
from groqchat.domain.settings import without_folder
from groqchat.domain.tools.servers import read_server, refuse_secrets
from groqchat.services.tools.unread_server import UnreadServer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from groqchat.domain.settings import Settings
    from groqchat.domain.text.secret import Secret
    from groqchat.domain.tools.servers import McpServer
    from groqchat.services.server_tokens import ServerTokens
    from groqchat.services.tools.ports import ToolServer, ToolServers


class ServerRegistry:
    """The servers of the settings.

    Args:
        settings_now: Gives the settings.
        change: Changes a setting, in the file too; None as the value removes it.
        mistakes_now: Gives a sentence for each mistake in the settings.
        tokens: The servers' tokens.
        make: Makes what asks them; called when the first one is used.
    """

    def __init__(
        self,
        settings_now: Callable[[], Settings],
        change: Callable[[str, Mapping[str, object] | None], object],
        mistakes_now: Callable[[], Sequence[str]],
        tokens: ServerTokens,
        make: Callable[[], ToolServers],
    ) -> None:
        self._settings_now = settings_now
        self._change = change
        self._mistakes_now = mistakes_now
        self._tokens = tokens
        self._make = make
        self._servers: ToolServers | None = None

    def all(self) -> Sequence[ToolServer]:
        """All servers, in the order of the settings, also those whose tables have mistakes."""
        return [self._source(server) for server in self._settings_now().mcp.values()]

    def refuse_unread(self, name: str = "") -> None:
        """Refuse to say that there is no server where what the settings say cannot be read.

        Args:
            name: A server whose own table must be readable too.

        Raises:
            StorageError: The settings have something else under ``mcp`` than servers, or a mistake
                in the table of that server.
        """
        source = self.named(name)
        if isinstance(source, UnreadServer):
            raise source.problem
        if mistake := self._told("“mcp”"):
            raise failure("config", detail=mistake)

    def named(self, name: str) -> ToolServer | None:
        """One server; None where the settings have none of that name."""
        server = self._settings_now().mcp.get(name)
        return self._source(server) if server else None

    def _source(self, server: McpServer) -> ToolServer:
        if server.problem:
            return UnreadServer(server, self._told(server.problem) or server.problem)
        self._servers = self._servers or self._make()
        return self._servers.of(server)

    def _told(self, words: str) -> str:
        """The mistake in the settings with these words, with its line and without a full stop."""
        found = (each for each in self._mistakes_now() if words in each)
        return without_folder(next(found, "")).rstrip(".")

    def add(self, name: str, table: Mapping[str, object]) -> None:
        """Add a server to the settings.

        Raises:
            ValueError: There is one of that name, or the table is wrong or holds a secret; the
                message says so.
            StorageError: The settings cannot be written.
        """
        if name in self._settings_now().mcp:
            raise ValueError(
                f"there is a server {name} already: `groqchat mcp remove {name}` removes it, or "
                "choose another name"
            )
        server = read_server(name, table)
        refuse_secrets(server)
        self._change(f"mcp.{name}", server.as_table())

    async def remove(self, name: str) -> None:
        """Remove a server from the settings, and its token from the keyring.

        Raises:
            LookupError: There is none of that name.
            StorageError: The keyring or the settings cannot be changed.
        """
        source = self._known(name)
        await self._tokens.remove(name)
        self._change(f"mcp.{name}", None)
        await source.stop()

    async def store_token(self, name: str, token: Secret) -> str:
        """Store the token of a server, which is used from its next request on.

        Returns:
            The name of the keyring.

        Raises:
            LookupError: There is no server of that name.
            ValueError: The server takes no token, or this is none; the message says why.
            StorageError: The keyring does not take it.
        """
        source = self._known(name)
        refuse_token(source.server)
        store = await self._tokens.store(name, token)
        await source.stop()
        return store

    async def remove_token(self, name: str) -> bool:
        """Remove the token of a server; returns whether there was one.

        Raises:
            LookupError: There is no server of that name.
            StorageError: The keyring cannot be asked.
        """
        source = self._known(name)
        was_stored = await self._tokens.remove(name)
        await source.stop()
        return was_stored

    async def close(self) -> None:
        """End all servers; never waits for longer than a moment."""
        if self._servers is not None:
            await self._servers.close()

    def _known(self, name: str) -> ToolServer:
        source = self.named(name)
        if source is None:
            raise LookupError(f"there is no server {name}")
        return source


def refuse_token(server: McpServer) -> None:
    """Refuse a token for a server that gets none.

    Raises:
        ValueError: It is a program, or its table has a mistake; the message says what to do.
    """
    if server.problem:
        raise ValueError(server.problem)
    if not server.url:
        raise ValueError(f"{server.name} is a program and gets no token: name variables in its env")

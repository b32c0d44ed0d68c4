"""The tokens of servers of tools, in the system's keyring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError

if TYPE_CHECKING:
    from groqchat.domain.text.secret import Secret
    from groqchat.services.key_store import KeyStore

# Without a keyring there is no token, and the server may want none.
_WITHOUT_TOKENS = frozenset({"keyring_missing", "keyring_closed"})


class ServerTokens:
    """The token of each server, kept under the name ``mcp:NAME``.

    Args:
        key_store: Where keys are kept.
    """

    def __init__(self, key_store: KeyStore) -> None:
        self._key_store = key_store

    async def token(self, server: str) -> Secret | None:
        """The token of a server; None where there is none.

        Raises:
            StorageError: The keyring is locked, silent or refuses.
        """
        try:
            return await self._key_store.key(_place(server))
        except StorageError as error:
            if error.cause.name in _WITHOUT_TOKENS:
                return None
            raise

    async def store(self, server: str, token: Secret) -> str:
        """Store a token; returns the name of the keyring.

        Raises:
            ValueError: It cannot be a token; the message says why.
            StorageError: The keyring does not take it.
        """
        if not token or token.flaw:
            raise ValueError(f"this is no token: {token.flaw or 'it is empty'}")
        return await self._key_store.store_key(_place(server), token)

    async def remove(self, server: str) -> bool:
        """Remove a token; returns whether there was one.

        Raises:
            StorageError: The keyring is locked, silent or refuses.
        """
        try:
            return await self._key_store.remove_key(_place(server))
        except StorageError as error:
            if error.cause.name in _WITHOUT_TOKENS:
                return False
            raise


def _place(server: str) -> str:
    return f"mcp:{server}"

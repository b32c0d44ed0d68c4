"""The tokens of servers of tools, in the system's keyring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.keyring_advice import WITHOUT
from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import StorageError
from groqchat.domain.text.secret import KEY_VARIABLE

if TYPE_CHECKING:
    from groqchat.domain.errors.tree import GroqchatError
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
        try:
            return await self._key_store.store_key(_place(server), token)
        except StorageError as error:
            raise _about_token(error) from error

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


def _about_token(error: StorageError) -> GroqchatError:
    """The error with advice for a token, which no variable of ours stands in for."""
    told = error.facts.advice.removesuffix(WITHOUT).strip()
    if not told or KEY_VARIABLE in told:
        told = "Install a keyring (gnome-keyring, KWallet), or unlock it."
    advice = f"{told} A token is kept nowhere else."
    return failure(error.cause.name, detail=error.facts.detail, advice=advice)


def _place(server: str) -> str:
    return f"mcp:{server}"

"""Tokens and passwords of servers, in the system's keyring."""

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
    """The token of each server, kept under a name such as ``mcp:NAME``.

    Args:
        key_store: Where keys are kept.
        place: What stands before the names.
        noun: What sentences call a token.
    """

    def __init__(self, key_store: KeyStore, place: str = "mcp", noun: str = "token") -> None:
        self._key_store = key_store
        self._place = place
        self._noun = noun

    async def token(self, server: str) -> Secret | None:
        """The token of a server; None where there is none.

        Raises:
            StorageError: The keyring is locked, silent or refuses.
        """
        try:
            return await self._key_store.key(f"{self._place}:{server}")
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
            raise ValueError(f"this is no {self._noun}: {token.flaw or 'it is empty'}")
        try:
            return await self._key_store.store_key(f"{self._place}:{server}", token)
        except StorageError as error:
            raise _about_token(error, self._noun) from error

    async def remove(self, server: str) -> bool:
        """Remove a token; returns whether there was one.

        Raises:
            StorageError: The keyring is locked, silent or refuses.
        """
        try:
            return await self._key_store.remove_key(f"{self._place}:{server}")
        except StorageError as error:
            if error.cause.name in _WITHOUT_TOKENS:
                return False
            raise


def _about_token(error: StorageError, noun: str) -> GroqchatError:
    """The error with advice for a token, which no variable of ours stands in for."""
    told = error.facts.advice.removesuffix(WITHOUT).strip()
    if not told or KEY_VARIABLE in told:
        told = "Install a keyring (gnome-keyring, KWallet), or unlock it."
    advice = f"{told} A {noun} is kept nowhere else."
    return failure(error.cause.name, detail=error.facts.detail, advice=advice)

"""Where keys and tokens are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.text.secret import Secret


class KeyStore(Protocol):
    """A store of keys. Every call is bounded in time and may raise ``StorageError``."""

    def on_question(self, listener: Callable[[str], None]) -> None:
        """Set the listener for questions to the user; empty words end a question."""

    async def name(self) -> str:
        """The name of the key store, such as "SecretService Keyring"."""

    async def key(self, profile: str) -> Secret | None:
        """The key of a profile; None where there is none."""

    async def store_key(self, profile: str, key: Secret) -> str:
        """Store a key; returns the name of the key store."""

    async def remove_key(self, profile: str) -> bool:
        """Remove a key; returns whether there was one."""

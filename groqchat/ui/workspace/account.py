"""The account that the chat asks, and the wait until there is a key for one."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from groqchat.domain.models.catalog import Catalog
    from groqchat.services.account.connection import Connection
    from groqchat.services.account.keys import FoundKey
    from groqchat.ui.services import Services
    from groqchat.ui.widgets.toasts import Notify

NO_KEY = "No API key yet · /keys enters one"
# A key that is found within this time, in seconds, needs no notice.
SOON_S = 0.3


class Account:
    """The account in use. ``connection`` is None until a key is known.

    Args:
        services: The services.
        notify: Shows a notice.
        invite: Sets the words of the empty composer; without words, the usual ones.
        find_key: Starts a search for a key, which ends in ``connect`` or ``keyless``.
        has_model_id: Whether the model that is asked has an id, once a server's list tells it.
    """

    def __init__(
        self,
        services: Services,
        notify: Notify,
        invite: Callable[..., None],
        find_key: Callable[[], object],
        has_model_id: Callable[[Connection], Awaitable[bool]],
    ) -> None:
        self.connection: Connection | None = None
        self._services = services
        self._notify = notify
        self._invite = invite
        self._find_key = find_key
        self._has_model_id = has_model_id
        # Set once a key was found, or entered, or is known to be missing.
        self._is_settled = asyncio.Event()
        self._is_starting = True
        self._is_keyless = False

    @property
    def catalog(self) -> Catalog:
        """The models of the account's own list, or those of the shipped catalogue."""
        return self.connection.models.catalog if self.connection else self._services.catalog

    def connect(self, key: FoundKey) -> Connection:
        """Use the account of a key from now on."""
        self.connection = self._services.connect(key)
        self._settle(is_keyless=False)
        self._invite()
        return self.connection

    def forget_stored_key(self) -> None:
        """Note that the key in use is no longer stored."""
        if self.connection is not None:
            self.connection = self.connection.with_unstored_key()

    def keyless(self) -> None:
        """Note that no key was entered; the next request asks for one again."""
        self._settle(is_keyless=True)
        self._invite(NO_KEY)

    def _settle(self, *, is_keyless: bool) -> None:
        self._is_keyless, self._is_starting = is_keyless, False
        self._is_settled.set()

    async def ready(self, then: str) -> Connection | None:
        """Wait until there is a connection and its model has an id.

        None where no key is given, or the name of the model means no model; a notice says so.

        Args:
            then: The continuation that a notice promises meanwhile: ``the comparison opens``.
        """
        if self._is_keyless:
            self._is_keyless = False
            self._is_settled.clear()
            self._find_key()
        connection = await self.started(then)
        if connection is None:
            self._notify("No API key yet; /keys enters one.")
            return None
        return connection if await self._has_model_id(connection) else None

    async def started(self, then: str) -> Connection | None:
        """Wait until a key was found or is known to be missing, for which None is returned.

        Args:
            then: The continuation that a notice promises meanwhile.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(SOON_S):
                await self._is_settled.wait()
        if not self._is_settled.is_set() and (reason := self._reason_to_wait(then)):
            self._notify(reason)
        await self._is_settled.wait()
        return self.connection

    def _reason_to_wait(self, then: str) -> str:
        """The notice of a wait; empty while the window for a key is open."""
        if asked := self._services.keys.asked:
            return f"Waiting for a key from {asked}; {then} when it comes. /keys enters one now."
        return f"Still starting; {then} in a moment." if self._is_starting else ""

"""Keys in the system's keyring, which is never given the time to hang anything."""

from __future__ import annotations

import asyncio
import threading
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.text.humanize import duration
from groqchat.storage.database.threads import complete_future
from groqchat.storage.keys.errors import keyring_error
from groqchat.storage.keys.questions import KeyringDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.text.secret import Secret
    from groqchat.storage.keys.vaults import Vault

T = TypeVar("T")

TIMEOUT_S = 5.0
# A person has to find a dialog, perhaps behind other windows, and to type a long password.
ASKING_S = 120.0
# How long the end of a call that was given up on may take to close its dialog, in seconds.
_CLOSING_S = 0.5


class SystemKeyring:
    """Keys by profile name. Every call may raise ``StorageError``, within its time.

    Its causes: ``keyring_missing``, ``keyring_closed``, ``keyring_locked``, ``keyring_refused``,
    ``keyring_silent`` when there is no answer in time, and ``keyring_unanswered`` when the keyring
    asks its user and he does not answer. A call that was given up on does nothing further.

    Calls are made one after another, so that no user is asked two things at once.

    Args:
        timeout_s: How long a call may take, in seconds.
        asking_s: How long it may take while the keyring asks its user, in seconds.
    """

    def __init__(self, timeout_s: float = TIMEOUT_S, asking_s: float = ASKING_S) -> None:
        self._timeout_s = timeout_s
        self._asking_s = asking_s
        self._turn = asyncio.Lock()
        self._vault: Vault | None = None
        self._notify: Callable[[str], None] = lambda _: None

    def hear(self, notify: Callable[[str], None]) -> None:
        """Whom to tell, in words, that the keyring asks its user; with none: no longer."""
        self._notify = notify

    async def name(self) -> str:
        """What the keyring is called, such as "SecretService Keyring"."""
        return await self._ask(lambda vault, _: vault.name)

    async def key(self, profile: str) -> Secret | None:
        """The key of a profile, if there is one."""
        return await self._ask(lambda vault, dialog: vault.read(profile, dialog))

    async def store_key(self, profile: str, key: Secret) -> str:
        """Keep a key, and see that it is kept; returns the keyring's name."""

        def store(vault: Vault, dialog: KeyringDialog) -> str:
            vault.write(profile, key, dialog)
            return vault.name

        return await self._ask(store)

    async def remove_key(self, profile: str) -> bool:
        """Forget a key; returns whether there was one."""
        return await self._ask(lambda vault, dialog: vault.remove(profile, dialog))

    async def _ask(self, work: Callable[[Vault, KeyringDialog], T]) -> T:
        """Do it on a thread that nobody waits for, not even at exit."""
        async with self._turn:
            answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
            limit = asyncio.timeout(self._timeout_s)
            dialog = KeyringDialog(limit, self._asking_s, self._timeout_s, self._notify)
            call = partial(complete_future, answer, partial(self._perform, work, dialog))
            thread = threading.Thread(target=call, name="keyring", daemon=True)
            try:
                async with limit:
                    thread.start()
                    return await answer
            except TimeoutError:
                raise self._late(dialog) from None
            finally:
                dialog.cancel()
                if dialog.is_open:
                    thread.join(_CLOSING_S)

    def _late(self, dialog: KeyringDialog) -> GroqchatError:
        if dialog.is_open:
            return keyring_error("keyring_unanswered", duration(self._asking_s))
        return keyring_error("keyring_silent", duration(self._timeout_s))

    def _perform(self, work: Callable[[Vault, KeyringDialog], T], dialog: KeyringDialog) -> T:
        """What comes of the work; a keyring that works is kept, with what its user allowed it."""
        from groqchat.storage.keys.keyrings import meaning, open_vault

        vault, self._vault = self._vault, None
        try:
            if vault is None or not vault.is_alive:
                vault = open_vault()
            found = work(vault, dialog)
        except GroqchatError:
            raise
        except Exception as error:  # noqa: BLE001 - every platform's keyring raises errors of its own
            explained = meaning(error)
        else:
            self._vault = None if dialog.is_cancelled else vault
            return found
        finally:
            if vault is not None and self._vault is None:
                vault.close()
        # Raised out here, it carries no traceback of a library whose variables hold the key.
        raise explained

"""Keys in the system's keyring, with a time limit for every call."""

from __future__ import annotations

import asyncio
import threading
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.text.humanize import duration
from groqchat.storage.keys.errors import keyring_error
from groqchat.storage.keys.keyring_dialog import KeyringDialog
from groqchat.storage.threads import complete_future

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.text.secret import Secret
    from groqchat.storage.keys.library_keyring import Keyring

T = TypeVar("T")

TIMEOUT_S = 5.0
# A person has to find a dialog, perhaps behind other windows, and to type a long password.
ASKING_S = 120.0
# Seconds for a cancelled call to close its dialog.
_CLOSING_S = 0.5


class SystemKeyring:
    """The keys in the system's keyring, by profile name.

    Every call may raise ``StorageError`` with one of these causes: ``keyring_missing``,
    ``keyring_closed``, ``keyring_locked``, ``keyring_refused``, ``keyring_silent`` (no answer in
    time), ``keyring_unanswered`` (the user did not answer the keyring's dialog). A call that has
    timed out does nothing further. Calls run one after another, so that only one dialog is open.

    Args:
        timeout_s: The limit for a call, in seconds.
        asking_s: The limit while the keyring shows a dialog, in seconds.
    """

    def __init__(self, timeout_s: float = TIMEOUT_S, asking_s: float = ASKING_S) -> None:
        self._timeout_s = timeout_s
        self._asking_s = asking_s
        self._turn = asyncio.Lock()
        self._keyring: Keyring | None = None
        self._notify: Callable[[str], None] = lambda _: None

    def on_question(self, listener: Callable[[str], None]) -> None:
        """Set the function that gets a sentence while a dialog is open, and '' after it."""
        self._notify = listener

    async def name(self) -> str:
        """The name of the keyring, such as "SecretService Keyring"."""
        return await self._ask(lambda keyring, _: keyring.name)

    async def key(self, profile: str) -> Secret | None:
        """The key of a profile; None if there is none."""
        return await self._ask(lambda keyring, dialog: keyring.read(profile, dialog))

    async def store_key(self, profile: str, key: Secret) -> str:
        """Store a key and check that it is stored; returns the keyring's name."""

        def store(keyring: Keyring, dialog: KeyringDialog) -> str:
            keyring.write(profile, key, dialog)
            return keyring.name

        return await self._ask(store)

    async def remove_key(self, profile: str) -> bool:
        """Remove a key; returns whether there was one."""
        return await self._ask(lambda keyring, dialog: keyring.remove(profile, dialog))

    async def _ask(self, work: Callable[[Keyring, KeyringDialog], T]) -> T:
        """Run the work on a daemon thread, which does not delay the exit."""
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

    def _perform(self, work: Callable[[Keyring, KeyringDialog], T], dialog: KeyringDialog) -> T:
        """Run the work; a working keyring is kept open, with the access that its user allowed."""
        from groqchat.storage.keys.keyrings import meaning, open_keyring

        keyring, self._keyring = self._keyring, None
        try:
            if keyring is None or not keyring.is_alive:
                keyring = open_keyring()
            found = work(keyring, dialog)
        except GroqchatError:
            raise
        except Exception as error:  # noqa: BLE001 - every platform's keyring raises errors of its own
            explained = meaning(error)
        else:
            self._keyring = None if dialog.is_cancelled else keyring
            return found
        finally:
            if keyring is not None and self._keyring is None:
                keyring.close()
        # Raised out here, it carries no traceback of a library whose variables hold the key.
        raise explained

"""Keys in the system's keyring, which is never given the time to hang anything."""

from __future__ import annotations

import asyncio
import threading
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from groqchat.domain.errors import GroqchatError
from groqchat.domain.humanize import duration
from groqchat.domain.secret import Secret
from groqchat.storage.keyring_troubles import trouble
from groqchat.storage.threads import fulfil

if TYPE_CHECKING:
    from collections.abc import Callable

    from keyring.backend import KeyringBackend

T = TypeVar("T")

SERVICE = "groqchat"
TIMEOUT_S = 5.0


class SystemKeyring:
    """Keys by profile name. Every call may raise ``StorageError``, within its time.

    Its causes: ``keyring_missing``, ``keyring_locked``, ``keyring_refused``, and
    ``keyring_silent`` when there is no answer in time (it may be waiting for the user to unlock
    it). A call that was given up on may still come to its end later.

    Args:
        timeout_s: How long a call may take, in seconds.
    """

    def __init__(self, timeout_s: float = TIMEOUT_S) -> None:
        self._timeout_s = timeout_s
        self._name = ""

    async def name(self) -> str:
        """What the keyring that answered last is called, such as "SecretService Keyring"."""
        return self._name or await self._ask(lambda keyring: keyring.name)

    async def key(self, profile: str) -> Secret | None:
        """The key of a profile, if there is one."""
        return await self._ask(lambda keyring: _read(keyring, profile))

    async def store_key(self, profile: str, key: Secret) -> str:
        """Keep a key, and see that it is kept; returns the keyring's name."""

        def store(keyring: KeyringBackend) -> str:
            keyring.set_password(SERVICE, profile, key.reveal())
            if _read(keyring, profile) != key:
                raise trouble("keyring_refused", f"{keyring.name} did not keep the key")
            return keyring.name

        return await self._ask(store)

    async def remove_key(self, profile: str) -> bool:
        """Forget a key; returns whether there was one."""

        def remove(keyring: KeyringBackend) -> bool:
            if _read(keyring, profile) is None:
                return False
            keyring.delete_password(SERVICE, profile)
            return True

        return await self._ask(remove)

    async def _ask(self, work: Callable[[KeyringBackend], T]) -> T:
        """Do it on a thread that nobody waits for, not even at exit."""
        answer: asyncio.Future[tuple[T, str]] = asyncio.get_running_loop().create_future()
        call = partial(fulfil, answer, partial(_with_keyring, work))
        threading.Thread(target=call, name="keyring", daemon=True).start()
        try:
            found, self._name = await asyncio.wait_for(answer, self._timeout_s)
        except TimeoutError:
            raise trouble("keyring_silent", duration(self._timeout_s)) from None
        return found


def _with_keyring(work: Callable[[KeyringBackend], T]) -> tuple[T, str]:
    """What came of the work, and the keyring's name."""
    from groqchat.storage.keyrings import chosen_keyring, meaning

    try:
        keyring = chosen_keyring()
        return work(keyring), keyring.name
    except GroqchatError:
        raise
    except Exception as error:  # noqa: BLE001 - every platform's keyring raises errors of its own
        explained = meaning(error)
    # Raised out here, it carries no traceback of a library whose variables hold the key.
    raise explained


def _read(keyring: KeyringBackend, profile: str) -> Secret | None:
    found = keyring.get_password(SERVICE, profile)
    return Secret(found) if found else None

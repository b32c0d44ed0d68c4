"""Keys by profile: stored in the system's keyring, checked without spending a token."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from groqchat.domain.causes import failure
from groqchat.domain.errors import ErrorKind, GroqchatError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from groqchat.domain.secret import Secret
    from groqchat.services.ports import ChatProvider, Clock

# A check answers within this, in seconds, whatever the network does.
LONGEST_CHECK_S = 10.0


class KeyStatus(StrEnum):
    """What a check found."""

    VALID = "valid"
    REJECTED = "rejected"
    NOT_PERMITTED = "not_permitted"
    LIMITED = "limited"
    UNREACHABLE = "unreachable"
    SERVICE_ERROR = "service_error"
    MISSING = "missing"


_STATUS_OF_KIND = {
    ErrorKind.NO_KEY: KeyStatus.MISSING,
    ErrorKind.KEY_REJECTED: KeyStatus.REJECTED,
    ErrorKind.NOT_PERMITTED: KeyStatus.NOT_PERMITTED,
    ErrorKind.RATE_LIMITED: KeyStatus.LIMITED,
    ErrorKind.TOO_LARGE: KeyStatus.LIMITED,
    ErrorKind.TIER_FULL: KeyStatus.SERVICE_ERROR,
    ErrorKind.SERVICE_ERROR: KeyStatus.SERVICE_ERROR,
    ErrorKind.STREAM_BROKEN: KeyStatus.SERVICE_ERROR,
}
GOOD = frozenset({KeyStatus.VALID, KeyStatus.LIMITED})


@dataclass(frozen=True, slots=True)
class KeyCheck:
    """What a check of a key found; ``models`` counts the account's own list when it was given."""

    status: KeyStatus
    message: str
    suggestion: str = ""
    latency_ms: int | None = None
    models: int | None = None

    @property
    def is_good(self) -> bool:
        """Whether the key works; a limit proves that it does."""
        return self.status in GOOD


@dataclass(frozen=True, slots=True)
class Profile:
    """A stored key's name and what may be known about it without the keyring; times are Unix."""

    name: str
    masked: str
    store: str
    added: float
    checked: float | None = None
    status: str | None = None


class KeyVault(Protocol):
    """The system's keyring. Every call is bounded in time and may raise ``StorageError``."""

    async def read(self, profile: str) -> Secret | None:
        """The key of a profile."""

    async def write(self, profile: str, secret: Secret) -> str:
        """Store a key; returns the name of where it went."""

    async def remove(self, profile: str) -> None:
        """Forget a key; one that is not there is no error."""


class ProfileIndex(Protocol):
    """What is known about the stored keys, without any secret."""

    async def profiles(self) -> Sequence[Profile]:
        """All of them, by name."""

    async def save_profile(self, profile: Profile) -> None:
        """Add or replace one."""

    async def remove_profile(self, name: str) -> None:
        """Forget one."""


class UnknownProfileError(LookupError):
    """No key is stored under the name; the message says so."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no key is stored under the name {name!r}")


class Keys:
    """The named keys of this user.

    Args:
        vault: Where the keys are.
        index: What is known about them.
        provider_for: Makes the provider that a key is tried with.
        choose: Makes a profile the default one.
        clock: Time.
    """

    def __init__(
        self,
        vault: KeyVault,
        index: ProfileIndex,
        provider_for: Callable[[Secret], ChatProvider],
        choose: Callable[[str], object],
        clock: Clock,
    ) -> None:
        self._vault = vault
        self._index = index
        self._provider_for = provider_for
        self._choose = choose
        self._clock = clock

    async def check(self, secret: Secret) -> KeyCheck:
        """Ask for the account's list of models: it costs no tokens and tells good from bad."""
        provider = self._provider_for(secret)
        start = self._clock.monotonic()
        models: int | None = None
        error: GroqchatError | None = None
        try:
            async with asyncio.timeout(LONGEST_CHECK_S):
                models = len(await provider.models())
        except TimeoutError:
            error = failure("timed_out")
        except GroqchatError as refusal:
            error = refusal
        finally:
            await provider.close()
        latency = round((self._clock.monotonic() - start) * 1000)
        return _found(error, latency, models)

    async def add(self, profile: str, secret: Secret) -> str:
        """Store a key under a name, in place of the one that was there.

        Returns:
            The name of where it went, such as ``"SecretService Keyring"``.

        Raises:
            StorageError: The keyring is missing, locked, silent or refuses.
        """
        if not secret:
            raise failure("no_key")
        if secret.flaw:
            raise failure("key_malformed", detail=secret.flaw)
        store = await self._vault.write(profile, secret)
        now = self._clock.now()
        await self._index.save_profile(Profile(profile, secret.masked, store, now))
        return store

    async def read(self, profile: str) -> Secret | None:
        """The stored key of a profile."""
        return await self._vault.read(profile)

    async def list(self) -> Sequence[Profile]:
        """What is known about the stored keys; the keyring is not asked."""
        return await self._index.profiles()

    async def use(self, profile: str) -> None:
        """Make a stored key the default one.

        Raises:
            UnknownProfileError: There is none.
        """
        await self._known(profile)
        self._choose(profile)

    async def rename(self, old: str, new: str, *, is_default: bool = False) -> None:
        """Store a key under another name; the default key stays the default.

        Raises:
            UnknownProfileError: There is none under the old name.
            ValueError: There is one under the new name.
        """
        known = await self._known(old)
        if any(profile.name == new for profile in await self.list()):
            raise ValueError(f"there is a key under the name {new!r} already")
        secret = await self._vault.read(old)
        if secret is None:
            raise UnknownProfileError(old)
        store = await self._vault.write(new, secret)
        renamed = Profile(new, known.masked, store, known.added, known.checked, known.status)
        await self._index.save_profile(renamed)
        await self.remove(old)
        if is_default:
            self._choose(new)

    async def remove(self, profile: str) -> None:
        """Forget a key.

        Raises:
            UnknownProfileError: There is none.
        """
        await self._known(profile)
        await self._vault.remove(profile)
        await self._index.remove_profile(profile)

    async def _known(self, name: str) -> Profile:
        for profile in await self.list():
            if profile.name == name:
                return profile
        raise UnknownProfileError(name)


def fingerprint(secret: Secret) -> str:
    """A name for a key that does not give it away, to tell accounts apart in the ledger."""
    return hashlib.sha256(secret.reveal().encode("utf-8", "replace")).hexdigest()[:16]


def _found(error: GroqchatError | None, latency_ms: int, models: int | None) -> KeyCheck:
    if error is None:
        return KeyCheck(KeyStatus.VALID, "The key works.", "", latency_ms, models)
    if error.kind is ErrorKind.STORAGE:
        raise error
    status = _STATUS_OF_KIND.get(error.kind, KeyStatus.UNREACHABLE)
    if status is KeyStatus.LIMITED:
        return KeyCheck(status, f"The key works. {error.message}", error.suggestion, latency_ms)
    return KeyCheck(status, error.message, error.suggestion, latency_ms)

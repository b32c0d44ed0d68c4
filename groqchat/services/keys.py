"""Keys by profile: stored in the system's keyring, checked without spending a token."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from groqchat.domain.causes import failure
from groqchat.domain.errors import ErrorKind, GroqchatError, StorageError
from groqchat.domain.profiles import Profile

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
class FoundKey:
    """A key and where it came from.

    ``source`` is "env", "keyring", "stdin" or "session" (typed in, kept for this run only);
    ``store`` names the keyring, and is empty for a key that is in none. ``shadows_stored`` says
    that the environment's key is used although the profile has one in the keyring.
    """

    secret: Secret
    profile: str
    source: str
    store: str = ""
    shadows_stored: bool = False


class KeyVault(Protocol):
    """Where the keys are. Every call is bounded in time and may raise ``StorageError``."""

    async def name(self) -> str:
        """What it is called, such as "SecretService Keyring"."""

    async def key(self, profile: str) -> Secret | None:
        """The key of a profile, if there is one."""

    async def store_key(self, profile: str, key: Secret) -> str:
        """Keep a key; returns the vault's name."""

    async def remove_key(self, profile: str) -> bool:
        """Forget a key; returns whether there was one."""


class ProfileIndex(Protocol):
    """What is known about the stored keys, without any secret."""

    async def profiles(self) -> Sequence[Profile]:
        """All of them, by name."""

    async def save_profile(self, profile: Profile) -> None:
        """Add one, or renew what is known of it."""

    async def rename_profile(self, name: str, new_name: str) -> None:
        """Give one another name."""

    async def remove_profile(self, name: str) -> None:
        """Forget one."""


class KeysOfThisRun:
    """A vault in memory: nothing outlives the program."""

    def __init__(self) -> None:
        self._keys: dict[str, Secret] = {}

    async def name(self) -> str:
        """What it is called."""
        return "memory"

    async def key(self, profile: str) -> Secret | None:
        """The key of a profile, if there is one."""
        return self._keys.get(profile)

    async def store_key(self, profile: str, key: Secret) -> str:
        """Keep a key for this run."""
        self._keys[profile] = key
        return await self.name()

    async def remove_key(self, profile: str) -> bool:
        """Forget a key; returns whether there was one."""
        return self._keys.pop(profile, None) is not None


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

    async def check(self, secret: Secret, profile: str | None = None) -> KeyCheck:
        """Ask for the account's list of models: it costs no tokens and tells good from bad.

        Args:
            secret: The key.
            profile: The name that it is stored under, to remember the outcome by.
        """
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
        found = _found(error, latency, models)
        if profile is not None:
            await self._remember(profile, found)
        return found

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
        store = await self._vault.store_key(profile, secret)
        await self._index.save_profile(Profile(profile, self._clock.now()))
        return store

    async def find(self, profile: str, from_env: Secret | None) -> FoundKey:
        """The key to use: the environment's, else the one stored under the name.

        Raises:
            NoKeyError: There is none.
            StorageError: There should be one, but the keyring does not give it.
        """
        is_known = any(known.name == profile for known in await self.list())
        if from_env is not None:
            return FoundKey(from_env, profile, "env", shadows_stored=is_known)
        try:
            secret = await self._vault.key(profile)
        except StorageError as error:
            if is_known:
                raise
            raise failure("no_key") from error
        if secret is None:
            raise failure("no_key")
        return FoundKey(secret, profile, "keyring", await self._vault.name())

    async def store_name(self) -> str:
        """What the keyring is called."""
        return await self._vault.name()

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
        await self._known(old)
        if any(profile.name == new for profile in await self.list()):
            raise ValueError(f"there is a key under the name {new!r} already")
        secret = await self._vault.key(old)
        if secret is None:
            raise UnknownProfileError(old)
        await self._vault.store_key(new, secret)
        await self._index.rename_profile(old, new)
        await self._vault.remove_key(old)
        if is_default:
            self._choose(new)

    async def remove(self, profile: str) -> None:
        """Forget a key.

        Raises:
            UnknownProfileError: There is none.
        """
        was_stored = await self._vault.remove_key(profile)
        if not was_stored:
            await self._known(profile)
        await self._index.remove_profile(profile)

    async def _known(self, name: str) -> Profile:
        for profile in await self.list():
            if profile.name == name:
                return profile
        raise UnknownProfileError(name)

    async def _remember(self, name: str, check: KeyCheck) -> None:
        for profile in await self.list():
            if profile.name == name:
                now = self._clock.now()
                await self._index.save_profile(
                    replace(profile, last_checked=now, status=check.status)
                )


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

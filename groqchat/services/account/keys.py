"""Keys by profile: stored in the system's keyring, checked without spending a token."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from groqchat.domain.errors.keyring_advice import other_profiles
from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import GroqchatError, StorageError
from groqchat.domain.profiles import Profile, refuse_key_as_name
from groqchat.domain.text.secret import Secret
from groqchat.services.account.key_checks import check_with

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from groqchat.domain.errors.servers import Server
    from groqchat.services.account.key_checks import KeyCheck, Lister
    from groqchat.services.key_store import KeyStore
    from groqchat.services.ports import Clock


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A key and where it came from.

    ``source`` is "env", "keyring", "command", "stdin" or "session" (typed in, kept for this run
    only); ``store`` names the keyring or the command's program, and is empty for the others.
    ``shadows_stored`` says that the environment's key is used although the profile has one in the
    keyring.
    """

    secret: Secret
    profile: str
    source: str
    store: str = ""
    shadows_stored: bool = False


class KeySource(Protocol):
    """Another program that gives keys, such as a password manager."""

    @property
    def name(self) -> str:
        """The name of the program."""

    async def key(self, profile: str) -> Secret:
        """The key of a profile; bounded in time, may raise ``StorageError``."""


class ProfileIndex(Protocol):
    """The facts about the stored keys, without any secret."""

    async def profiles(self) -> Sequence[Profile]:
        """All profiles, by name."""

    async def save_profile(self, profile: Profile) -> None:
        """Add a profile, or replace its facts."""

    async def remove_profile(self, name: str) -> None:
        """Remove a profile."""


class MemoryKeyStore:
    """A key store in memory: no key outlives the program."""

    def __init__(self) -> None:
        self._keys: dict[str, Secret] = {}

    def on_question(self, listener: Callable[[str], None]) -> None:
        """Do nothing: a key store in memory never asks its user."""

    async def name(self) -> str:
        """The name of the key store."""
        return "memory"

    async def key(self, profile: str) -> Secret | None:
        """The key of a profile; None where there is none."""
        return self._keys.get(profile)

    async def store_key(self, profile: str, key: Secret) -> str:
        """Store a key for this run."""
        self._keys[profile] = key
        return await self.name()

    async def remove_key(self, profile: str) -> bool:
        """Remove a key; returns whether there was one."""
        return self._keys.pop(profile, None) is not None


# In these cases a profile that is not listed has no key in the keyring.
_WITHOUT_KEYS = frozenset({"keyring_missing", "keyring_closed"})


class UnknownProfileError(LookupError):
    """No key is stored under the name; the message says so."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no key is stored under the name {name!r}")


class Keys:
    """The named keys of this user.

    Args:
        key_store: Stores the keys.
        index: Stores the facts about them.
        provider_for: Makes the provider that a key is tried with; a profile may belong to another
            vendor's endpoint.
        choose: Makes a profile the default one.
        clock: Time.
    """

    def __init__(
        self,
        key_store: KeyStore,
        index: ProfileIndex,
        provider_for: Callable[[Secret, str | None], Lister],
        choose: Callable[[str], object],
        clock: Clock,
    ) -> None:
        self._key_store = key_store
        self._index = index
        self._provider_for = provider_for
        self._choose = choose
        self._clock = clock
        self.asked = ""
        """Who was asked for a key and has not answered yet, in words for the user."""

    def on_question(self, listener: Callable[[str], None]) -> None:
        """Set the listener for questions of the keyring to its user; empty words end a question."""
        self._key_store.on_question(listener)

    async def check(
        self, secret: Secret, profile: str | None = None, *, meant_for: str | None = None
    ) -> KeyCheck:
        """Ask for the account's list of models, which costs no tokens.

        Args:
            secret: The key.
            profile: The name that the key is stored under; the result is stored there too.
            meant_for: The name that the key may be stored under later.
        """
        found = await check_with(self._provider_for(secret, profile or meant_for), self._clock)
        if profile is not None:
            await self._remember(profile, secret, found)
        return found

    def server_of(self, profile: str) -> Server:
        """The server that the key of a profile is for."""
        return self._provider_for(Secret(""), profile).server

    async def add(
        self,
        profile: str,
        secret: Secret,
        organisation: str = "",
        *,
        found: KeyCheck | None = None,
    ) -> str:
        """Store a key under a name, in place of an earlier one.

        Args:
            profile: The name.
            secret: The key.
            organisation: The user's word for the owner; empty: it stays as it was.
            found: The result of a check just made, if there was one.

        Returns:
            The name of the key store, such as ``"SecretService Keyring"``.

        Raises:
            StorageError: The keyring is missing, locked, silent or refuses.
        """
        if not secret:
            raise failure("no_key")
        if secret.flaw:
            raise failure("key_malformed", detail=secret.flaw)
        store = await self._key_store.store_key(profile, secret)
        known = {each.name: each for each in await self.list()}
        old = known.get(profile)
        now = self._clock.now()
        await self._index.save_profile(
            Profile(
                profile,
                now,
                last_checked=now if found else None,
                status=found.status if found else "",
                organisation=organisation or (old.organisation if old else ""),
                masked=secret.masked,
            )
        )
        return store

    async def find(
        self, profile: str, from_env: Secret | None, elsewhere: KeySource | None = None
    ) -> FoundKey:
        """The key to use, from the environment, the keyring or another program, in this order.

        A key that was stored on purpose under a name comes before a program that serves any name.

        Args:
            profile: The name.
            from_env: The key of the environment.
            elsewhere: The program that is asked where no key is stored under the name.

        Raises:
            NoKeyError: There is none.
            StorageError: A key is stored but cannot be had.
        """
        is_known = any(known.name == profile for known in await self.list())
        if from_env is not None:
            return FoundKey(from_env, profile, "env", shadows_stored=is_known)
        if elsewhere is not None and not is_known:
            with self._asking(f"{elsewhere.name} (key_command)"):
                given = await elsewhere.key(profile)
            return FoundKey(given, profile, "command", elsewhere.name)
        try:
            with self._asking("the system keyring"):
                secret = await self._key_store.key(profile)
        except StorageError as error:
            if is_known or error.cause.name not in _WITHOUT_KEYS:
                raise
            raise await self._no_key(profile) from error
        if secret is None:
            raise await self._no_key(profile)
        if not is_known:
            await self._adopt(profile, secret)
        return FoundKey(secret, profile, "keyring", await self._key_store.name())

    async def _no_key(self, profile: str) -> GroqchatError:
        """The error for a profile without a key."""
        names = [known.name for known in await self.list()]
        advice = other_profiles(names)
        return (
            failure("no_key_there", parameter=profile, advice=advice)
            if names
            else failure("no_key")
        )

    async def store_name(self) -> str:
        """The name of the keyring."""
        return await self._key_store.name()

    async def list(self) -> Sequence[Profile]:
        """The facts about the stored keys; the keyring is not asked."""
        return await self._index.profiles()

    async def use(self, profile: str) -> None:
        """Make a stored key the default one.

        Raises:
            UnknownProfileError: There is no key under the name.
        """
        await self._known(profile)
        self._choose(profile)

    async def rename(self, old: str, new: str, *, is_default: bool = False) -> None:
        """Store a key under another name; the default key stays the default.

        The old name is removed last, so that whatever fails, one of the names has the key and is
        the default.

        Raises:
            UnknownProfileError: There is no key under the old name.
            ValueError: There is a key under the new name, or the name is a key.
            StorageError: Nothing has changed, or (``key_left_behind``) only the old name is still
                to be removed.
        """
        known = await self._known(old)
        refuse_key_as_name(new)
        if any(profile.name == new for profile in await self.list()):
            raise ValueError(f"there is a key under the name {new!r} already")
        secret = await self._key_store.key(old)
        if secret is None:
            raise UnknownProfileError(old)
        await self._key_store.store_key(new, secret)
        await self._index.save_profile(replace(known, name=new))
        if is_default:
            self._choose(new)
        try:
            await self.remove(old)
        except StorageError as error:
            raise failure("key_left_behind", detail=f"{old}: {error.message}") from error

    async def remove(self, profile: str) -> None:
        """Remove a key.

        Raises:
            UnknownProfileError: There is no key under the name.
        """
        was_stored = await self._key_store.remove_key(profile)
        if not was_stored and all(known.name != profile for known in await self.list()):
            raise UnknownProfileError(profile)
        await self._index.remove_profile(profile)

    @contextmanager
    def _asking(self, whom: str) -> Iterator[None]:
        self.asked = whom
        try:
            yield
        finally:
            self.asked = ""

    async def _known(self, name: str) -> Profile:
        for profile in await self.list():
            if profile.name == name:
                return profile
        secret = await self._key_store.key(name)
        if secret is None:
            raise UnknownProfileError(name)
        return await self._adopt(name, secret)

    async def _adopt(self, name: str, secret: Secret) -> Profile:
        """List a key that only the keyring knows, as after the loss of the database."""
        profile = Profile(name, self._clock.now(), masked=secret.masked)
        with suppress(StorageError):  # the key works without being listed
            await self._index.save_profile(profile)
        return profile

    async def _remember(self, name: str, secret: Secret, check: KeyCheck) -> None:
        for profile in await self.list():
            if profile.name == name:
                known = replace(
                    profile,
                    last_checked=self._clock.now(),
                    status=check.status,
                    masked=secret.masked,
                )
                await self._index.save_profile(known)

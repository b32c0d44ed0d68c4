"""The way to the team's database: its address in the settings, its password in the keyring."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Protocol

from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import StorageError
from groqchat.services.quota.header_reconciliation import origin
from groqchat.services.server_tokens import ServerTokens
from groqchat.services.team.ports import TeamStore

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from groqchat.domain.team.settings import TeamSettings
    from groqchat.domain.text.secret import Secret
    from groqchat.services.key_store import KeyStore
    from groqchat.services.ports import Clock
    from groqchat.services.quota.quota import Account
    from groqchat.services.team.limits import TeamLimits
    from groqchat.services.team.ports import Outbox
    from groqchat.services.team.set_ports import SetRunStore


class TeamServer(TeamStore, Protocol):
    """A store that somebody has to create first. Calls raise ``GroqchatError`` like the others."""

    async def init(self, now: float) -> bool:
        """Create the tables or upgrade them, and join; returns whether they were changed."""

    async def allow(self, person: str, *, may_read: bool) -> bool:
        """Let a person read others' use, or no longer; returns whether the person is there."""


class ServerMaker(Protocol):
    """Makes the store at an address."""

    def __call__(
        self, settings: TeamSettings, password_of: Callable[[], Awaitable[Secret | None]], /
    ) -> TeamServer:
        """The store; nothing is asked yet."""


class SetsMaker(Protocol):
    """Makes the store of shared sets at an address."""

    def __call__(
        self, settings: TeamSettings, password_of: Callable[[], Awaitable[Secret | None]], /
    ) -> SetRunStore:
        """The store; nothing is asked yet."""


class TeamAccess:
    """The team of the settings.

    Args:
        settings_now: Gives the settings of the team.
        change: Changes the address, in the file too.
        key_store: Where passwords are kept.
        make: Makes the store.
        make_sets: Makes the store of shared sets.
        client: A name for this process that no other has.
    """

    def __init__(
        self,
        settings_now: Callable[[], TeamSettings],
        change: Callable[[str], object],
        key_store: KeyStore,
        *,
        make: ServerMaker,
        make_sets: SetsMaker,
        client: str,
    ) -> None:
        self._client = client
        self._limits: dict[tuple[TeamSettings, str], TeamLimits] = {}
        self._settings_now = settings_now
        self._change = change
        self._make = make
        self._make_sets = make_sets
        self._passwords = ServerTokens(key_store, "team", "password")

    @property
    def settings(self) -> TeamSettings:
        """The settings of the team."""
        return self._settings_now()

    def server(self, password: Secret | None = None) -> TeamServer:
        """The store of the settings.

        Args:
            password: A password that is not stored yet; None: the one in the keyring.

        Raises:
            StorageError: The settings name none.
        """
        if not self.settings.url:
            raise failure("team_unset")
        return self.server_at(self.settings, password)

    def server_at(self, settings: TeamSettings, password: Secret | None = None) -> TeamServer:
        """The store at an address that need not be in the settings yet."""
        return self._make(settings, partial(self._password_of, settings, password))

    def sets(self) -> SetRunStore:
        """The store of shared sets, on a connection of its own.

        Raises:
            StorageError: The settings name none.
        """
        if not self.settings.url:
            raise failure("team_unset")
        return self._make_sets(self.settings, partial(self._password_of, self.settings, None))

    async def _password_of(self, settings: TeamSettings, password: Secret | None) -> Secret | None:
        if password:
            return password
        with suppress(StorageError):  # libpq has other ways to find one
            return await self._passwords.token(settings.url)
        return None

    def limits_of(
        self, base_url: str, outbox: Outbox, clock: Clock, account: Account
    ) -> TeamLimits | None:
        """The limits that an account shares with the team of the settings, if it does.

        Args:
            base_url: The address of the server.
            outbox: The entries that the team does not have yet.
            clock: Time.
            account: The account at the server.
        """
        settings = self.settings
        if account.provider is not None or not settings.includes(account.profile):
            return None
        place = settings, origin(base_url)
        if place not in self._limits:
            from groqchat.services.team.limits import TeamLimits  # most people have no team

            self._limits[place] = TeamLimits(
                self.server(),
                outbox,
                clock,
                team=settings.url,
                account=place[1],
                client=self._client,
                is_ours=lambda entry: entry.provider is None and settings.includes(entry.profile),
            )
        return self._limits[place]

    async def close(self) -> None:
        """Hand in what there is, and close the connections."""
        limits, self._limits = self._limits, {}
        for each in limits.values():
            await each.close()

    def use(self, url: str) -> None:
        """Write the address into the settings.

        Raises:
            StorageError: The file cannot be written.
        """
        if url != self.settings.url:
            self._change(url)

    async def store_password(self, url: str, password: Secret) -> str:
        """Store the password of an address; returns the name of the keyring.

        Raises:
            ValueError: It cannot be a password; the message says why.
            StorageError: The keyring does not take it.
        """
        return await self._passwords.store(url, password)

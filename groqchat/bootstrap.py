"""The composition root: puts the parts together, for the screen and for every command alike."""

from __future__ import annotations

import asyncio
import os
import random
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.launch import DEMO_KEY, DEMO_PROFILE, Launch
from groqchat.domain.text.secret import KEY_VARIABLE, Secret
from groqchat.services.account.keys import FoundKey, Keys, MemoryVault
from groqchat.services.clock import SystemClock
from groqchat.storage.catalog import ActiveCatalog, load_catalog, load_use_cases
from groqchat.storage.database.comparisons import Comparisons
from groqchat.storage.database.database import Database
from groqchat.storage.database.drafts import Drafts
from groqchat.storage.database.header_timing import HeaderTimings
from groqchat.storage.database.ledger import Ledger
from groqchat.storage.database.prompt_sets import PromptSets
from groqchat.storage.database.sessions import Sessions
from groqchat.storage.database.unsaved import UnsavedSessions
from groqchat.storage.database.votes import Votes
from groqchat.storage.export_files import save_export
from groqchat.storage.ids import new_id
from groqchat.storage.keys.key_command import key_command
from groqchat.storage.keys.profiles import Profiles
from groqchat.storage.keys.stored_keys import SystemKeyring
from groqchat.storage.model_lists import ModelLists
from groqchat.storage.settings.active import ActiveSettings
from groqchat.storage.settings.paths import folders

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from logging import Handler
    from pathlib import Path

    from groqchat.domain.models.catalog import Catalog
    from groqchat.domain.settings import Settings
    from groqchat.domain.turns.endpoints import Endpoint
    from groqchat.provider.groq_provider import GroqProvider
    from groqchat.services.account.connection import Connection
    from groqchat.services.ports import Clock
    from groqchat.simulator.background import BackgroundSimulator
    from groqchat.storage.keys.key_command import KeyCommand
    from groqchat.storage.settings.settings import Value

__all__ = ["Launch", "LocalServices", "open_services"]

# An orderly end takes no longer than this, in seconds, whatever hangs.
LONGEST_CLOSE_S = 3.0


class LocalServices:
    """Everything that does not depend on an account.

    Made in a moment: database, keyring, SDK and simulator are loaded when they are first used.

    Args:
        launch: What the command line asked for.
    """

    def __init__(self, launch: Launch) -> None:
        self.launch = launch
        self.notices: list[str] = []
        self.clock: Clock = SystemClock()
        self.new_id = new_id
        self.use_cases = load_use_cases
        self.save_export = save_export
        self._env_key = Secret(os.environ.get(KEY_VARIABLE, ""))
        self._folders = folders()
        self._simulator: BackgroundSimulator | None = None
        path = None if launch.demo else self._folders.settings_file
        self._settings = ActiveSettings(path, self._names)
        self._catalog = ActiveCatalog(self.notices.append)
        self._connection: Connection | None = None
        self._log: Handler | None = None
        self.forgets = False
        self._shelve(None if launch.demo else self._folders.database_file)

    # -- settings -----------------------------------------------------------------------------

    @property
    def is_demo(self) -> bool:
        """Whether the simulator answers."""
        return self.launch.demo

    @property
    def profile(self) -> str:
        """The name of the key that is used."""
        chosen = self.launch.profile or os.environ.get("GROQCHAT_PROFILE")
        return DEMO_PROFILE if self.is_demo else chosen or self.settings.profile

    @property
    def settings_path(self) -> Path:
        """The user's settings."""
        return self._folders.settings_file

    @property
    def themes_folder(self) -> Path:
        """The user's own themes."""
        return self._folders.themes

    @property
    def database_path(self) -> Path:
        """Where conversations and the ledger are kept."""
        return self._folders.database_file

    @property
    def base_url(self) -> str:
        """The server that is asked."""
        if self._simulator is not None:
            return self._simulator.url
        from groqchat.provider.client import DEFAULT_BASE_URL, without_sdk_path

        return without_sdk_path(os.environ.get("GROQ_BASE_URL") or DEFAULT_BASE_URL)

    @property
    def catalog(self) -> Catalog:
        """What ships with the program, with the user's own prices."""
        return self._catalog.by(self.settings)

    @property
    def settings(self) -> Settings:
        """What ``config.toml`` said when it was read last."""
        return self._settings.now

    @property
    def mistakes(self) -> tuple[str, ...]:
        """What is wrong with it."""
        return self._settings.mistakes

    def reload_settings(self) -> tuple[str, ...]:
        """Read the settings again, and return what is wrong with them."""
        return self._settings.reload()

    def settings_before_news(self) -> Settings | None:
        """The settings before others changed the file, told once; None where nobody has."""
        return self._settings.before_news()

    def settings_to_send_by(self) -> Settings:
        """The settings as the file has them now; StorageError where it hides what guards money."""
        return self._settings.to_send_by()

    def change_setting(self, name: str, value: Value) -> Settings:
        """Change one setting, in the file too unless this is the demo.

        Raises:
            StorageError: The file cannot be written.
        """
        return self._settings.change(name, value)

    def _names(self) -> Catalog | None:
        """By whose names the settings may call models; None: the server alone knows."""
        from groqchat.provider.servers import server_at

        return load_catalog() if server_at(self.base_url).is_groq else None

    # -- what is kept -------------------------------------------------------------------------

    def _shelve(self, path: Path | None, *, as_copy: bool = False) -> None:
        """Keep things in a database from now on; None is one in memory, as is a copy of one."""
        self._databases = [Database(path, self.notices.append, as_copy=as_copy)]
        self.ledger = Ledger(self._databases[0])
        self.drafts = Drafts(self._databases[0])
        self.model_lists = ModelLists(self._databases[0])
        self.header_timings = HeaderTimings(self._databases[0])
        self.votes = Votes(self._databases[0])
        self.prompt_sets = PromptSets(self._databases[0])
        self.keys = Keys(
            MemoryVault() if self.is_demo else SystemKeyring(),
            Profiles(self._databases[0]),
            self._provider,
            lambda name: self.change_setting("profile", name),
            self.clock,
        )
        self.store = self.saved = Sessions(self._databases[0])
        if path is not None and not self.launch.keep:
            self._databases.append(Database(None, self.notices.append))
            self.store = UnsavedSessions(self._databases[1], self.ledger)
        self.comparisons = Comparisons(self._databases[-1])

    async def start(self) -> None:
        """Open the database, and for the demo begin to pretend.

        Raises:
            StorageError: It cannot be opened or not be written to; this run goes on in memory,
                with what could be read. Where it may forget, this is a notice.
        """
        if self.is_demo:
            await asyncio.to_thread(self._pretend)
        else:
            from groqchat.storage.log import open_log

            self._log = open_log()
        try:
            await self._databases[0].open()
        except StorageError as error:
            is_readable = error.cause.name == "home_unwritable"
            await self._go_on_in_memory(with_copy=is_readable)
            if self.launch.keep and not (self.launch.may_forget and is_readable):
                raise
            rest = "" if is_readable else " So nothing of this run is kept."
            self.notices.append(f"{error.message}{rest}")

    async def _go_on_in_memory(self, *, with_copy: bool) -> None:
        """Where the disk cannot be written to, what it holds may still be readable."""
        self.forgets = True
        self._shelve(self.database_path if with_copy else None, as_copy=with_copy)
        try:
            await self._databases[0].open()
        except StorageError:
            self._shelve(None)

    async def close(self) -> None:
        """Write what is to be written and let go of everything; never takes long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_CLOSE_S):
                for database in self._databases:
                    await database.close()
        if self._simulator is not None:
            self._simulator.close()
        if self._log is not None:
            from groqchat.storage.log import stop_log

            stop_log(self._log)

    def _pretend(self) -> None:
        from groqchat.simulator.background import start_demo

        self._simulator = start_demo(self.catalog)

    # -- keys and accounts --------------------------------------------------------------------

    @property
    def env_key(self) -> Secret | None:
        """The key in the environment, which beats those in the keyring."""
        return self._env_key if self._env_key and not self.is_demo else None

    @property
    def key_command(self) -> KeyCommand | None:
        """The user's command for the profile's key, asked where the keyring has none."""
        return key_command(self.settings, self.profile)

    async def find_key(self) -> FoundKey:
        """The environment's key, else the profile's in the keyring, else what the command gives.

        The environment's key is Groq's, and counts for the default profile unless another one is
        stored under the name that was asked for.

        Raises:
            NoKeyError: There is none.
            StorageError: The keyring or the command does not give it.
        """
        if self.is_demo:
            return FoundKey(DEMO_KEY, self.profile, "session")
        env_key = None if self.settings.endpoint_of(self.profile) else self.env_key
        found = await self.keys.find(self.profile, env_key, self.key_command)
        is_unknown = found.source == "env" and not found.shadows_stored
        return replace(found, profile=self.settings.profile) if is_unknown else found

    def entered_key(self, secret: Secret, store: str | None, source: str | None = None) -> FoundKey:
        """A key that was just given; ``store`` names the keyring it went to, if it did."""
        return FoundKey(
            secret, self.profile, source or ("keyring" if store else "session"), store or ""
        )

    def connect(self, key: FoundKey, *, longest_wait_s: float | None = None) -> Connection:
        """Everything that is needed to ask with a key; nothing is sent yet.

        Args:
            key: Whose account.
            longest_wait_s: The longest wait that is slept through, instead of the setting's.
        """
        from groqchat.services.account.connection import Connector

        connector = Connector(
            base_url=self.base_url,
            settings_now=lambda: self.settings,
            settings_to_send_by=self.settings_to_send_by,
            catalog=self.catalog,
            store=self.store,
            ledger=self.ledger,
            lists=self.model_lists,
            header_timings=self.header_timings,
            records=self.comparisons,
            clock=self.clock,
            new_id=self.new_id,
            chance=random.random,
            endpoint_key=self._key_of,
            endpoint_provider=self._asking,
        )
        provider = self._provider(key.secret)
        self._connection = connector.connect(key, provider, longest_wait_s)
        return self._connection

    def warm_up(self) -> None:
        """Load the SDK and make its client before they are needed; for a thread."""
        if self._connection is not None:
            self._connection.provider.warm_up()

    def _provider(self, secret: Secret, profile: str | None = None) -> GroqProvider:
        """Who is asked with a key: Groq, unless its profile is for another vendor's endpoint."""
        return self._asking(self.settings.endpoint_of(profile) if profile else None, secret)

    def _asking(self, endpoint: Endpoint | None, secret: Secret) -> GroqProvider:
        from groqchat.provider.compatible import provider_for

        place, gap = endpoint or self.base_url, self.settings.gap_timeout_s
        now, demo = self.clock.now, self.is_demo
        return provider_for(place, secret, clock_now=now, gap_timeout=gap, is_simulated=demo)

    async def _key_of(self, endpoint: Endpoint) -> Secret:
        """An endpoint's own key; the environment's is Groq's."""
        command = key_command(self.settings, endpoint.profile)
        return (await self.keys.find(endpoint.profile, None, command)).secret


@asynccontextmanager
async def open_services(launch: Launch) -> AsyncGenerator[LocalServices, None]:
    """The parts, started and in the end closed.

    Raises:
        StorageError: The database cannot be opened.
    """
    parts = LocalServices(launch)
    try:
        await parts.start()
        yield parts
    finally:
        await parts.close()

"""The composition root: creates the services for the screen and for the commands."""

from __future__ import annotations

import asyncio
import os
import random
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.launch import DEMO_KEY, DEMO_PROFILE, Launch
from groqchat.domain.text.secret import KEY_VARIABLE, Secret
from groqchat.mcp.assembly import registry_of
from groqchat.media.local import LocalSound
from groqchat.provider.late_pages import fetch
from groqchat.provider.packages import install_command
from groqchat.services.account.keys import FoundKey, Keys, MemoryKeyStore
from groqchat.services.clock import SystemClock
from groqchat.services.pages.web_pages import WebPages
from groqchat.services.prompts.library import PromptLibrary
from groqchat.services.scheduling.scheduler import Scheduler
from groqchat.services.tools.sources import sources_of
from groqchat.storage.archive_files import ArchiveFiles
from groqchat.storage.catalog import ActiveCatalog, load_batch_limits, load_catalog, load_use_cases
from groqchat.storage.export_files import save_export
from groqchat.storage.ids import new_id
from groqchat.storage.keys.key_command import key_command
from groqchat.storage.keys.profiles import Profiles
from groqchat.storage.keys.system_keyring import SystemKeyring
from groqchat.storage.last_run import LastRunFile
from groqchat.storage.local_stores import LocalStores
from groqchat.storage.settings.active_settings import ActiveSettings
from groqchat.storage.settings.paths import folders
from groqchat.team.assembly import access_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from logging import Handler
    from pathlib import Path

    from groqchat.domain.models.catalog import Catalog
    from groqchat.domain.settings import Settings
    from groqchat.domain.turns.endpoints import Endpoint
    from groqchat.provider.groq_provider import GroqProvider
    from groqchat.services.account.connection import Connection
    from groqchat.services.batch.batches import Batches
    from groqchat.services.ports import Clock
    from groqchat.simulator.background import BackgroundSimulator
    from groqchat.storage.database.batch.batches import BatchRecords
    from groqchat.storage.keys.key_command import KeyCommand
    from groqchat.storage.settings.settings import Value

__all__ = ["Launch", "LocalServices", "open_services"]

# The limit for closing the databases, in seconds.
LONGEST_CLOSE_S = 3.0


class LocalServices(LocalStores):
    """The services of this machine, from which connections to accounts are made.

    Creating them is cheap: database, keyring, SDK and simulator are loaded at their first use.

    Args:
        launch: The options of the command line.
    """

    def __init__(self, launch: Launch) -> None:
        self.launch = launch
        self.is_demo, self.is_incognito = launch.demo, launch.incognito
        self.notices: list[str] = []
        self.clock: Clock = SystemClock()
        self.new_id, self.use_cases, self.save_export = new_id, load_use_cases, save_export
        self.sound = LocalSound(install_command)
        self.pages = WebPages(None if launch.demo else fetch)
        self.batch_records: Callable[[], BatchRecords] = partial(_batch_records, self)
        self.batches: Callable[[Connection], Batches] = partial(_batches, self)
        self._env_key = Secret(os.environ.get(KEY_VARIABLE, ""))
        places = folders()
        self.last_run = LastRunFile(places.state, is_kept=not launch.demo)
        self.settings_path, self.themes_folder = places.settings_file, places.themes
        self.prompts = PromptLibrary(places.prompts)
        self.database_path = places.database_file
        self.archive_files = ArchiveFiles(self.database_path)
        self._simulator: BackgroundSimulator | None = None
        self._settings = ActiveSettings(None if launch.demo else self.settings_path, self._names)
        self.setting_lines = self._settings.lines
        self._catalog = ActiveCatalog(self.notices.append)
        self.scheduler: Scheduler | None = None
        self._connection: Connection | None = None
        self._log: Handler | None = None
        self.forgets = False
        self._use_database(None if launch.demo else self.database_path)

    @property
    def profile(self) -> str:
        """The name of the profile whose key is used."""
        chosen = self.launch.profile or os.environ.get("GROQCHAT_PROFILE")
        return DEMO_PROFILE if self.is_demo else chosen or self.settings.profile

    @property
    def base_url(self) -> str:
        """The address of the server."""
        if self._simulator is not None:
            return self._simulator.url
        from groqchat.provider.client import DEFAULT_BASE_URL, without_sdk_path

        return without_sdk_path(os.environ.get("GROQ_BASE_URL") or DEFAULT_BASE_URL)

    @property
    def catalog(self) -> Catalog:
        """The catalogue with the user's prices."""
        return self._catalog.by(self.settings)

    @property
    def settings(self) -> Settings:
        """The settings as they were read last."""
        return self._settings.now

    @property
    def mistakes(self) -> tuple[str, ...]:
        """A sentence for each mistake in the settings file."""
        return self._settings.mistakes

    def reload_settings(self) -> tuple[str, ...]:
        """Read the settings again; returns their mistakes."""
        return self._settings.reload()

    def settings_before_news(self) -> Settings | None:
        """The settings before another program changed the file, returned once; else None."""
        return self._settings.before_news()

    def settings_to_send_by(self) -> Settings:
        """The settings in the file now; raises StorageError if a mistake may hide a budget."""
        return self._settings.to_send_by()

    def change_setting(self, name: str, value: Value) -> Settings:
        """Change a setting, in the file too unless this is the demo.

        Raises:
            StorageError: The file cannot be written.
        """
        return self._settings.change(name, value)

    def _names(self) -> Catalog | None:
        """The catalogue whose model names the settings may use; None for another server's."""
        from groqchat.provider.servers import server_at

        return load_catalog() if server_at(self.base_url).is_groq else None

    # -- the stores ---------------------------------------------------------------------------

    def _use_database(self, path: Path | None) -> None:
        """Create the stores on a database file, or (None) in memory."""
        super().__init__(
            path, self.notices.append, keep=self.launch.keep, is_incognito=self.is_incognito
        )
        key_store = MemoryKeyStore() if self.is_demo else SystemKeyring()
        self.servers = registry_of(
            lambda: (self.settings, self.mistakes), self.change_setting, key_store, install_command
        )
        self.team = access_of(
            lambda: self.settings.team, self.change_setting, key_store, install_command
        )
        self.keys = Keys(
            key_store,
            Profiles(self.database),
            self._provider,
            lambda name: self.change_setting("profile", name),
            self.clock,
        )

    async def start(self) -> None:
        """Open the database, and start the simulator for the demo.

        Raises:
            StorageError: The database cannot be opened or written; this run continues in memory
                with what could be read. With ``launch.may_forget`` this is a notice instead.
        """
        if self.is_demo:
            await asyncio.to_thread(self._start_simulator)
        elif not self.is_incognito:
            from groqchat.storage.log import open_log

            self._log = open_log()
        try:
            await self.database.open()
        except StorageError as error:
            is_readable = error.cause.name == "home_unwritable"
            await self._continue_in_memory(with_copy=is_readable)
            if self.launch.keep and not (self.launch.may_forget and is_readable):
                raise
            rest = "" if is_readable else " So nothing of this run is kept."
            self.notices.append(f"{error.message}{rest}")

    async def _continue_in_memory(self, *, with_copy: bool) -> None:
        """Continue without the disk, with a copy of the database if it is readable."""
        self.forgets = True
        database = self.database
        # The same database goes on: the stores were handed to others already.
        await database.move(self.database_path if with_copy else None, as_copy=with_copy)
        try:
            await database.open()
        except StorageError:
            await database.move(None)

    async def close(self) -> None:
        """Finish writes and close everything, within ``LONGEST_CLOSE_S``."""
        await self.servers.close()
        await self.team.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_CLOSE_S):
                await self.close_stores()
        if self._simulator is not None:
            self._simulator.close()
        if self._log is not None:
            from groqchat.storage.log import stop_log

            stop_log(self._log)

    def _start_simulator(self) -> None:
        from groqchat.simulator.background import start_demo

        self._simulator = start_demo(self.catalog, self.sound.length_of)

    # -- keys and accounts --------------------------------------------------------------------

    @property
    def env_key(self) -> Secret | None:
        """The key in the environment, which wins over those in the keyring."""
        return self._env_key if self._env_key and not self.is_demo else None

    @property
    def key_command(self) -> KeyCommand | None:
        """The user's command for the profile's key, used if the keyring has none."""
        return key_command(self.settings, self.profile)

    async def find_key(self) -> FoundKey:
        """The key in the environment, else the profile's in the keyring, else the command's.

        The environment's key is for Groq, and belongs to the default profile unless a key is stored
        for the requested one.

        Raises:
            NoKeyError: There is no key.
            StorageError: The keyring or the command has failed.
        """
        if self.is_demo:
            return FoundKey(DEMO_KEY, self.profile, "session")
        env_key = None if self.settings.endpoint_of(self.profile) else self.env_key
        found = await self.keys.find(self.profile, env_key, self.key_command)
        is_unknown = found.source == "env" and not found.shadows_stored
        return replace(found, profile=self.settings.profile) if is_unknown else found

    def entered_key(self, secret: Secret, store: str | None, source: str | None = None) -> FoundKey:
        """A key that the user has entered; ``store`` names the keyring that holds it, if any."""
        origin = source or ("keyring" if store else "session")
        return FoundKey(secret, self.profile, origin, store or "")

    def connect(self, key: FoundKey, *, longest_wait_s: float | None = None) -> Connection:
        """A connection to the account of a key; nothing is sent yet.

        Args:
            key: The key.
            longest_wait_s: The longest wait for a limit, in the place of the setting.
        """
        from groqchat.services.account.connector import Connector

        self.scheduler = self.scheduler or Scheduler(self.clock)
        connector = Connector(
            base_url=self.base_url,
            settings_now=lambda: self.settings,
            settings_to_send_by=self.settings_to_send_by,
            scheduler=self.scheduler,
            catalog=self.catalog,
            store=self.store,
            ledger=self.ledger,
            lists=self.model_lists,
            header_timings=self.header_timings,
            records=self.comparisons,
            pieces=self.kept_pieces,
            sources=sources_of(self.servers, self.clock, is_demo=self.is_demo),
            approvals=self.approvals,
            clock=self.clock,
            new_id=self.new_id,
            chance=random.random,
            endpoint_key=self._endpoint_key,
            endpoint_provider=self._provider_at,
            limits_of=partial(self.team.limits_of, self.base_url, self.team_outbox, self.clock),
        )
        self._connection = connector.connect(key, self._provider(key.secret), longest_wait_s)
        return self._connection

    def warm_up(self) -> None:
        """Import the SDK and create its client ahead of time; to be called on a thread."""
        if self._connection is not None:
            self._connection.provider.warm_up()

    def _provider(self, secret: Secret, profile: str | None = None) -> GroqProvider:
        """The provider for a key: Groq, or the endpoint that its profile belongs to."""
        return self._provider_at(self.settings.endpoint_of(profile) if profile else None, secret)

    def _provider_at(self, endpoint: Endpoint | None, secret: Secret) -> GroqProvider:
        from groqchat.provider.compatible import provider_for

        place, now, gap = endpoint or self.base_url, self.clock.now, self.settings.gap_timeout_s
        demo = self.is_demo
        return provider_for(place, secret, clock_now=now, gap_timeout=gap, is_simulated=demo)

    async def _endpoint_key(self, endpoint: Endpoint) -> Secret:
        """The key of an endpoint, from the keyring or the command; the environment's is Groq's."""
        profile = endpoint.profile
        return (await self.keys.find(profile, None, key_command(self.settings, profile))).secret


def _batch_records(services: LocalServices) -> BatchRecords:
    """The batches that were submitted from this machine."""
    from groqchat.storage.database.batch.batches import BatchRecords

    folder = None if services.is_demo or services.forgets else services.database_path.parent
    return BatchRecords(services.database, folder)


def _batches(services: LocalServices, connection: Connection) -> Batches:
    """The batches of an account."""
    from groqchat.services.batch.assembly import batches_of

    records, limits = services.batch_records(), load_batch_limits()
    return batches_of(connection, records, limits, services.clock, services.new_id)


@asynccontextmanager
async def open_services(
    launch: Launch, upgrading: Callable[[int, int], None] = lambda _done, _all: None
) -> AsyncGenerator[LocalServices, None]:
    """Start the services, telling of a long upgrade, and close them at the end of the block.

    Raises:
        StorageError: The database cannot be opened.
    """
    services = LocalServices(launch)
    services.database.upgrading = upgrading
    try:
        await services.start()
        yield services
    finally:
        await services.close()

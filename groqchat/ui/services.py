"""The services that the screens use, as protocols."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal
    from pathlib import Path

    from groqchat.domain.last_run import LastRun
    from groqchat.domain.models.catalog import Catalog
    from groqchat.domain.models.use_cases import UseCase
    from groqchat.domain.sessions.draft import ChipMark, KeptDraft
    from groqchat.domain.settings import Settings
    from groqchat.domain.text.secret import Secret
    from groqchat.services.account.connection import Connection
    from groqchat.services.account.keys import FoundKey, Keys
    from groqchat.services.audio.ports import Recorder
    from groqchat.services.audio.sources import Sources
    from groqchat.services.batch.batches import Batches
    from groqchat.services.compare.stores import ComparisonRecords, Votes
    from groqchat.services.pages.web_pages import WebPages
    from groqchat.services.ports import Bin, Clock, Ledger, PromptQueueStore, SessionStore
    from groqchat.services.prompts.library import PromptLibrary
    from groqchat.services.sessions.session_imports import ParsedFile
    from groqchat.services.tools.registry import ServerRegistry

    Value = str | float | bool | Decimal | Sequence[str] | Mapping[str, object] | None


class Drafts(Protocol):
    """Unsent text and sent prompts."""

    async def save_draft(self, session_id: str, text: str, chips: Sequence[ChipMark] = ()) -> None:
        """Save the text in the composer, and which parts of it are chips."""

    async def draft(self, session_id: str) -> str:
        """The text of the saved draft, or an empty string."""

    async def kept_draft(self, session_id: str) -> KeptDraft:
        """The saved draft with its chips."""

    async def prompts(self, query: str = "", *, limit: int = 100) -> Sequence[str]:
        """Prompts sent before, the newest first, each once."""


class LastRunMemory(Protocol):
    """What is remembered from one start to the next: of the run before, and of this one."""

    before: LastRun
    known: LastRun

    def note(
        self,
        *,
        version: str | None = None,
        has_seen_tour: bool | None = None,
        is_light: bool | None = None,
    ) -> None:
        """Remember the facts that are told."""


class SettingsServices(Protocol):
    """The settings, and the files and the catalogue that belong to them."""

    @property
    def settings(self) -> Settings: ...
    @property
    def mistakes(self) -> tuple[str, ...]: ...
    @property
    def settings_path(self) -> Path: ...
    @property
    def themes_folder(self) -> Path: ...
    @property
    def last_run(self) -> LastRunMemory: ...
    @property
    def prompts(self) -> PromptLibrary: ...
    @property
    def catalog(self) -> Catalog: ...
    @property
    def use_cases(self) -> Callable[[], tuple[UseCase, ...]]: ...
    def change_setting(self, name: str, value: Value) -> Settings: ...
    def settings_to_send_by(self) -> Settings: ...
    @property
    def setting_lines(self) -> Callable[[], Mapping[str, int]]: ...
    def settings_before_news(self) -> Settings | None: ...
    def reload_settings(self) -> tuple[str, ...]: ...


class StoreServices(Protocol):
    """The stores of sessions and of all that belongs to them."""

    @property
    def store(self) -> SessionStore: ...
    @property
    def saved(self) -> SessionStore: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def drafts(self) -> Drafts: ...
    @property
    def queued_prompts(self) -> PromptQueueStore: ...
    @property
    def votes(self) -> Votes: ...
    @property
    def comparisons(self) -> ComparisonRecords: ...
    @property
    def is_incognito(self) -> bool: ...
    @property
    def forgets(self) -> bool: ...
    @property
    def bin(self) -> Bin: ...
    @property
    def new_id(self) -> Callable[[], str]: ...
    @property
    def save_export(self) -> Callable[..., Path | None]: ...
    @property
    def archive_files(self) -> ArchiveFiles: ...


class BackupContents(Protocol):
    """The contents of a copy of the database; its size is in bytes."""

    @property
    def sessions(self) -> int: ...
    @property
    def messages(self) -> int: ...
    @property
    def bytes(self) -> int: ...


class ArchiveFiles(Protocol):
    """Files of other programs, and copies of the database. Every call waits for the disk."""

    def read(self, path: Path, now: float, progress: Callable[[int, int], None]) -> ParsedFile:
        """Read the sessions in a file.

        Raises:
            OSError: The file cannot be read.
            ValueError: It holds no sessions; the message goes on a sentence that names it.
        """

    def back_up(self, target: Path, progress: Callable[[int, int], None]) -> BackupContents:
        """Copy the database to a new file.

        Raises:
            ValueError: The file cannot be the copy; the message goes on a sentence that names it.
            StorageError: It cannot be written.
        """


class AccountServices(Protocol):
    """The keys, and the connections made with them."""

    @property
    def is_demo(self) -> bool: ...
    @property
    def profile(self) -> str: ...
    @property
    def keys(self) -> Keys: ...
    async def find_key(self) -> FoundKey: ...
    def entered_key(self, secret: Secret, store: str | None) -> FoundKey: ...
    def connect(self, key: FoundKey) -> Connection: ...
    @property
    def batches(self) -> Callable[[Connection], Batches]: ...
    def warm_up(self) -> None: ...


class Sound(Protocol):
    """The reading of sound files, and recording."""

    def sources(self) -> Sources:
        """What looks at sound files."""

    def recorder(self) -> Recorder:
        """The program that records.

        Raises:
            GroqchatError: There is none.
        """


class Services(SettingsServices, StoreServices, AccountServices, Protocol):
    """All services, as the composition root provides them; cheap until they are started."""

    notices: list[str]

    @property
    def sound(self) -> Sound: ...
    @property
    def pages(self) -> WebPages: ...
    @property
    def servers(self) -> ServerRegistry: ...
    @property
    def clock(self) -> Clock: ...
    async def start(self) -> None: ...
    async def close(self) -> None: ...

"""What the screens are given: the services, as they need them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal
    from pathlib import Path

    from groqchat.domain.catalog import Catalog, Model
    from groqchat.domain.pricing import Price
    from groqchat.domain.secret import Secret
    from groqchat.domain.settings import Settings
    from groqchat.domain.use_cases import UseCase
    from groqchat.services.books import Books
    from groqchat.services.budget import BudgetGuard
    from groqchat.services.chat import Turns
    from groqchat.services.compare import Votes
    from groqchat.services.keys import FoundKey, Keys
    from groqchat.services.ports import Clock, Ledger, SessionStore
    from groqchat.services.quota import QuotaService

    Value = str | float | bool | Decimal | Sequence[str] | None


class Drafts(Protocol):
    """Unsent text and sent prompts."""

    async def save_draft(self, session_id: str, text: str) -> None:
        """Keep what stands in the composer."""

    async def draft(self, session_id: str) -> str:
        """What stood there, or an empty string."""

    async def prompts(self, query: str = "", *, limit: int = 100) -> Sequence[str]:
        """Prompts sent before, the newest first, each once."""


class Models(Protocol):
    """The models of an account."""

    @property
    def catalog(self) -> Catalog: ...
    async def refresh(self) -> Catalog: ...
    def price_of(self, model_id: str) -> Price | None: ...
    def refused(self, model_id: str) -> Model | None: ...
    def others(self, model_id: str) -> tuple[Model, ...]: ...


class Connection(Protocol):
    """One account, ready to answer."""

    @property
    def key(self) -> FoundKey: ...
    @property
    def quota(self) -> QuotaService: ...
    @property
    def books(self) -> Books: ...
    @property
    def turns(self) -> Turns: ...
    @property
    def models(self) -> Models: ...
    @property
    def budget(self) -> BudgetGuard: ...
    async def close(self) -> None: ...


class KeyCheck(Protocol):
    """What a check of a key found."""

    @property
    def status(self) -> str: ...
    @property
    def message(self) -> str: ...
    @property
    def suggestion(self) -> str: ...


class Parts(Protocol):
    """Everything that does not depend on an account; cheap until it is started."""

    settings: Settings
    notices: list[str]

    @property
    def mistakes(self) -> tuple[str, ...]: ...
    @property
    def profile(self) -> str: ...
    @property
    def settings_path(self) -> Path: ...
    @property
    def themes_folder(self) -> Path: ...
    @property
    def catalog(self) -> Catalog: ...
    @property
    def use_cases(self) -> Callable[[], tuple[UseCase, ...]]: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def store(self) -> SessionStore: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def drafts(self) -> Drafts: ...
    @property
    def votes(self) -> Votes: ...
    @property
    def keys(self) -> Keys: ...
    @property
    def new_id(self) -> Callable[[], str]: ...
    async def start(self) -> None: ...
    async def close(self) -> None: ...
    async def find_key(self) -> FoundKey: ...
    def entered_key(self, secret: Secret, store: str | None) -> FoundKey: ...
    def connect(self, key: FoundKey) -> Connection: ...
    def warm_up(self) -> None: ...
    def change_setting(self, name: str, value: Value) -> Settings: ...
    def reload_settings(self) -> tuple[str, ...]: ...

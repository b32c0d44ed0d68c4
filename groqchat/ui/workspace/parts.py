"""The parts that commands need of a chat, whether it is shown on a screen or written as lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

from groqchat.domain.models.parameters import fitted
from groqchat.domain.models.vision import image_problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.limits.quota import QuotaView
    from groqchat.domain.models.catalog import Catalog
    from groqchat.domain.turns.chat import Options
    from groqchat.ui.conversation.asking import TurnAsking
    from groqchat.ui.services import Services
    from groqchat.ui.widgets.toasts import Notify
    from groqchat.ui.workspace.account import Account


class Prompt(Protocol):
    """The place where commands are written."""

    def offer_command(self, command_id: str, argument: str = "") -> None:
        """Put a command there, to be changed."""

    def give_command_back(self, command_id: str, argument: str) -> None:
        """Put the words of a command there that was not run."""

    def refuse(self, sentence: str, command_id: str, argument: str = "") -> None:
        """Say why a command was not run, and give its words back."""


class Unsent(Protocol):
    """The text that is not sent yet."""

    @property
    def text(self) -> str: ...


class LedgerFigures(Protocol):
    """The limits of the open session's model."""

    @property
    def view(self) -> QuotaView | None: ...

    def cache_note(self) -> str:
        """What keeps the next prompt from the server's cache, in a few words; else empty."""

    async def refresh(self) -> None:
        """Read the ledger again."""


class _Open(Protocol):
    """The open session, by which account it is asked, and the figures about it.

    ``still_busy`` is the sentence about a session that is being answered, ``all_busy`` that about
    as many of them as can be.
    """

    still_busy: ClassVar[str]
    all_busy: ClassVar[str]

    @property
    def account(self) -> Account: ...
    @property
    def conversation(self) -> TurnAsking: ...
    @property
    def figures(self) -> LedgerFigures: ...
    @property
    def notify(self) -> Notify: ...


class OpenSession:
    """The models and options of the open session, as its account and conversation tell them."""

    __slots__ = ()

    @property
    def catalog(self: _Open) -> Catalog:
        """The models, with the account's own list where it is known."""
        return self.account.catalog

    @property
    def options(self: _Open) -> Options:
        """Model and parameters of the open session."""
        return self.conversation.options

    @property
    def fitted_options(self: _Open) -> Options:
        """The options as the model is asked with them, without what it does not take."""
        options = self.conversation.options
        return fitted(options, self.account.catalog.get(options.model))

    def image_problem(self: _Open, text: str) -> str:
        """The reason why the images of a prompt cannot be sent; empty if they can."""
        options = self.conversation.options
        return image_problem(text, self.account.catalog.get(options.model), options.provider)

    async def set_options(self: _Open, **changes: object) -> None:
        """Change model or parameters of the open session."""
        await self.conversation.set_options(**changes)
        await self.figures.refresh()

    def is_free(self: _Open) -> bool:
        """Whether an answer may begin in this session; a notice says why if it may not."""
        if self.conversation.is_busy:
            self.notify(self.still_busy)
        elif self.conversation.turns.is_full:
            self.notify(self.all_busy)
        else:
            return True
        return False


class ChatParts(_Open, Protocol):
    """The parts that every chat has: `Workspace` on the screen, `Seat` by lines.

    ``show_error`` shows an error with what can be done about it, ``notify`` a sentence.
    """

    @property
    def services(self) -> Services: ...
    @property
    def composer(self) -> Unsent: ...
    @property
    def prompt(self) -> Prompt: ...
    @property
    def show_error(self) -> Callable[[GroqchatError], None]: ...
    @property
    def catalog(self) -> Catalog: ...
    @property
    def options(self) -> Options: ...
    async def set_options(self, **changes: object) -> None:
        """Change model or parameters of the open session."""

    def is_free(self) -> bool:
        """Whether an answer may begin in this session; a notice says why if it may not."""

"""The parts that the commands of the chat need, for lines instead of a screen.

The classes in ``ui`` that carry commands out ask a ``Workspace`` for the session, its options, the
account, and for a place where sentences are shown. This one writes them as lines.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

from groqchat.cli.plain.console.words import in_plain
from groqchat.domain.errors.tree import GroqchatError, StorageError
from groqchat.domain.models.parameters import fitted
from groqchat.domain.models.vision import image_problem
from groqchat.services.quota.alarms import Alarms
from groqchat.services.turns.running import MOST_RUNNING

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from groqchat.bootstrap import LocalServices
    from groqchat.cli.plain.console.lines import Lines
    from groqchat.cli.plain.conversation import PlainConversation
    from groqchat.domain.limits.quota import QuotaView
    from groqchat.domain.models.catalog import Catalog
    from groqchat.domain.turns.chat import Options
    from groqchat.ui.workspace.account import Account
    from groqchat.ui.workspace.workspace import Workspace


class PlainPrompt:
    """Says why a command was not run; what was typed stands above, where it was typed."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say

    def refuse(self, sentence: str, _command_id: str, _argument: str = "") -> None:
        """Say why a command was not run."""
        self._say(sentence)

    def offer(self, text: str) -> None:
        """Nothing can be put into a line that somebody types."""

    def offer_command(self, command_id: str, argument: str = "") -> None:
        """Nothing can be put into a line that somebody types."""

    def give_command_back(self, command_id: str, argument: str) -> None:
        """Nothing can be put into a line that somebody types."""


class PlainComposer:
    """The text that is not sent yet: none while a command runs."""

    text = ""


class PlainFigures:
    """The limits of the open session's model, and the marks that limits and budgets pass."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat
        self.alarms = Alarms(seat.notify)

    @property
    def view(self) -> QuotaView | None:
        """The limits as they are known now; None without an account."""
        connection = self._seat.account.connection
        return connection.quota.view(self._seat.options.model) if connection else None

    def cache_note(self) -> str:
        """Nothing is said beside a prompt that is being typed."""
        return ""

    async def refresh(self) -> None:
        """Read the limits of the model from the ledger."""
        connection = self._seat.account.connection
        if connection is not None:
            await connection.quota.refresh(self._seat.options.model)

    async def watch(self) -> None:
        """Say which marks of limits and budgets were passed."""
        connection = self._seat.account.connection
        if connection is None:
            return
        try:
            self.alarms.check_limits(await connection.quota.refresh(self._seat.options.model))
            statuses = await connection.budget.statuses(self._seat.conversation.session.id)
        except StorageError:  # the next prompt tells it
            return
        self.alarms.check_budgets(statuses)


class Seat:
    """The parts of the plain chat.

    ``show_error`` shows an error with what can be done about it.

    Args:
        services: The services.
        conversation: The open session.
        lines: Where sentences are written.
    """

    account: Account

    def __init__(
        self, services: LocalServices, conversation: PlainConversation, lines: Lines
    ) -> None:
        self.services = services
        self.conversation = conversation
        self.lines = lines
        self.prompt = PlainPrompt(self.notify)
        self.composer = PlainComposer()
        self.figures = PlainFigures(self)
        self.show_error: Callable[[GroqchatError], None] = lambda error: self.notify(error.message)
        self._work: set[asyncio.Task[None]] = set()
        # A bug in the background, which ends the chat.
        self.bug: BaseException | None = None
        self.ended: Callable[[], None] = lambda: None

    @property
    def as_workspace(self) -> Workspace:
        """The parts for the classes of ``ui``, which use no others than are here."""
        return cast("Workspace", self)

    @property
    def catalog(self) -> Catalog:
        """The models, with the account's own list where it is known."""
        return self.account.catalog

    @property
    def options(self) -> Options:
        """Model and parameters of the open session."""
        return self.conversation.options

    @property
    def fitted_options(self) -> Options:
        """The options as the model is asked with them, without what it does not take."""
        return fitted(self.options, self.catalog.get(self.options.model))

    def image_problem(self, text: str) -> str:
        """The reason why the images of a prompt cannot be sent; empty if they can."""
        options = self.options
        return image_problem(text, self.catalog.get(options.model), options.provider)

    def notify(self, text: str, *, severity: str = "information", stays: bool = False) -> None:
        """Say a sentence of the screen; how loud the screen is about it makes no difference."""
        del severity, stays
        self.lines.say(in_plain(text))

    async def set_options(self, **changes: object) -> None:
        """Change model or parameters of the open session."""
        await self.conversation.set_options(**changes)
        await self.figures.refresh()

    def is_free(self) -> bool:
        """Whether an answer may begin in this session; a line says why if it may not."""
        if self.conversation.is_busy:
            self.notify("The last prompt is still being answered; Ctrl+C stops it.")
            return False
        if self.conversation.turns.is_full:
            self.notify(f"{MOST_RUNNING} sessions are being answered already; wait for one.")
            return False
        return True

    def run(self, work: Coroutine[object, object, None], *, group: str = "") -> None:
        """Do work beside all else; its expected errors are shown, a bug ends the chat."""
        del group
        task = asyncio.create_task(self._guarded(work))
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    async def _guarded(self, work: Coroutine[object, object, None]) -> None:
        try:
            await work
        except GroqchatError as error:
            self.show_error(error)
        except asyncio.CancelledError:
            raise
        except BaseException as bug:  # noqa: BLE001  # it is raised where the chat ends
            self.bug = bug
            self.ended()

    async def finish(self) -> None:
        """Cancel the work that is still done."""
        for task in self._work:
            task.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)

"""The parts that the commands of the chat need, for lines instead of a screen.

The classes in ``ui`` that carry commands out ask a ``Workspace`` for the session, its options, the
account, and for a place where sentences are shown. This one writes them as lines.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from groqchat.cli.plain.console.words import in_plain
from groqchat.domain.errors.tree import GroqchatError, StorageError
from groqchat.services.quota.alarms import Alarms
from groqchat.services.turns.running import MOST_RUNNING
from groqchat.ui.workspace.parts import OpenSession

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from groqchat.bootstrap import LocalServices
    from groqchat.cli.plain.console.lines import Lines
    from groqchat.cli.plain.conversation import PlainConversation
    from groqchat.domain.limits.quota import QuotaView
    from groqchat.ui.workspace.account import Account


class PlainPrompt:
    """Says why a command was not run; what was typed stands above, where it was typed."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say

    def refuse(self, sentence: str, _command_id: str, _argument: str = "") -> None:
        """Say why a command was not run."""
        self._say(sentence)

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
        self.alarms = Alarms(seat.notify, seat.services.clock.now)

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


class Seat(OpenSession):
    """The parts of the plain chat.

    ``show_error`` shows an error with what can be done about it.

    Args:
        services: The services.
        conversation: The open session.
        lines: Where sentences are written.
    """

    still_busy: ClassVar[str] = "The last prompt is still being answered; Ctrl+C stops it."
    all_busy: ClassVar[str] = f"{MOST_RUNNING} sessions are being answered already; wait for one."

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

    def notify(self, text: str, *, severity: str = "information", stays: bool = False) -> None:
        """Say a sentence of the screen; how loud the screen is about it makes no difference."""
        del severity, stays
        self.lines.say(in_plain(text))

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

"""The way from a text to a turn: checked, with its files, queued or sent."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from groqchat.cli.plain.console.words import in_plain
from groqchat.domain.sessions.options import keeping
from groqchat.domain.turns.combinations import conflict
from groqchat.ui.conversation.branch import BESIDE
from groqchat.ui.slash import doubt_of
from groqchat.ui.widgets.send_warning import SendWarning

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.cli.plain.attaching import Attaching
    from groqchat.cli.plain.compacting import Compacting
    from groqchat.cli.plain.console.draft import Draft
    from groqchat.cli.plain.long_files import LongFiles
    from groqchat.cli.plain.queueing import PlainQueue
    from groqchat.cli.plain.seat import Seat


class Prompting:
    """Sends prompts of the open session.

    ``refused`` is called where a script wrote what is no command.

    Args:
        seat: The parts of the chat.
        draft: Keeps what is not sent.
        queue: Queues what has to wait.
        attaching: Reads the files that a prompt names.
        compacting: Makes room for a prompt.
        long_files: Offers what can be sent of a file that is too long.
    """

    def __init__(
        self,
        seat: Seat,
        draft: Draft,
        queue: PlainQueue,
        attaching: Attaching,
        *,
        compacting: Compacting,
        long_files: LongFiles,
    ) -> None:
        self._seat = seat
        self._draft = draft
        self._queue = queue
        self._attaching = attaching
        self._compacting = compacting
        self._long_files = long_files
        self._warning = SendWarning()
        # A prompt that the settings or a conversation too long held back.
        self._held = ""
        self._is_let_pass = False
        self.refused: Callable[[], None] = lambda: None

    async def submit(self, text: str) -> None:
        """Send a prompt, or queue it, or keep it as a draft and say why."""
        if found := conflict(self._seat.fitted_options):
            await self._keep(text, in_plain(found.sentence))
            return
        filled = await self.filled(text)
        if filled is None:
            return
        if unseen := self._seat.image_problem(filled):
            await self._keep(text, in_plain(unseen))
            return
        self._attaching.drop()
        if self._seat.conversation.is_busy or self._queue.has_prompts:
            await self._queue.add(filled)
        else:
            await self.send(filled)

    async def filled(self, text: str) -> str | None:
        """A prompt with the files that it names; None where it is not sent, which is told."""
        if (warning := self._warning.warning(text)) and not await self._may_pass(text, warning):
            return None
        filled, missed = await self._attaching.filled(text)
        if missed and not self._is_let_pass:
            self._is_let_pass = sys.stdin.isatty()
            await self._keep(text, f"Not all can be attached. {'; '.join(missed)}.")
            return None
        self._is_let_pass = False
        self._warning.forget()
        return filled

    async def _keep(self, text: str, why: str) -> None:
        """Keep a prompt for somebody who types; of a script it is refused, and the next is read."""
        if sys.stdin.isatty():
            await self._draft.put(text, why)
            return
        self.refused()
        self._seat.lines.say(f"{why} Not sent.")

    async def _may_pass(self, text: str, warning: str) -> bool:
        """Tell a warning; whether the prompt goes on, which somebody who types decides."""
        why = in_plain(warning.partition(" Enter again")[0])
        if doubt_of(text):
            if sys.stdin.isatty():
                await self._draft.doubt(text, why)
            else:
                await self._keep(text, why)
            return False
        if sys.stdin.isatty():
            await self._draft.put(text, why)
            return False
        self._seat.lines.say(why)
        return True

    async def send(self, text: str, *, is_checked: bool = True) -> None:
        """Send a prompt now."""
        seat, conversation = self._seat, self._seat.conversation
        self._held = text
        if is_checked:
            seat.services.settings_to_send_by()
        connection = await seat.account.ready("your prompt is sent")
        if connection is None or not seat.is_free():
            if sys.stdin.isatty():  # what a script sends is over where it cannot be sent
                await self._draft.put(text)
            return
        if not await self._long_files.may_go(connection, text):
            return
        if not await self._compacting.has_room(connection, text):
            return
        self._held = ""
        if await conversation.branch.is_outgrown():
            seat.notify(BESIDE)
        await conversation.ask(connection.turns, text)

    async def send_held(self) -> bool:
        """Send what was held back, whatever is in its way; returns whether there was anything."""
        text, self._held = self._held, ""
        if text:
            await self.send(text, is_checked=False)
        return bool(text)

    async def ask_aside(self, question: str) -> None:
        """Ask a question that leaves no trace in later requests."""
        seat, conversation = self._seat, self._seat.conversation
        if not question:
            seat.lines.say("Write /btw and the question; later requests will not hold it.")
            return
        if conversation.is_busy:
            await self._queue.add(f"/btw {question}")
            return
        connection = await seat.account.ready("the question is sent")
        if connection is None or not seat.is_free():
            return
        failed, leaf_id = conversation.branch.unanswered, conversation.branch.leaf_id
        parent_id = failed.parent_id if failed else leaf_id
        session = keeping(conversation.session, conversation.options)
        asked = await connection.compactor.store_aside(session, question, parent_id)
        await conversation.ask_again(connection.turns, asked)

    async def edit(self, text: str) -> None:
        """Ask the last prompt differently; the old one and its answer stay as a version."""
        seat, conversation = self._seat, self._seat.conversation
        old = await conversation.branch.last_prompt()
        connection = await seat.account.ready("the prompt is sent")
        if old is None or connection is None or not seat.is_free():
            await self._draft.put(text)
            return
        filled, _ = await self._attaching.filled(text)
        await conversation.ask_edited(connection.turns, old, filled)

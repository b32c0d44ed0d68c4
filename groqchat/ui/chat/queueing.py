"""Prompts that wait for an answer: queued, taken back, and sent when their session is free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.sessions.prompt_queue import Pause
from groqchat.domain.text.humanize import counted
from groqchat.ui.chat.queue_sending import QueueSending
from groqchat.ui.conversation.session_view import SessionView
from groqchat.ui.widgets.text import line
from groqchat.ui.workspace.queued_rows import QueuedRows, room_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.message import Message as Event

    from groqchat.services.sessions.prompt_queue import PromptQueues
    from groqchat.ui.sessions.compaction.actions import CompactionActions
    from groqchat.ui.widgets.prompt_queue import PromptQueueView
    from groqchat.ui.workspace.workspace import Workspace

HOW_TO_GO_ON = "The queue is paused; Enter in the empty composer goes on."
NOTHING_QUEUED = "Nothing is queued. Enter queues a prompt while an answer is being written."
_LONGEST_TITLE = 40


class Queueing:
    """What the user does with the queue of the session on the screen, and what is shown of it.

    Args:
        workspace: The parts of the chat.
        queues: The queues of all sessions.
        view: Shows the queue of the session on the screen.
        compaction: Makes conversations shorter.
    """

    def __init__(
        self,
        workspace: Workspace,
        queues: PromptQueues,
        view: PromptQueueView,
        compaction: CompactionActions,
    ) -> None:
        self._workspace = workspace
        self._queues = queues
        self._view = view
        self._rows = QueuedRows()
        self.sending = QueueSending(workspace, queues, compaction, self.show)
        # Called with what stands in the composer once the next prompt was taken back.
        self.taken: Callable[[str], None] = lambda _text: None
        # The session whose next prompt was taken back, to be sent before the others.
        self._first_of = ""

    @property
    def _here(self) -> str:
        """The session on the screen."""
        return self._workspace.conversation.session.id

    @property
    def has_prompts(self) -> bool:
        """Whether prompts of the session on the screen are queued."""
        return bool(self._queues.of(self._here).prompts)

    @property
    def is_first_here(self) -> bool:
        """Whether what stands in the composer has its place before the queue."""
        return self._first_of == self._here and bool(self._workspace.composer.text)

    def stuck(self) -> Sequence[str]:
        """The sessions whose queues wait for the user because of their next prompt."""
        return self._queues.stuck

    def goes_on(self, session_id: str) -> bool:
        """Whether the answer that has just ended lets another queued prompt of a session leave."""
        queue = self._queues.of(session_id)
        return bool(queue.prompts) and queue.pause in {None, Pause.FAILED}

    # -- what the user does -------------------------------------------------------------------

    def add(self, text: str) -> None:
        """Queue a prompt for the session on the screen."""
        self._workspace.run(self.put(self._here, text), group="queue")

    async def put(self, session_id: str, text: str) -> None:
        """Queue a prompt for a session; what cannot be stored goes back to the composer.

        Raises:
            StorageError: It cannot be stored.
        """
        workspace = self._workspace
        try:
            queue = await self._queues.add(session_id, text)
        except StorageError:
            workspace.prompt.put_before(text)
            raise
        self.show()
        if queue.pause is not None and queue.pause is not Pause.EDITED:
            workspace.notify(f"Queued. {HOW_TO_GO_ON}")
        self.sending.send_next(session_id)

    async def take_back(self) -> bool:
        """Take the last queued prompt into the composer; returns whether there was one."""
        if not self.has_prompts:
            return False
        text = await self._queues.take_back(self._here)
        self.show()
        if text is not None:
            self._workspace.prompt.put_before(text)
        return text is not None

    async def take_only(self, session_id: str) -> None:
        """Take a queued prompt back into the composer if it stands alone, and so its session."""
        is_here = session_id == self._here and not self._workspace.composer.text
        if is_here and len(self._queues.of(session_id).prompts) == 1:
            await self.take_back()

    def composer_emptied(self) -> None:
        """Go on with a queue that was held for a prompt which is not wanted any more."""
        self._first_of = ""
        if self._queues.of(self._here).pause is Pause.EDITED:
            self._go_on(Pause.EDITED)

    def go_on(self) -> None:
        """Go on with a queue that is paused, whatever for: Enter in an empty composer."""
        if self._queues.of(self._here).pause is not Pause.TOO_LONG:
            self._go_on()
        elif self._workspace.is_free():
            self._workspace.run_alone(self._choose, group="queue choice")

    async def _choose(self) -> None:
        """Have the user choose how the next prompt is sent, which is too long as it is.

        Where the conversation is not to blame, the prompt stands in the composer again, with all
        that can be done there; what is sent then has its place before the queue.
        """
        connection = await self._workspace.account.ready("the queue goes on")
        place = await self.sending.place(self._here)
        if connection is None or place is None:
            return
        goes_on = await self.sending.room.chosen(connection, place)
        if place.session.id != self._here:
            return
        if goes_on:
            self._go_on()
        elif goes_on is None:
            text = await self._queues.take_first(self._here)
            self.show()
            if text is not None:
                self._first_of = self._here
                self._workspace.prompt.put_before(text)
                self.taken(self._workspace.composer.text)

    def _go_on(self, *ended: Pause) -> None:
        self._queues.go_on(self._here, *ended)
        self.show()
        self.sending.send_next(self._here)

    def wait_for_answer(self) -> None:
        """Go on when the next turn of the session on the screen is answered, as after an error."""
        self._queues.pause(self._here, Pause.FAILED)
        self.show()

    def pause(self) -> bool:
        """Pause a queue that goes on, as Esc does; returns whether there was one."""
        if self._queues.of(self._here).next is None:
            return False
        self._queues.pause(self._here, Pause.STOPPED)
        self.show()
        return True

    async def toggle(self, _: str) -> None:
        """Pause the queue, or go on with it."""
        if not self.has_prompts:
            self._workspace.notify(NOTHING_QUEUED)
        elif not self.pause():
            self.go_on()

    async def clear(self, _: str) -> None:
        """Take all prompts out of the queue; they stand in the composer then."""
        texts = await self._queues.clear(self._here)
        self.show()
        if not texts:
            self._workspace.notify(NOTHING_QUEUED)
            return
        self._workspace.prompt.put_before("\n\n".join(texts))
        self._workspace.notify("The queue is empty; its prompts stand in the composer.")

    # -- what is shown ------------------------------------------------------------------------

    async def handle(self, event: Event) -> None:
        """Show the queue of a session that was opened."""
        if isinstance(event, SessionView.Opened):
            self.show()
            await self.read()

    @property
    def _keeps(self) -> bool:
        """Whether anything of this run is kept."""
        services = self._workspace.services
        return not (services.is_demo or services.is_incognito or services.forgets)

    @property
    def kept(self) -> str:
        """A sentence about the prompts that stay when the program ends; empty without any."""
        number = self._queues.count if self._keeps else 0
        return f" {counted(number, 'queued prompt')} will be kept." if number else ""

    async def last_words(self) -> str:
        """What stays in the queues that were seen in this run, a line for each; may be empty."""
        if not self._keeps:
            return ""
        lines = []
        for session_id, number in await self._queues.waiting():
            session = await self._workspace.services.store.session(session_id)
            if session is not None and self._queues.of(session_id).prompts:
                title = line(session.title, _LONGEST_TITLE)
                lines.append(
                    f"{counted(number, 'queued prompt')} kept in “{title}”: "
                    f"groqchat --session {session_id}"
                )
        return "\n".join(lines)

    async def read(self) -> None:
        """Read the queue of the session on the screen, which another process may have changed."""
        await self._queues.read(self._here)
        self.show()

    def show(self) -> None:
        """Show the queue of the session on the screen, with the sizes of its prompts."""
        figures, queue = self._workspace.figures, self._queues.of(self._here)
        preview = figures.preview() if queue.prompts else None
        rows = self._rows.of(queue, preview, figures.view)
        self._view.show(rows, queue.pause, room_of(figures.view))

    async def tell_waiting(self) -> None:
        """Say in which other sessions prompts are queued: the chat has just been opened."""
        store = self._workspace.services.store
        for session_id, number in await self._queues.waiting():
            session = await store.session(session_id) if session_id != self._here else None
            if session is not None:
                title, prompts = line(session.title, _LONGEST_TITLE), counted(number, "prompt")
                self._workspace.notify(
                    f"“{title}” has {prompts} in its queue, paused. Ctrl+S leads to the session; "
                    "Enter in the empty composer goes on there."
                )

"""The screen of the chat: sessions, transcript, composer, quota and cost."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.actions import SkipAction
from textual.containers import Horizontal
from textual.events import Event, Resize
from textual.message import Message
from textual.messages import Layout, Update, UpdateScroll
from textual.widgets import Input

from groqchat.ui.commands import COMMANDS, HOW_TO_QUIT
from groqchat.ui.terminal.attention import Attention
from groqchat.ui.terminal.copying import Copying
from groqchat.ui.terminal.dispatch import remember_handlers
from groqchat.ui.terminal.garbage import tidy_up
from groqchat.ui.terminal.repainting import repaint_without_messages
from groqchat.ui.terminal.replacements import paint_changes_only
from groqchat.ui.terminal.textual_internals import PaintsOnce
from groqchat.ui.widgets.composer import Composer
from groqchat.ui.widgets.own_keys import binding
from groqchat.ui.widgets.reports_errors import ReportsErrors
from groqchat.ui.workspace.sides import Sides

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.geometry import Size

    from groqchat.services.account.connection import Connection
    from groqchat.ui.chat.assembly import Chat
    from groqchat.ui.chat.opening import Opening
    from groqchat.ui.conversation.conversation import Conversation
    from groqchat.ui.services import Services
    from groqchat.ui.widgets.toasts import Toasts
    from groqchat.ui.workspace.workspace import Workspace

# From this height on, in rows, there is room for long prompts and lists.
HIGH = 18
# Most of the messages that come here; they mean nothing to the chat.
OF_THE_TOOLKIT = (Event, Update, UpdateScroll, Layout)
INCOGNITO = "incognito: nothing is saved"


class ChatScreen(ReportsErrors, PaintsOnce[None]):
    """The screen of the chat: shows the composer at once and the rest when it is loaded.

    Args:
        load: Makes the services; called in a thread.
        opening: What to show first.
    """

    VERTICAL_BREAKPOINTS = [(0, "-low"), (HIGH, "-high")]  # noqa: RUF012 - typed by Textual
    BINDINGS: ClassVar[list[BindingType]] = [
        binding(command, command.keys) for command in COMMANDS if command.keys
    ]

    @dataclass
    class ChatMounted(Message):
        """Posted when the widgets and services of the chat are mounted."""

    # What follows the first frame.
    chat: Chat

    def __init__(self, load: Callable[[], Services], opening: Opening) -> None:
        super().__init__(classes="-bare")
        paint_changes_only(self)
        remember_handlers()
        repaint_without_messages()
        self.has_chat = False
        # What is said on the terminal once the program has ended.
        self.last_words = ""
        self._laid_out: Size | None = None
        self.composer = Composer(id="composer")
        self.prompt = self.composer.area
        self.attention = Attention(self)
        if opening.incognito:
            self.composer.mark(INCOGNITO)
        self.sides = Sides(self, opening.sides)
        self._load = load
        self._opening = opening

    def compose(self) -> ComposeResult:
        """The composer in its place, and places for the rest."""
        # Textual looks at the breakpoints after the first frame, and would paint all of it again.
        width, height = self.app.size
        self.sides.fit(width)
        self.add_class("-high" if height >= HIGH else "-low")
        yield Horizontal(id="desk")
        yield self.composer

    @property
    def workspace(self) -> Workspace:
        """The parts that the commands share, once the chat is mounted."""
        return self.chat.workspace

    @property
    def connection(self) -> Connection | None:
        """The account in use; None until there is a key."""
        return self.workspace.account.connection if self.has_chat else None

    @property
    def conversation(self) -> Conversation:
        """The session on the screen."""
        return self.chat.conversation

    @property
    def toasts(self) -> Toasts:
        """The cards with errors and notices."""
        return self.chat.toasts

    @property
    def is_busy(self) -> bool:
        """Whether an answer is being written."""
        return self.has_chat and self.conversation.is_busy

    # -- starting and ending ------------------------------------------------------------------

    def on_resize(self, event: Resize) -> None:
        """Show the sides where there is room for them, lay out, paint; keys come in between."""
        is_done = event.size == self._laid_out
        if not is_done and not self.sides.fit(event.size.width):
            self._laid_out = event.size
            return
        # Textual tells a screen its size when that changes, and once more when it is laid out,
        # and would lay out and paint all of it again.
        event.prevent_default()
        event.stop()
        if not is_done:
            asyncio.get_running_loop().call_soon(self._lay_out, event.size)

    def _lay_out(self, size: Size) -> None:
        if size == self.app.size:
            self.post_message(Resize(size, size))

    def on_mount(self) -> None:
        """Be ready to type in at once; everything else comes after the first frame."""
        self.prompt.send_with_enter = self._opening.send_with_enter
        self.prompt.edit_as(self._opening.composer_keys)
        self.prompt.begin_with(self._opening.text)
        self.prompt.focus()
        self.call_after_refresh(lambda: self.run_work(self._start_up(), group="start-up"))

    async def _start_up(self) -> None:
        services = await asyncio.to_thread(self._load_all)
        if isinstance(self.app, Copying):
            self.app.copies_selections = lambda: services.settings.copy_on_select
        from groqchat.ui.chat.host import ChatHost
        from groqchat.ui.chat.startup import mount_chat, start_up

        host = ChatHost(
            self, self.composer, self.sides, self.run_work, self.run_alone, self.attention
        )
        self.chat = await mount_chat(host, services, self._opening)
        self.has_chat = True
        self.post_message(self.ChatMounted())
        try:
            await start_up(self.chat, self, self._opening)
        finally:
            self.chat.dispatch.has_session.set()  # also where it cannot be opened

    def _load_all(self) -> Services:
        """Import and make the services in a thread, which takes longer than the first frame."""
        import groqchat.ui.chat.startup  # noqa: F401 - needed right after

        return self._load()

    async def save(self) -> None:
        """Save what is being answered and what is being written: the program ends."""
        if self.has_chat:
            self.chat.queueing.sending.end()
            await self.workspace.save()
            self.last_words = await self.chat.queueing.last_words()

    def tell(self, text: str) -> None:
        """Show a sentence that matters."""
        self.toasts.notice(text, severity="warning")

    async def close_services(self) -> None:
        """Close the account and the database."""
        if self.connection is not None:
            await self.connection.close()
        if self.has_chat:
            await self.workspace.services.close()

    # -- the composer -------------------------------------------------------------------------

    def on_composer_submitted(self, event: Composer.Submitted) -> None:
        """Send a prompt or run a command: Enter was pressed."""
        event.stop()
        self.chat.prompting.submit(event.text)

    def on_composer_edited(self, event: Composer.Edited) -> None:
        """Estimate the request; write the draft down shortly after."""
        event.stop()
        if self.has_chat:
            self.workspace.figures.edited(event.text)
            self.workspace.draft.keep()
            if not event.text:
                self.chat.queueing.composer_emptied()

    async def on_composer_recall_wanted(self, event: Composer.RecallWanted) -> None:
        """Take the last queued prompt back, else show older and newer prompts: an arrow key."""
        event.stop()
        if event.step > 0 and not event.text and await self.chat.queueing.take_back():
            return
        await self.chat.composing.recall(event.step, event.text)

    # -- the rest -----------------------------------------------------------------------------

    async def handle_message(
        self, message: Message, handle: Callable[[Message], Awaitable[None]]
    ) -> None:
        """Hand the messages of widgets that come after the first frame to their handlers."""
        await super().handle_message(message, handle)
        if self.has_chat and not isinstance(message, OF_THE_TOOLKIT):
            for handler in self.chat.handlers:
                await self._attempt(handler(message))

    def on_reports_errors_failed(self, event: ReportsErrors.Failed) -> None:
        """Show the error of a handler or a worker."""
        self.chat.reporter.show(event.error)

    def action_run(self, command_id: str) -> None:
        """Run the command of a key."""
        self.chat.dispatch.run_key(command_id)

    def action_copy_text(self) -> None:
        """Copy what is selected with the mouse, by whatever way works on this terminal."""
        text = self.get_selected_text()
        if not text:
            raise SkipAction
        self.run_work(self.chat.sessions.copy_text(text), group="command")

    async def interrupt(self) -> None:
        """Ctrl+C where nothing is selected: stop, else clear, else say how to leave."""
        if self.conversation.is_busy:
            await self.conversation.stop()
        elif self.composer.text:
            self.composer.text = ""
        else:
            self.toasts.notice(HOW_TO_QUIT + self.chat.queueing.kept)

    def reach_toast(self, letter: str) -> None:
        """Give the newest card on which a letter acts the focus, unless something is written."""
        # Letters that came right before may not be written yet.
        if not self.has_chat or not self.prompt.is_untouched or self.prompt.message_queue_size:
            return
        if self.focused is self.prompt or not isinstance(self.focused, Input):
            self.toasts.reach(letter)

    def on_screen_resume(self) -> None:
        """Collect garbage: a window over the chat is closed."""
        self.call_after_refresh(tidy_up)

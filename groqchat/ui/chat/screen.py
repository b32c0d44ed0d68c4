"""The one place to chat: sessions, transcript, composer, quota and cost around one conversation."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message as Told
from textual.screen import Screen

from groqchat.domain.errors.tree import KeyRejectedError
from groqchat.ui.commands import COMMANDS, HOW_TO_QUIT
from groqchat.ui.terminal.compositor import FrugalCompositor
from groqchat.ui.terminal.garbage import tidy_up
from groqchat.ui.widgets.composer import Composer
from groqchat.ui.widgets.reports_errors import ReportsErrors
from groqchat.ui.workspace.sides import Sides

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.events import Resize

    from groqchat.domain.models.catalog import Catalog
    from groqchat.domain.turns.chat import Message
    from groqchat.ui.chat.dispatch import Actions
    from groqchat.ui.chat.errors import Troubles
    from groqchat.ui.chat.opening import Opening
    from groqchat.ui.chat.prompting import Prompting
    from groqchat.ui.conversation.conversation import Conversation
    from groqchat.ui.conversation.session_view import SessionView
    from groqchat.ui.models.replacement import Healing
    from groqchat.ui.parts import Connection, Parts
    from groqchat.ui.transcript.view import Transcript
    from groqchat.ui.widgets.quota_panel import QuotaPanel
    from groqchat.ui.widgets.session_list import SessionList
    from groqchat.ui.widgets.side_panel import SidePanel
    from groqchat.ui.widgets.status_line import StatusLine
    from groqchat.ui.widgets.toasts import Toasts
    from groqchat.ui.workspace.drafts import Unsent
    from groqchat.ui.workspace.figures import Figures

# How many sessions the list at the left shows; the rest is found by searching.
LISTED_SESSIONS = 200
# From this height on, in rows, there is room for long prompts and lists.
HIGH = 18


class ChatScreen(ReportsErrors, Screen[None]):
    """Puts the widgets together and passes what one says to the others.

    Args:
        load: Makes the services; called in a thread.
        opening: What to show first.
    """

    VERTICAL_BREAKPOINTS = [(0, "-low"), (HIGH, "-high")]  # noqa: RUF012 - typed by Textual
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            command.keys,
            f"run('{command.id}')",
            command.title,
            id=command.id,
            show=False,
            # A text area has a use of its own for these.
            priority=command.keys in {"ctrl+k", "ctrl+y"},
        )
        for command in COMMANDS
        if command.keys
    ]

    @dataclass
    class Furnished(Told):
        """Everything is in its place."""

    # What follows the first frame; `furnish` puts it here.
    parts: Parts
    conversation: Conversation
    toasts: Toasts
    panel: SidePanel
    status: StatusLine
    session_list: SessionList
    figures: Figures
    actions: Actions
    troubles: Troubles
    prompting: Prompting
    unsent: Unsent
    healing: Healing

    def __init__(self, load: Callable[[], Parts], opening: Opening) -> None:
        super().__init__(classes="-bare")
        self._compositor = FrugalCompositor()
        self.connection: Connection | None = None
        self.is_furnished = False
        self.composer = Composer(id="composer")
        self.prompt = self.composer.area
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
    def catalog(self) -> Catalog:
        """The models, with the account's own list where it is known."""
        return self.connection.models.catalog if self.connection else self.parts.catalog

    # -- starting -----------------------------------------------------------------------------

    def on_resize(self, event: Resize) -> None:
        """The sides stand where there is room for them."""
        self.sides.fit(event.size.width)

    def on_mount(self) -> None:
        """Ready to type at once; everything else comes after the first frame."""
        self.prompt.send_with_enter = self._opening.send_with_enter
        self.prompt.focus()
        self.call_after_refresh(lambda: self.run_surely(self._start_up(), group="start-up"))

    async def _start_up(self) -> None:
        parts = await asyncio.to_thread(self._load_all)
        from groqchat.ui.chat.startup import furnish, start_up

        await furnish(self, parts, self._opening)
        self.is_furnished = True
        self.post_message(self.Furnished())
        await start_up(self, self._opening)

    def _load_all(self) -> Parts:
        """Import everything in a thread: it takes longer than all before."""
        import groqchat.ui.chat.startup  # noqa: F401 - needed right after

        return self._load()

    # -- prompts ------------------------------------------------------------------------------

    def on_composer_submitted(self, event: Composer.Submitted) -> None:
        """Enter was pressed."""
        event.stop()
        self.prompting.submit(event.text)

    def on_composer_edited(self, event: Composer.Edited) -> None:
        """Estimate the request; write the draft down shortly after."""
        event.stop()
        if self.is_furnished:
            self.figures.show_estimate(event.text)
            self.unsent.keep()

    async def last_words(self) -> None:
        """The program ends: save what is being answered and what is being written."""
        await self.conversation.stop()
        await self.unsent.rescue()

    async def on_composer_recall_wanted(self, event: Composer.RecallWanted) -> None:
        """Older and newer prompts, by the arrow keys."""
        event.stop()
        await self.actions.composing.recall(event.step, event.text)

    # -- turns --------------------------------------------------------------------------------

    def on_conversation_turn_began(self, event: Conversation.TurnBegan) -> None:
        """The prompt is stored; what stood in the way of the last turn is over."""
        self.prompting.stored(event.prompt)
        self.toasts.clear_errors()
        self.toasts.clear_notices()
        self.run_alone(self.refresh_sessions, group="sessions")

    def on_conversation_turn_sends(self) -> None:
        """A wait, if there was one, is over."""
        self.toasts.end_wait()

    def on_conversation_turn_waits(self, event: Conversation.TurnWaits) -> None:
        """Show the wait with its reason; it can be cut short or cancelled."""
        self.troubles.log.add(self.parts.clock.now(), event.waiting.error)
        self.toasts.show_wait(event.waiting.error, event.waiting.until, self.parts.clock.monotonic)

    def on_conversation_turn_rerouted(self, event: Conversation.TurnRerouted) -> None:
        """Another tier or model is asked: never silently."""
        self.troubles.log.add(self.parts.clock.now(), event.rerouted.error)
        self.toasts.notice(event.rerouted.sentence, severity="warning")

    def on_reports_errors_failed(self, event: ReportsErrors.Failed) -> None:
        """Something could not be read or written: say it, and go on."""
        self.troubles.show(event.error)

    def on_conversation_quota_moved(self) -> None:
        """The headers have spoken."""
        self.figures.show_quota_soon()

    def on_quota_panel_refilled(self, event: QuotaPanel.Refilled) -> None:
        """The panel counts the seconds for all that shows limits."""
        self.figures.carry_on(event.view)

    async def on_conversation_turn_ended(self, event: Conversation.TurnEnded) -> None:
        """The answer is saved: quota, cost and list follow it."""
        await self._after_turn(event.answer)

    async def on_conversation_turn_stopped(self, event: Conversation.TurnStopped) -> None:
        """Stopped by the user: an unanswered prompt goes back to be edited."""
        if event.answer is None:
            self.prompting.give_back(event.prompt)
        await self._after_turn(event.answer)

    async def on_conversation_turn_failed(self, event: Conversation.TurnFailed) -> None:
        """Say what to do; an unanswered prompt goes back to be edited."""
        if event.answer is None:
            self.prompting.give_back(event.prompt)
        self.troubles.show_failed(event.error, event.answer)
        await self._after_turn(event.answer)
        is_writing = event.prompt and self.composer.text not in {"", event.prompt.content}
        if isinstance(event.error, KeyRejectedError) and not is_writing:
            self.run_surely(self.actions.keys.ask(event.error), group="command")

    async def _after_turn(self, answer: Message | None) -> None:
        self.toasts.end_wait()
        self.figures.last_turn = answer or self.figures.last_turn
        await self.figures.show()
        await self.refresh_sessions()

    # -- sessions -----------------------------------------------------------------------------

    async def on_session_view_opened(self, event: SessionView.Opened) -> None:
        """Another session: its last answer, its draft, its figures."""
        await self.healing.heal()
        self.figures.last_turn = await self.conversation.branch.last_answer()
        await self.unsent.arrive()
        self.prompt.focus()
        await self.figures.refresh()
        await self.refresh_sessions()

    def on_session_list_chosen(self, event: SessionList.Chosen) -> None:
        """Open what was chosen in the list; its end is painted before all of it is read."""
        self.run_alone(partial(self.open_session, event.session_id), group="open")

    async def open_session(self, session_id: str, message_id: str | None = None) -> None:
        """Show a session, at one of its messages if one is named."""
        self.sides.put_away()
        session = await self.parts.store.session(session_id)
        if session is None:
            return
        await self.conversation.open(session, message_id)
        if message_id is None:
            self.run_surely(self.actions.compare.reopen(session_id), group="columns")

    async def refresh_sessions(self) -> None:
        """List the sessions again."""
        sessions = await self.parts.store.sessions(limit=LISTED_SESSIONS)
        self.session_list.show(sessions, self.conversation.session.id)

    # -- commands -----------------------------------------------------------------------------

    def action_run(self, command_id: str) -> None:
        """A key was pressed that stands for a command."""
        self.run_command(command_id)

    def run_command(self, command_id: str, argument: str = "") -> None:
        """Run a command with what was written behind it."""
        self.run_surely(self.actions.run(command_id, argument), group="command")

    async def set_options(self, **changes: object) -> None:
        """Change model or parameters of this session."""
        await self.conversation.set_options(**changes)
        await self.figures.refresh()

    def action_copy_text(self) -> None:
        """Copy what is selected with the mouse, by whatever way works on this terminal."""
        text = self.get_selected_text()
        if not text:
            raise SkipAction
        self.run_surely(self.actions.sessions.copy_text(text), group="command")

    async def interrupt(self) -> None:
        """Ctrl+C where nothing is selected: stop, else clear, else say how to leave."""
        if self.conversation.is_busy:
            await self.conversation.stop()
        elif self.composer.text:
            self.composer.text = ""
        else:
            self.toasts.notice(HOW_TO_QUIT)

    def on_screen_resume(self) -> None:
        """What lay over all this is closed."""
        self.call_after_refresh(tidy_up)

    def on_find_bar_closed(self) -> None:
        """Back to writing."""
        self.prompt.focus()

    def put_away(self) -> None:
        """Fold away what lies over the conversation."""
        self.sides.put_away()
        self.toasts.clear_errors()
        self.toasts.clear_notices()

    async def on_toasts_chosen(self, event: Toasts.Chosen) -> None:
        """Do what was chosen on a toast."""
        event.stop()
        self.prompt.focus()
        self.run_surely(self.troubles.remedy(event.action, event.error), group="command")

    def on_toasts_dismissed(self) -> None:
        """Back to writing."""
        self.prompt.focus()

    def on_toasts_typed(self, event: Toasts.Typed) -> None:
        """Somebody wrote on: the letter belongs to the composer."""
        self.prompt.focus()
        self.prompt.type_text(event.character)

    def on_toasts_send_now(self) -> None:
        """Enough waited."""
        self.conversation.skip_wait.set()

    async def on_toasts_wait_cancelled(self) -> None:
        """Do not send again after all."""
        await self.conversation.stop()

    def on_transcript_edit_asked(self, event: Transcript.EditAsked) -> None:
        """`e` on a message."""
        self.run_surely(self.actions.turns.edit(event.entry_id), group="command")

    def on_transcript_regenerate_asked(self, event: Transcript.RegenerateAsked) -> None:
        """`r` on a message."""
        self.run_surely(self.actions.turns.regenerate(event.entry_id), group="command")

    def on_transcript_copy_asked(self, event: Transcript.CopyAsked) -> None:
        """`c` on a message."""
        self.run_surely(self.actions.sessions.copy(event.entry_id), group="command")

    def on_transcript_code_copy_asked(self, event: Transcript.CodeCopyAsked) -> None:
        """A digit on a message."""
        self.run_surely(self.actions.sessions.copy(event.entry_id, event.number), group="command")

    def on_transcript_link_clicked(self, event: Transcript.LinkClicked) -> None:
        """A link was clicked."""
        self.app.open_url(event.href)

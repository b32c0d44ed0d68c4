"""Reactions of the chat to what turns and widgets report.

Textual finds handlers by their names in the class of the screen. Handlers for widgets that are
imported after the first frame stand here instead, and the screen hands their messages on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import KeyRejectedError
from groqchat.domain.text.humanize import counted
from groqchat.domain.turns.chat import State
from groqchat.ui.conversation.conversation import Conversation
from groqchat.ui.conversation.session_view import SessionView
from groqchat.ui.transcript.view import Transcript
from groqchat.ui.widgets.find_bar import FindBar
from groqchat.ui.widgets.quota_panel import QuotaPanel
from groqchat.ui.widgets.session_list import SessionList
from groqchat.ui.widgets.text import line
from groqchat.ui.widgets.toasts import Toasts

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.message import Message as Event

    from groqchat.domain.turns.chat import Message
    from groqchat.ui.chat.errors import ErrorReporter
    from groqchat.ui.chat.prompting import Prompting
    from groqchat.ui.chat.remedies import Remedies
    from groqchat.ui.chat.turn_actions import TurnActions
    from groqchat.ui.keys.actions import KeyActions
    from groqchat.ui.sessions.actions import SessionActions
    from groqchat.ui.sessions.opening import SessionListing, SessionOpening
    from groqchat.ui.widgets.prompt_area import PromptArea
    from groqchat.ui.widgets.reports_errors import Run
    from groqchat.ui.workspace.workspace import Workspace


_LONGEST_TITLE = 40


class TurnEvents:
    """Shows the course of turns in composer, toasts, figures and the list of sessions.

    Args:
        workspace: The parts of the chat.
        prompting: Takes stored prompts out of the composer, and gives unanswered ones back.
        reporter: Shows the error that a turn ends in.
        listing: The list of sessions.
        keys: Has a key entered in the place of one that was rejected.
    """

    def __init__(
        self,
        workspace: Workspace,
        prompting: Prompting,
        reporter: ErrorReporter,
        listing: SessionListing,
        keys: KeyActions,
    ) -> None:
        self._workspace = workspace
        self._prompting = prompting
        self._reporter = reporter
        self._listing = listing
        self._keys = keys

    async def handle(self, event: Event) -> None:
        """Act on what a turn reports."""
        toasts, figures = self._workspace.toasts, self._workspace.figures
        match event:
            case Conversation.TurnBegan():
                self._began(event.prompt)
            case Conversation.TurnSends():
                toasts.end_wait()
            case Conversation.TurnWaits():
                waiting, clock = event.waiting, self._workspace.services.clock
                self._reporter.record(waiting.error)
                toasts.show_wait(waiting.error, waiting.until, clock.monotonic)
            case Conversation.TurnRerouted():
                self._reporter.record(event.rerouted.error)
                toasts.notice(event.rerouted.sentence, severity="warning")
            case Conversation.QuotaMoved():
                figures.show_quota_soon()
            case QuotaPanel.Refilled():
                figures.carry_on(event.view)
            case Conversation.TurnEnded():
                await self._ended(event.answer)
                self._tell_cut(event.answer)
            case Conversation.TurnStopped():
                if event.answer is None:
                    self._prompting.give_back(event.prompt)
                await self._ended(event.answer)
            case Conversation.TurnLeft():
                await self._left(event.answer)
            case Conversation.TurnFailed():
                await self._failed(event)

    def _began(self, prompt: Message) -> None:
        """Clear what stood in the way of the last turn; the prompt is stored."""
        self._prompting.stored(prompt)
        self._workspace.toasts.clear_errors()
        self._workspace.toasts.clear_notices()
        self._workspace.figures.turn_began()
        self._workspace.run_alone(self._listing.refresh_soon, group="sessions")

    async def _left(self, answer: Message) -> None:
        """Say where the answer is that was stopped for another session."""
        session = await self._workspace.services.store.session(answer.session_id)
        title = line(session.title, _LONGEST_TITLE) if session else ""
        self._workspace.notify(
            f"The answer in “{title}” was stopped; what had arrived is kept. Ctrl+S leads back to "
            "the session, /continue goes on there.",
            severity="warning",
        )

    def _tell_cut(self, answer: Message) -> None:
        """Say what cut an answer, and how to go on."""
        if answer.state is not State.CUT_BY_LIMIT:
            return
        longest = self._workspace.conversation.options.max_tokens
        cut = (
            f"at {counted(longest, 'token')}, as /max-tokens says"
            if longest
            else "at the longest that your limits and the model allow"
        )
        self._workspace.notify(f"The answer was cut {cut}. /continue goes on where it ends.")

    async def _failed(self, event: Conversation.TurnFailed) -> None:
        """Show the error; an unanswered prompt goes back to be edited."""
        if event.answer is None:
            self._prompting.give_back(event.prompt)
        self._reporter.show_failed(event.error, event.answer)
        await self._ended(event.answer)
        written = self._workspace.composer.text
        is_writing = event.prompt and written not in {"", event.prompt.content}
        if isinstance(event.error, KeyRejectedError) and not is_writing:
            self._workspace.run(self._keys.ask(event.error), group="command")

    async def _ended(self, answer: Message | None) -> None:
        """Show quota, cost and sessions as they are after a turn."""
        figures = self._workspace.figures
        self._workspace.toasts.end_wait()
        figures.turn_ended(answer or await self._workspace.conversation.branch.last_answer())
        await figures.show()
        await self._listing.refresh()


class WidgetEvents:
    """Acts on what is chosen, typed or clicked in the widgets around the composer.

    Args:
        area: The text area of the composer.
        conversation: The conversation, whose turn is cut short or stopped.
        run: Starts work whose expected errors are shown.
        opening: Opens sessions.
        remedies: Carries out the remedies of errors.
        turns: Edits prompts and regenerates answers.
        sessions: Copies messages.
        open_url: Opens an address in the browser.
    """

    def __init__(
        self,
        area: PromptArea,
        conversation: Conversation,
        run: Run,
        *,
        opening: SessionOpening,
        remedies: Remedies,
        turns: TurnActions,
        sessions: SessionActions,
        open_url: Callable[[str], None],
    ) -> None:
        self._area = area
        self._conversation = conversation
        self._run = run
        self._opening = opening
        self._remedies = remedies
        self._turns = turns
        self._sessions = sessions
        self._open_url = open_url

    async def handle(self, event: Event) -> None:
        """Act on what a widget reports."""
        match event:
            case SessionView.Opened():
                await self._opening.opened()
            case SessionList.Chosen():
                self._opening.choose(event.session_id)
            case FindBar.Closed() | Toasts.Dismissed():
                self._area.focus()
            case Toasts.Chosen():
                self._area.focus()
                self._run(self._remedies.carry_out(event.action, event.error), group="command")
            case Toasts.Typed():
                self._area.focus()
                self._area.type_text(event.character)
            case Toasts.SendNow():
                self._conversation.skip_wait.set()
            case Toasts.WaitCancelled():
                await self._conversation.stop()
            case Transcript.LinkClicked():
                self._open_url(event.href)
            case Transcript.Asked():
                self._act_on_message(event)

    def _act_on_message(self, event: Transcript.Asked) -> None:
        """Act on a key that was pressed on a message."""
        turns, sessions, run = self._turns, self._sessions, self._run
        match event:
            case Transcript.EditAsked():
                run(turns.edit(event.entry_id), group="command")
            case Transcript.RegenerateAsked():
                run(turns.regenerate(event.entry_id), group="command")
            case Transcript.CopyAsked():
                run(sessions.copy(event.entry_id), group="command")
            case Transcript.CodeCopyAsked():
                run(sessions.copy(event.entry_id, event.number), group="command")

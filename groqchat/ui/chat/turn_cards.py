"""The cards about the turn of the session that is being read: its wait, or its error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.turns.message_kind import MessageKind
from groqchat.services.turns.running_turn import Phase
from groqchat.ui.widgets.approval_card import ApprovalCard

if TYPE_CHECKING:
    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.tools.decision import Decision
    from groqchat.domain.tools.events import ApprovalAsked
    from groqchat.domain.turns.chat import Waiting
    from groqchat.ui.chat.errors import ErrorReporter
    from groqchat.ui.workspace.workspace import Workspace


class TurnCards:
    """Shows the wait or the error of a turn while its session is read, since remedies act there.

    Args:
        workspace: The parts of the chat.
        reporter: Shows errors, and keeps the last ones.
    """

    def __init__(self, workspace: Workspace, reporter: ErrorReporter) -> None:
        self._workspace = workspace
        self.reporter = reporter
        self._approval: ApprovalCard | None = None

    def leave(self) -> None:
        """Take the cards of the session away that was read until now."""
        self._workspace.toasts.end_wait()
        self.end_approval()
        self.reporter.leave()

    def arrive(self) -> None:
        """Show the wait or the error of the session that is read now, unless it was put away."""
        turn = self._workspace.conversation.turn
        if turn is None:
            return
        if turn.waiting is not None:
            self.show_wait(turn.waiting)
        elif turn.approval is not None:
            self.show_approval(turn.approval)
        elif turn.phase is Phase.FAILED and not turn.is_put_away:
            self.reporter.show_failed(turn, is_new=False)

    def show_approval(self, asked: ApprovalAsked) -> None:
        """Ask whether a call may run; nothing runs until the user says so."""
        self.end_approval()
        self._approval = ApprovalCard(asked, self._decide)
        self._workspace.toasts.show_work(self._approval)

    def end_approval(self) -> None:
        """Take the question away: it is answered, or its turn is over."""
        if self._approval is not None:
            self._workspace.toasts.end_work(self._approval)
            self._approval = None

    def _decide(self, decision: Decision | None) -> None:
        """Say what the user said; the composer has the keys again."""
        workspace, connection = self._workspace, self._workspace.account.connection
        workspace.composer.area.focus()
        if decision is None:
            workspace.run(workspace.conversation.stop(), group="command")
        elif connection is not None:
            self.end_approval()
            connection.turns.approvals.decide(workspace.conversation.session.id, decision)

    def put_away(self, error: GroqchatError) -> None:
        """Note that an error was dismissed or acted on; it does not come back with its session."""
        self.reporter.put_away(error)

    def show_wait(self, waiting: Waiting) -> None:
        """Show that the request of this session is sent again by itself."""
        clock, turn = self._workspace.services.clock, self._workspace.conversation.turn
        prompt = turn.prompt if turn else None
        is_summary = prompt is not None and prompt.kind is MessageKind.SUMMARY
        work = f"Summary by {turn.options.model}" if turn and is_summary else ""
        self._workspace.toasts.show_wait(waiting.error, waiting.until, clock.monotonic, work=work)

"""Asks above the prompt of a comparison whether the call of a column's tool may run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.ui.widgets.approval_card import ApprovalCard

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.tools.decision import Decision
    from groqchat.domain.tools.events import ApprovalAsked
    from groqchat.services.tools.approvals import Approvals
    from groqchat.ui.compare.foot import CompareFoot

_ROOM = 12


class Approving:
    """Shows the question, one at a time, and gives on what the user says.

    Args:
        foot: Where the question stands.
        approvals: Wait for the word.
        session_id: The session of the comparison.
        stop: Stops all columns.

    Attributes:
        changed: Called once a question is asked, or over.
    """

    def __init__(
        self, foot: CompareFoot, approvals: Approvals, session_id: str, stop: Callable[[], object]
    ) -> None:
        self._foot = foot
        self._approvals = approvals
        self._session_id = session_id
        self._stop = stop
        self.changed: Callable[[], None] = lambda: None
        self._card: ApprovalCard | None = None

    @property
    def is_asking(self) -> bool:
        """Whether a question waits for the user."""
        return self._card is not None

    def ask(self, column: str, asked: ApprovalAsked) -> None:
        """Ask about a call of the column with a name."""
        self.end()
        self._card = ApprovalCard(asked, self._decide, column)
        self._foot.mount(self._card, before=self._foot.prompt)
        self._card.fit(self._foot.size.width, _ROOM)
        self.changed()

    def focus(self) -> bool:
        """Go to the question; False where there is none."""
        if self._card is not None:
            self._card.focus()
        return self._card is not None

    def end(self) -> None:
        """Take the question away: it is answered, or its turn is over."""
        card, self._card = self._card, None
        if card is not None:
            if card.has_focus:
                self._foot.prompt.focus()
            card.remove()
            self.changed()

    def _decide(self, decision: Decision | None) -> None:
        self.end()
        if decision is None:
            self._stop()
        else:
            self._approvals.decide(self._session_id, decision)

"""The parts that the commands of the chat share."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from groqchat.services.turns.running import MOST_RUNNING
from groqchat.ui.widgets.work_card import WorkCard
from groqchat.ui.workspace.parts import OpenSession

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.ui.conversation.conversation import Conversation
    from groqchat.ui.dialogs.dialog import Ask
    from groqchat.ui.services import Services
    from groqchat.ui.widgets.composer import Composer
    from groqchat.ui.widgets.reports_errors import Run, RunAlone
    from groqchat.ui.widgets.text import KeyHint
    from groqchat.ui.widgets.toast_cards import Severity
    from groqchat.ui.widgets.toasts import Toasts
    from groqchat.ui.workspace.account import Account
    from groqchat.ui.workspace.composer_draft import ComposerDraft
    from groqchat.ui.workspace.figures import Figures
    from groqchat.ui.workspace.prompt_text import PromptText


@dataclass(frozen=True, slots=True)
class Workspace(OpenSession):
    """Services, account, conversation, composer and figures; none of them is a screen or the app.

    ``ask`` opens a window and waits for its result, ``run`` and ``run_alone`` start work whose
    expected errors are shown, ``show_error`` shows an error with what can be done about it.
    """

    still_busy: ClassVar[str] = "The last prompt is still being answered; Esc stops it."
    all_busy: ClassVar[str] = (
        f"{MOST_RUNNING} sessions are being answered already, which is the most at a time. "
        "Ctrl+S shows them; wait for one, or stop one with Esc."
    )

    services: Services
    account: Account
    conversation: Conversation
    composer: Composer
    prompt: PromptText
    draft: ComposerDraft
    toasts: Toasts
    figures: Figures
    ask: Ask
    run: Run
    run_alone: RunAlone
    show_error: Callable[[GroqchatError], None]

    def notify(self, text: str, *, severity: Severity = "information", stays: bool = False) -> None:
        """Show a notice."""
        self.toasts.notice(text, severity=severity, stays=stays)

    @contextmanager
    def showing(
        self,
        title: str,
        words: Callable[[], str],
        keys: Callable[[], Sequence[KeyHint]],
        press: Callable[[str], None],
    ) -> Iterator[WorkCard]:
        """A card of work that is shown for as long as the block runs.

        Args:
            title: The work.
            words: Tells how far it is.
            keys: The keys that end it.
            press: Does what a key does, told the key's name for clicks.
        """
        card = WorkCard(title, words, keys, press)
        self.toasts.show_work(card)
        try:
            yield card
        finally:
            self.toasts.end_work(card)

    async def save(self) -> None:
        """Save what is being answered and what is being written: the program ends."""
        await self.conversation.turns.stop_all()
        await self.draft.rescue()

"""The parts that the commands of the chat share."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.models.parameters import fitted
from groqchat.domain.models.vision import image_problem
from groqchat.services.turns.running import MOST_RUNNING
from groqchat.ui.widgets.work_card import WorkCard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.models.catalog import Catalog
    from groqchat.domain.turns.chat import Options
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
class Workspace:
    """Services, account, conversation, composer and figures; none of them is a screen or the app.

    ``ask`` opens a window and waits for its result, ``run`` and ``run_alone`` start work whose
    expected errors are shown, ``show_error`` shows an error with what can be done about it.
    """

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

    def notify(self, text: str, *, severity: Severity = "information", stays: bool = False) -> None:
        """Show a notice."""
        self.toasts.notice(text, severity=severity, stays=stays)

    async def set_options(self, **changes: object) -> None:
        """Change model or parameters of the open session."""
        await self.conversation.set_options(**changes)
        await self.figures.refresh()

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

    def is_free(self) -> bool:
        """Whether an answer may begin in this session; a notice says why if it may not."""
        if self.conversation.is_busy:
            self.notify("The last prompt is still being answered; Esc stops it.")
            return False
        if self.conversation.turns.is_full:
            self.notify(
                f"{MOST_RUNNING} sessions are being answered already, which is the most at a time. "
                "Ctrl+S shows them; wait for one, or stop one with Esc."
            )
            return False
        return True

    async def save(self) -> None:
        """Save what is being answered and what is being written: the program ends."""
        await self.conversation.turns.stop_all()
        await self.draft.rescue()

"""From Enter to a turn of a comparison; no text is lost on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from groqchat.domain.errors.tree import GroqchatError, StorageError
from groqchat.ui.slash import read_slash
from groqchat.ui.widgets.send_warning import SendWarning

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.services.quota.budget import BudgetGuard
    from groqchat.ui.commands import Command
    from groqchat.ui.compare.forecast import CompareForecast
    from groqchat.ui.compare.state import CompareState
    from groqchat.ui.dialogs.confirm import SendThisOne
    from groqchat.ui.slash import Slash
    from groqchat.ui.widgets.attaching.attachments import Attaching
    from groqchat.ui.widgets.prompt_area import PromptArea
    from groqchat.ui.widgets.reports_errors import Run


class Confirm(Protocol):
    """Opens a window that asks whether to send, and calls back with the answer."""

    def __call__(self, window: SendThisOne, callback: Callable[[bool | None], None], /) -> object:
        """Open the window at once, so that the next key goes to it."""


class ComparePrompting:
    """Sends what is written in the prompt of a comparison, which stays there until it is stored.

    Args:
        state: The comparison on the screen.
        area: The text area of the prompt.
        attaching: Adds files to the prompt.
        forecast: Says what a prompt takes.
        budget: The budget that the requests must fit.
        ask: Sends a prompt to all columns.
        act: Runs a command of the chat, or says where it works.
        confirm: Opens a window that asks whether to send.
        run: Starts work whose expected errors are shown.
    """

    def __init__(
        self,
        state: CompareState,
        area: PromptArea,
        attaching: Attaching,
        *,
        forecast: CompareForecast,
        budget: BudgetGuard,
        ask: Callable[[str], None],
        act: Callable[[Slash], None],
        confirm: Confirm,
        run: Run,
    ) -> None:
        self._state = state
        self._area = area
        self._forecast = forecast
        self._budget = budget
        self._ask = ask
        self._act = act
        self._confirm = confirm
        self._send_warning = SendWarning()
        self._attaching = attaching
        self._run = run
        self._warned_of = self._unseen_told = ""

    async def send(self, text: str) -> None:
        """Send a prompt to all columns, or say why not: it is no prompt, or costs too much."""
        state = self._state
        if not text.strip():
            return
        if (slash := read_slash(text)) is not None:
            self._send_warning.forget()
            self._act(slash)
        elif state.is_busy:
            state.refuse("", "Your prompt stays here; Enter sends it then.")
        elif warning := self._send_warning.warning(text):
            state.say(warning, "$text-warning")
        elif self._attaching.holds_up(text, self._say_attached, self._send_read):
            pass  # it goes on once the files are read
        elif self._is_unseen(text):
            self._unseen_told = text
        elif await self._is_affordable(text):
            self._warned_of = ""
            self._ask(text)

    def _is_unseen(self, text: str) -> bool:
        """Whether it was said just now that a column cannot see the images of a prompt."""
        problem = self._forecast.image_problem(text)
        if problem and text != self._unseen_told:
            again = "Enter again sends the prompt; what does not see reads their names alone."
            self._state.say(f"{problem} {again}", "$text-warning")
            return True
        return False

    def _say_attached(self, said: str) -> None:
        self._forecast.keep_words_on(self._area.text)
        self._state.say(said, "$text-warning")

    def _send_read(self, text: str) -> None:
        self._run(self.send(text), group="send")

    async def _is_affordable(self, text: str) -> bool:
        if self._warned_of == text:
            self._let_pass()
            return True
        try:
            await self._budget.check(self._state.comparison.session.id)
        except StorageError as error:
            self._offer_to_send(text, error)
            return False
        except GroqchatError as error:
            self._warned_of = text
            self._state.say(f"{error.message} Enter again to send it anyway.", "$text-warning")
            return False
        return True

    def _let_pass(self) -> None:
        for _ in self._state.columns:
            self._budget.allow_once()

    def _offer_to_send(self, text: str, error: StorageError) -> None:
        """Ask whether to send once although the settings, and so the budget, cannot be read."""
        from groqchat.ui.dialogs.confirm import SendThisOne

        def decided(is_sent: bool | None) -> None:
            if is_sent:
                self._let_pass()
                self._ask(text)

        self._confirm(SendThisOne(error, self._area.type_text), decided)


def only_in_chat(command: Command) -> str:
    """The answer to a command of the chat that does nothing in a comparison."""
    return _INSTEAD.get(command.id) or f"{command.title}: in the chat. Esc goes back there."


_OPTIONS = "Each column is asked in its own way here: press Tab, then o."
_INSTEAD = {
    "compare": "The columns stay as they are. Esc, then /compare, compares others.",
    "model": "The columns keep their models. Esc, then /compare, compares others.",
    "system": _OPTIONS,
    "effort": _OPTIONS,
    "longest": _OPTIONS,
    "set": _OPTIONS,
    "prompts": "In the chat: Esc, /prompts; its text comes along. System prompts: Tab, o.",
    "transcribe": "Sound is transcribed in the chat: Esc goes there; copy its text.",
    "talk": "Sound is recorded in the chat: Esc goes there; copy its text.",
}

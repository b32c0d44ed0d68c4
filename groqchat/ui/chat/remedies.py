"""The remedies that are chosen on the toasts of errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.refused_values import CHAT_COMMANDS
from groqchat.domain.errors.table import Action
from groqchat.domain.errors.tree import OverBudgetError, StorageError
from groqchat.domain.sessions.options import PARAMETERS, without
from groqchat.domain.turns.chat import Role
from groqchat.domain.turns.message_kind import MessageKind
from groqchat.domain.turns.shortening import is_of_answers, shortened
from groqchat.ui.sessions.compaction.remedies import CompactionRemedies
from groqchat.ui.widgets.text import line

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.ui.chat.error_actions import ErrorActions
    from groqchat.ui.chat.errors import ErrorReporter
    from groqchat.ui.chat.prompting import Prompting
    from groqchat.ui.chat.turn_actions import TurnActions
    from groqchat.ui.keys.actions import KeyActions
    from groqchat.ui.models.actions import ModelActions
    from groqchat.ui.sessions.compaction.actions import CompactionActions
    from groqchat.ui.workspace.workspace import Workspace


class Remedies:
    """Carries out the remedies of errors.

    Args:
        workspace: The parts of the chat.
        reporter: The errors that were shown.
        prompting: Sends the text in the composer.
        turns: Asks again and continues.
        compaction: Makes conversations shorter.
        keys: Has another key entered.
        models: Has another model chosen.
        errors: Shows the details of errors.
        hold_queue: Has the queue wait until the next turn is answered.
    """

    def __init__(
        self,
        workspace: Workspace,
        reporter: ErrorReporter,
        *,
        prompting: Prompting,
        turns: TurnActions,
        compaction: CompactionActions,
        keys: KeyActions,
        models: ModelActions,
        errors: ErrorActions,
        hold_queue: Callable[[], None],
    ) -> None:
        self._workspace = workspace
        self._reporter = reporter
        self._prompting = prompting
        self._turns = turns
        self._compaction = compaction
        self._of_compactions = CompactionRemedies(workspace, compaction)
        self._keys = keys
        self._models = models
        self._errors = errors
        self._hold_queue = hold_queue

    async def carry_out(self, action: Action, error: GroqchatError) -> None:
        """Do what was chosen on the toast of an error."""
        again = self._reporter.of_sound.get(error)
        if again is not None and action in {Action.RETRY, Action.WAIT, Action.SEND_ANYWAY}:
            again(action is Action.SEND_ANYWAY)
            return
        if await self._of_compactions.carry_out(action, error):
            return
        match action:
            case Action.RETRY:
                await self._turns.ask_again()
            case Action.SEND_ANYWAY:
                await self._send_anyway(error)
            case Action.WAIT:
                await self._turns.ask_again(waiting_out=error)
            case Action.CONTINUE:
                await self._turns.continue_answer("")
            case Action.SWITCH_MODEL:
                await self._switch_and_retry(error)
            case Action.SHORTEN:
                await self._shorten_and_retry(error)
            case Action.DROP_PARAMETER:
                await self._drop_and_retry(error)
            case Action.NEW_KEY:
                await self._keys.ask(error)
            case Action.DETAILS:
                await self._errors.list_errors("")

    async def _send_anyway(self, error: GroqchatError) -> None:
        """Send past the budget and the settings; past the limits only where these were in the way.

        An error of the settings before any turn is about what is written, not about what was sent.
        """
        if isinstance(error, StorageError) and not self._reporter.is_of_turn(error):
            self._prompting.send_all_the_same()
            return
        if self._workspace.account.connection is not None:
            self._workspace.account.connection.budget.allow_once()
        is_checked = isinstance(error, OverBudgetError | StorageError)
        await self._turns.repeat(is_checked=is_checked)

    async def _shorten_and_retry(self, error: GroqchatError) -> None:
        """Make the conversation shorter as the user chooses, or else the answer to the prompt."""
        if not is_of_answers(error) and await self._reporter.has_long_file(error):
            self._prompting.submit(self._workspace.composer.text)  # it offers what can be sent
            return
        conversation, connection = self._workspace.conversation, self._workspace.account.connection
        asked = await conversation.branch.to_answer()
        prompt = await conversation.branch.last_prompt()
        if prompt is None or asked is None or connection is None:
            return
        if not is_of_answers(error) and await self._compaction.plans_for(connection, prompt):
            is_begun_anew = asked.role is not Role.TOOL or await self._may_call_again()
            if not is_begun_anew or not await self._compaction.offer(connection, prompt):
                return
            if prompt.kind is MessageKind.ASIDE:
                await self._prompting.ask_aside(prompt.content)
            else:
                await conversation.ask(connection.turns, prompt.content)
            return
        short = shortened(conversation.options_of(asked), error)
        conversation.ask_with(asked, short)
        # A warning stays in sight when the turn begins.
        self._workspace.notify(
            "Shortened for this prompt alone: its answer has at most "
            f"{short.max_tokens} tokens. /max-tokens limits all answers.",
            severity="warning",
        )
        await self._turns.ask_again()

    async def _may_call_again(self) -> bool:
        """Whether the user wants a prompt asked anew whose tools were called already."""
        from groqchat.ui.dialogs.confirm import Confirm

        said = (
            "What stands before your prompt is made shorter, and the prompt is asked from its "
            "beginning: the model may call its tools again, and you are asked about each call."
        )
        is_wanted: bool | None = await self._workspace.ask(Confirm(said, "Go on"))
        return is_wanted is True

    async def _switch_and_retry(self, error: GroqchatError) -> None:
        """Take the replacement that the error names; without one, have a model chosen."""
        if error.facts.replacement and not self._workspace.toasts.is_waiting:
            await self._workspace.set_options(model=error.facts.replacement)
            await self._turns.ask_again()
        elif self._workspace.toasts.is_waiting:
            await self._switch_while_waiting()
        else:
            await self._models.choose_model("")

    async def _switch_while_waiting(self) -> None:
        """Have a model chosen while a request waits, and ask that one if it still does."""
        workspace, before = self._workspace, self._workspace.options.model
        await self._models.choose_model("")
        if workspace.options.model != before and workspace.toasts.is_waiting:
            await workspace.conversation.stop()
            self._hold_queue()
            await self._turns.ask_again()

    async def _drop_and_retry(self, error: GroqchatError) -> None:
        """Ask without the parameter, in this session from now on."""
        parameter = error.facts.parameter or ""
        left = without(self._workspace.options, parameter)
        await self._workspace.set_options(
            dropped=left.dropped, **{name: getattr(left, name) for name in PARAMETERS}
        )
        back = CHAT_COMMANDS.get(parameter)
        self._workspace.notify(
            f"{line(parameter)} is not sent any more in this session"
            + (f"; {back} sets it again." if back else "."),
            severity="warning",
        )
        await self._turns.ask_again()

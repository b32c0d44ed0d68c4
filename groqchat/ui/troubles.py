"""Errors on the screen: where they are shown, and what choosing a remedy does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.causes import Action
from groqchat.domain.errors import (
    GroqchatError,
    ModelGoneError,
    OverBudgetError,
    RateLimitedError,
    StorageError,
    TooLargeError,
)
from groqchat.services.offers import model_with_room
from groqchat.ui.widgets.toasts import ErrorLog

if TYPE_CHECKING:
    from groqchat.domain.chat import Message
    from groqchat.ui.chat_screen import ChatScreen

SHORT_ANSWER_TOKENS = 600
SHORT_HISTORY = 4


class Troubles:
    """Shows errors on the chat screen and carries their remedies out.

    Args:
        screen: Where they are shown.
    """

    def __init__(self, screen: ChatScreen) -> None:
        self._screen = screen
        self.log = ErrorLog()
        self.cut_answer: Message | None = None
        self._of_turn: GroqchatError | None = None

    def show_failed(self, error: GroqchatError, answer: Message | None) -> None:
        """Put the error where it is seen that a turn ended in.

        Args:
            error: What went wrong.
            answer: What had arrived of the answer, if anything.
        """
        self._of_turn = error
        self.show(error, answer=answer)

    def show(self, error: GroqchatError, *, answer: Message | None = None) -> None:
        """Put an error where it is seen, with what can be done about it here."""
        screen = self._screen
        self.cut_answer = answer
        if isinstance(error, ModelGoneError) and error.facts.model and screen.connection:
            heir = screen.connection.models.refused(error.facts.model)
            error = error.with_facts(replacement=heir.id if heir else None)
        if isinstance(error, RateLimitedError | TooLargeError):
            screen.run_worker(self._show_with_offer(error), group="offer")
        else:
            self._show(error)

    async def _show_with_offer(self, error: GroqchatError) -> None:
        """Name a model that has room, if there is one."""
        screen = self._screen
        leaf_id, connection = screen.conversation.branch.leaf_id, screen.connection
        if leaf_id and connection and Action.SWITCH_MODEL in error.cause.actions:
            path = await screen.parts.store.path(leaf_id)
            system = screen.conversation.options.system
            sizing = connection.books.sizing
            others = connection.models.others(error.facts.model or "")
            offer = await model_with_room(connection.quota, others, sizing, path, system)
            if offer is not None:
                error = error.with_facts(replacement=offer.model, room=offer.left)
        self._show(error)

    def _show(self, error: GroqchatError) -> None:
        self.log.add(self._screen.parts.clock.now(), error)
        self.show_again(error)

    def show_again(self, error: GroqchatError) -> None:
        """Put an error that is in the list already on the screen."""
        screen = self._screen
        # The letters act at once, unless somebody is in the middle of writing something new.
        failed = screen.conversation.branch.unanswered
        is_unwritten = screen.composer.text in {"", failed.content if failed else ""}
        is_unwritten |= error.cause.name == "config_unread" and bool(screen.composer.text)
        actions = [action for action in error.cause.actions if self._is_possible(action, error)]
        screen.toasts.show_error(error, actions, focus=is_unwritten)

    def _is_possible(self, action: Action, error: GroqchatError) -> bool:
        match action:
            case Action.CONTINUE:
                return self.cut_answer is not None
            case Action.RETRY if isinstance(error, StorageError):
                # Without a prompt that waits it was a file that failed: nobody is to be asked.
                return self._screen.conversation.branch.unanswered is not None
            case Action.SEND_ANYWAY if isinstance(error, StorageError):
                return True  # what is written, not what was sent
            case Action.RETRY | Action.WAIT | Action.SHORTEN | Action.SEND_ANYWAY:
                return bool(self._screen.conversation.branch.leaf_id)
            case _:
                return True

    async def remedy(self, action: Action, error: GroqchatError) -> None:
        """Do what was chosen on a toast."""
        actions, turns = self._screen.actions, self._screen.actions.turns
        match action:
            case Action.RETRY:
                await turns.ask_again()
            case Action.SEND_ANYWAY:
                await self._send_anyway(error)
            case Action.WAIT:
                await turns.ask_again(waiting_out=error)
            case Action.CONTINUE:
                await actions.run("continue")
            case Action.SWITCH_MODEL:
                await self._switch_and_retry(error)
            case Action.SHORTEN:
                await self._shorten_and_retry()
            case Action.DROP_PARAMETER:
                await self._drop_and_retry(error)
            case Action.NEW_KEY:
                await actions.keys.ask(error)
            case Action.DETAILS:
                await actions.run("errors")

    async def _send_anyway(self, error: GroqchatError) -> None:
        """Past the budget and the settings; past the limits only where these were in the way."""
        if isinstance(error, StorageError) and error is not self._of_turn:
            self._screen.prompting.send_all_the_same()  # what is written: no turn has begun
            return
        if self._screen.connection is not None:
            self._screen.connection.budget.let_one_pass()
        is_checked = isinstance(error, OverBudgetError | StorageError)
        await self._screen.actions.turns.repeat(is_checked=is_checked)

    async def _shorten_and_retry(self) -> None:
        """Leave the oldest turns out and bound the answer, in this session from now on."""
        screen = self._screen
        await screen.set_options(history=SHORT_HISTORY, max_tokens=SHORT_ANSWER_TOKENS)
        screen.toasts.notice(
            f"The oldest turns are left out: the last {SHORT_HISTORY} messages are sent, and an "
            f"answer has at most {SHORT_ANSWER_TOKENS} tokens in this session."
        )
        await screen.actions.turns.ask_again()

    async def _switch_and_retry(self, error: GroqchatError) -> None:
        """A named heir is taken at once; otherwise the picker asks."""
        if error.facts.replacement:
            await self._screen.set_options(model=error.facts.replacement)
            await self._screen.actions.turns.ask_again()
        else:
            await self._screen.actions.run("model")

    async def _drop_and_retry(self, error: GroqchatError) -> None:
        options = self._screen.conversation.options
        if error.facts.parameter:
            await self._screen.set_options(dropped=options.dropped | {error.facts.parameter})
        await self._screen.actions.turns.ask_again()

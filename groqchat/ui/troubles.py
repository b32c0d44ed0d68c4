"""Errors on the screen: where they are shown, and what choosing a remedy does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.causes import Action
from groqchat.domain.errors import GroqchatError, ModelGoneError
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

    def show(self, error: GroqchatError, *, answer: Message | None = None) -> None:
        """Put an error where it is seen, with what can be done about it here.

        Args:
            error: What went wrong.
            answer: What had arrived of the answer, if anything.
        """
        screen = self._screen
        self.cut_answer = answer
        if isinstance(error, ModelGoneError) and error.facts.model and screen.connection:
            heir = screen.connection.models.replacement_for(error.facts.model)
            error = error.with_facts(replacement=heir.id)
        self.log.add(screen.parts.clock.now(), error)
        self.show_again(error)

    def show_again(self, error: GroqchatError) -> None:
        """Put an error that is in the list already on the screen."""
        screen = self._screen
        # The letters act at once, unless somebody is in the middle of writing something new.
        failed = screen.conversation.branch.unanswered
        is_unwritten = screen.composer.text in {"", failed.content if failed else ""}
        actions = [action for action in error.cause.actions if self._is_possible(action)]
        screen.toasts.show_error(error, actions, focus=is_unwritten)

    def _is_possible(self, action: Action) -> bool:
        match action:
            case Action.CONTINUE:
                return self.cut_answer is not None
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
                await turns.ask_again(is_checked=False)
            case Action.WAIT:
                await turns.ask_again(waiting_out=error)
            case Action.CONTINUE:
                await actions.run("continue")
            case Action.SWITCH_MODEL:
                await self._switch_and_retry(error)
            case Action.SHORTEN:
                await self._screen.set_options(
                    history=SHORT_HISTORY, max_tokens=SHORT_ANSWER_TOKENS
                )
                await turns.ask_again()
            case Action.DROP_PARAMETER:
                await self._drop_and_retry(error)
            case Action.NEW_KEY:
                await actions.keys.ask(error)
            case Action.DETAILS:
                await actions.run("errors")

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

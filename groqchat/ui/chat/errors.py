"""Errors on the screen: where they are shown, and what choosing a remedy does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.errors.refused_values import efforts_told
from groqchat.domain.errors.table import Action
from groqchat.domain.errors.tree import (
    GroqchatError,
    ModelGoneError,
    OverBudgetError,
    RateLimitedError,
    StorageError,
    TooLargeError,
)
from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.sessions.options import PARAMETERS, without
from groqchat.domain.turns.sent_parameters import can_drop
from groqchat.services.account.alternatives import model_with_room
from groqchat.ui.widgets.toasts import ErrorLog

if TYPE_CHECKING:
    from groqchat.domain.turns.chat import Message, Options
    from groqchat.ui.chat.screen import ChatScreen

SHORT_ANSWER_TOKENS = 600
SHORT_HISTORY = 4
_CANNOT_DROP = "Switch to another model: the request holds nothing of this that can be left out."


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
        self._is_as_short_as_can_be = False

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
            replacement = screen.connection.models.refused(error.facts.model)
            error = error.with_facts(replacement=replacement.id if replacement else None)
        efforts, model = efforts_told(error.facts.parameter, error.facts.detail), error.facts.model
        if screen.connection and model and efforts is not None:
            screen.connection.models.correct_efforts(model, efforts)
        if Action.DROP_PARAMETER in error.cause.actions and not self._can_drop(error):
            error = error.with_facts(advice=_CANNOT_DROP)
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
            sizing = connection.accounting.sizing
            others = connection.models.others(error.facts.model or "")
            offer = await model_with_room(connection.quota, others, sizing, path, system)
            if offer is not None:
                error = error.with_facts(replacement=offer.model, room=offer.left)
        self._is_as_short_as_can_be = not await self._fits_shortened(error)
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
        branch, is_local = self._screen.conversation.branch, isinstance(error, StorageError)
        has_prompt = branch.leaf_id is not None
        possible = {
            Action.CONTINUE: self.cut_answer is not None,
            # Without a prompt that waits it was a file that failed: nobody is to be asked.
            Action.RETRY: branch.unanswered is not None if is_local else has_prompt,
            Action.WAIT: has_prompt,
            # What is written, not what was sent.
            Action.SEND_ANYWAY: has_prompt or is_local,
            Action.SHORTEN: has_prompt and not self._is_as_short_as_can_be,
            Action.DROP_PARAMETER: self._can_drop(error),
        }
        return possible.get(action, True)

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
                await self._shorten_and_retry(error)
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

    async def _shorten_and_retry(self, error: GroqchatError) -> None:
        """Leave the oldest turns out and bound the answer, in this session from now on."""
        screen, short = self._screen, self._shortened(error)
        await screen.set_options(history=short.history, max_tokens=short.max_tokens)
        screen.toasts.notice(
            f"The oldest turns are left out: the last {short.history} messages are sent, and an "
            f"answer has at most {short.max_tokens} tokens in this session."
        )
        await screen.actions.turns.ask_again()

    def _shortened(self, error: GroqchatError) -> Options:
        """How it is asked when the history and the answer are as short as is of use."""
        facts, options = error.facts, self._screen.conversation.options
        most = (
            facts.limit if facts.bucket is LimitKind.OTPM and facts.limit else SHORT_ANSWER_TOKENS
        )
        longest = min(most, SHORT_ANSWER_TOKENS, options.max_tokens or SHORT_ANSWER_TOKENS)
        return replace(options, history=SHORT_HISTORY, max_tokens=longest)

    async def _fits_shortened(self, error: GroqchatError) -> bool:
        """Whether the prompt may be answered with less before it and a shorter answer."""
        screen, short = self._screen, self._shortened(error)
        prompt, connection = await screen.conversation.branch.last_prompt(), screen.connection
        if prompt is None or connection is None or short == screen.conversation.options:
            return False
        prospect = await connection.turns.prospect(prompt.parent_id, short)
        obstacle = connection.quota.obstacle(prospect.request(prompt.content))
        return not isinstance(obstacle, TooLargeError)

    def _can_drop(self, error: GroqchatError) -> bool:
        options = self._screen.conversation.options
        return can_drop(options, error.facts.parameter or "")

    async def _switch_and_retry(self, error: GroqchatError) -> None:
        """A named replacement is taken at once; otherwise the picker asks."""
        if error.facts.replacement:
            await self._screen.set_options(model=error.facts.replacement)
            await self._screen.actions.turns.ask_again()
        else:
            await self._screen.actions.run("model")

    async def _drop_and_retry(self, error: GroqchatError) -> None:
        """Ask without the parameter, in this session from now on."""
        screen = self._screen
        left = without(screen.conversation.options, error.facts.parameter or "")
        await screen.set_options(
            dropped=left.dropped, **{name: getattr(left, name) for name in PARAMETERS}
        )
        await screen.actions.turns.ask_again()

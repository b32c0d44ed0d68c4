"""Errors on the screen: where they are shown, and which remedies are possible here."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from groqchat.domain.errors.table import Action
from groqchat.domain.errors.tree import (
    RateLimitedError,
    StorageError,
    TooLargeError,
)
from groqchat.domain.settings import without_folder
from groqchat.domain.turns.context import context
from groqchat.domain.turns.sent_parameters import can_drop
from groqchat.domain.turns.shortening import is_of_answers, shortened
from groqchat.services.account.alternatives import alternative_to
from groqchat.ui.sessions.compaction.remedies import is_of_summary
from groqchat.ui.widgets.error_log import ErrorLog

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.services.turns.running_turn import RunningTurn
    from groqchat.ui.audio.desk import Again
    from groqchat.ui.sessions.compaction.actions import CompactionActions
    from groqchat.ui.widgets.error_log import ErrorRecord
    from groqchat.ui.workspace.workspace import Workspace

# The cause of the error of settings that hold prompts back.
UNREAD = "config_unread"
# What can be done about an error wherever it came from.
_OF_NO_SESSION = frozenset({Action.NEW_KEY, Action.DETAILS})
_CANNOT_DROP = "Switch to another model: the request holds nothing of this that can be left out."


class ErrorReporter:
    """Shows errors as toasts, with their possible remedies, and keeps the last ones.

    ``of_sound`` are errors that are not of turns, with what does the same once more.

    Args:
        workspace: The parts of the chat.
        compaction: Knows whether the conversation can be made shorter.
        has_long_file: Whether a long text in the composer is to blame for an error, of which a
            part can be sent.
    """

    def __init__(
        self,
        workspace: Workspace,
        compaction: CompactionActions,
        has_long_file: Callable[[GroqchatError], Awaitable[bool]],
    ) -> None:
        self._workspace = workspace
        self._compaction = compaction
        self.has_long_file = has_long_file
        self.log = ErrorLog()
        self.of_sound: WeakKeyDictionary[GroqchatError, Again | None] = WeakKeyDictionary()
        # The errors of turns on cards, and whether that is a turn of the session being read.
        self._of_turns: dict[GroqchatError, bool] = {}
        # The turn whose error is shown.
        self._failed: RunningTurn | None = None
        self._is_as_short_as_can_be = False

    def is_of_turn(self, error: GroqchatError) -> bool:
        """Whether an error that is shown is one that a turn of this session ended in."""
        return self._of_turns.get(error, False)

    def record(self, error: GroqchatError, turn: RunningTurn | None = None) -> None:
        """Keep an error, which may be that of a turn, in the list without showing it."""
        session_id = turn.session.id if turn else ""
        self.log.add(self._workspace.services.clock.now(), error, session_id)

    def show_failed(self, turn: RunningTurn, *, is_new: bool = True) -> None:
        """Show the error that a turn of this session ended in, once.

        Args:
            turn: The turn.
            is_new: Whether the error is not in the list yet.
        """
        if turn is not self._failed and turn.error is not None:
            self._failed = turn
            self._begin_to_show(turn.error, turn, is_new=is_new)

    def show_about(self, turn: RunningTurn, error: GroqchatError) -> None:
        """Show what is wrong with the answer that a turn of this session ended in."""
        self._failed = turn
        self._begin_to_show(error, turn, is_new=True)

    def leave(self) -> None:
        """Take the cards of the session away that was read until now."""
        for error in self._of_turns:
            self._workspace.toasts.clear_errors(alone=error)
        self._of_turns.clear()
        self._failed = None

    def put_away(self, error: GroqchatError | None = None) -> None:
        """Note that an error was dismissed or acted on, by default all of this session."""
        turn = self._workspace.conversation.turn
        if turn is not None and (error is None or self._of_turns.get(error)):
            turn.is_put_away = True

    def show(self, error: GroqchatError) -> None:
        """Show an error that is not of a turn with what can be done about it here."""
        self._begin_to_show(error, None, is_new=True)

    def _begin_to_show(
        self, error: GroqchatError, turn: RunningTurn | None, *, is_new: bool
    ) -> None:
        error = _in_short(error)
        if (connection := self._workspace.account.connection) is not None:
            error = connection.models.learn_from(error)
        if Action.DROP_PARAMETER in error.cause.actions and not self._can_drop(error):
            error = error.with_facts(advice=_CANNOT_DROP)
        if isinstance(error, RateLimitedError | TooLargeError):
            self._workspace.run(self._show_with_offer(error, turn, is_new=is_new), group="offer")
        else:
            self._show(error, turn, is_new=is_new)

    def show_of_sound(self, error: GroqchatError, again: Again | None) -> None:
        """Show an error of sound; its keys do that again, and leave the conversation alone."""
        error = _in_short(error)
        self.record(error)
        self._show_of_sound(error, again)

    def _show_of_sound(self, error: GroqchatError, again: Again | None) -> None:
        possible = {*_OF_NO_SESSION}
        if again is not None:
            possible |= {Action.RETRY, Action.WAIT}
            possible |= set() if isinstance(error, StorageError) else {Action.SEND_ANYWAY}
        self.of_sound[error] = again
        actions = [action for action in error.cause.actions if action in possible]
        is_unwritten = not self._workspace.composer.text
        self._workspace.toasts.show_error(error, actions, focus=is_unwritten)

    async def _show_with_offer(
        self, error: GroqchatError, turn: RunningTurn | None, *, is_new: bool
    ) -> None:
        """Show an error that names a model with room, if there is one."""
        workspace = self._workspace
        leaf_id, connection = workspace.conversation.branch.leaf_id, workspace.account.connection
        if leaf_id and connection and Action.SWITCH_MODEL in error.cause.actions:
            path = context(await workspace.services.store.path(leaf_id))
            system = workspace.options.system
            offer = await alternative_to(error.facts.model or "", connection, path, system)
            if offer is not None:
                error = error.with_facts(replacement=offer.model, room=offer.left)
        self._is_as_short_as_can_be = not await self._fits_shortened(error)
        self._show(error, turn, is_new=is_new)

    def _show(self, error: GroqchatError, turn: RunningTurn | None, *, is_new: bool) -> None:
        if is_new:
            self.record(error, turn)
        if turn is not None and turn is not self._failed:
            return  # another session is read by now
        if turn is not None:
            self._of_turns[error] = True
        self._show_recorded(error)

    def show_again(self, record: ErrorRecord) -> None:
        """Show an error of the list, with what is left of its wait.

        What can be done about a turn of another session is not offered here.
        """
        error, now = record.error, self._workspace.services.clock.now()
        if (wait_s := error.facts.retry_after_s) is not None:
            error = error.with_facts(retry_after_s=max(0.0, wait_s - (now - record.time)))
        if record.error in self.of_sound:
            self._show_of_sound(error, self.of_sound[record.error])
        elif record.session_id in {"", self._workspace.conversation.session.id}:
            if record.session_id:
                self._of_turns[error] = True
            self._show_recorded(error)
        else:
            self._of_turns[error] = False
            actions = [action for action in error.cause.actions if action in _OF_NO_SESSION]
            self._workspace.toasts.show_error(error, actions, focus=False)

    def _show_recorded(self, error: GroqchatError) -> None:
        workspace = self._workspace
        # The letters act at once, unless somebody is in the middle of writing something new.
        failed, written = workspace.conversation.branch.unanswered, workspace.composer.text
        is_unwritten = written in {"", failed.content if failed else ""}
        is_unwritten |= error.cause.name == "config_unread" and bool(written)
        actions = [action for action in error.cause.actions if self._is_possible(action, error)]
        workspace.toasts.show_error(error, actions, focus=is_unwritten)

    def _is_possible(self, action: Action, error: GroqchatError) -> bool:
        branch, is_local = self._workspace.conversation.branch, isinstance(error, StorageError)
        has_prompt, turn = branch.leaf_id is not None, self._workspace.conversation.turn
        possible = {
            Action.CONTINUE: turn is not None and turn.is_over and turn.answer is not None,
            # Without a prompt that waits it was a file that failed: nobody is to be asked.
            Action.RETRY: branch.unanswered is not None if is_local else has_prompt,
            Action.WAIT: has_prompt,
            # What is written, not what was sent.
            Action.SEND_ANYWAY: has_prompt or is_local,
            Action.SHORTEN: has_prompt and not self._is_as_short_as_can_be,
            Action.DROP_PARAMETER: self._can_drop(error),
        }
        if is_of_summary(self._workspace, error):
            possible |= dict.fromkeys((Action.RETRY, Action.WAIT, Action.SEND_ANYWAY), True)
            possible |= dict.fromkeys((Action.CONTINUE, Action.DROP_PARAMETER), False)
        return possible.get(action, True)

    async def _fits_shortened(self, error: GroqchatError) -> bool:
        """Whether the prompt may be answered with less before it, or with a shorter answer."""
        workspace = self._workspace
        prompt = await workspace.conversation.branch.to_answer()
        options = workspace.conversation.options_of(prompt)
        short = shortened(options, error)
        connection = workspace.account.connection
        if prompt is None or connection is None:
            return False
        if not is_of_answers(error) and (
            await self.has_long_file(error) or await self._compaction.plans_at_end(connection)
        ):
            return True
        if short == options:
            return False
        preview = await connection.turns.preview(prompt.parent_id, short)
        admission_error = connection.quota.admission_error(preview.request(prompt.content))
        return not isinstance(admission_error, TooLargeError)

    def _can_drop(self, error: GroqchatError) -> bool:
        return can_drop(self._workspace.options, error.facts.parameter or "")


def _in_short(error: GroqchatError) -> GroqchatError:
    """The error as a card has room for it: equal wherever it was met, so that it has one card."""
    if error.cause.name != UNREAD:
        return error
    return error.with_facts(detail=without_folder(error.facts.detail))

"""Errors as lines: what happened, what to do, and the letters that do it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import exit_code_of
from groqchat.cli.plain.console.choices import Choice
from groqchat.cli.plain.console.words import in_plain
from groqchat.domain.errors.cause import Action
from groqchat.domain.errors.refused_values import CHAT_COMMANDS
from groqchat.domain.errors.tree import (
    OverBudgetError,
    RateLimitedError,
    StorageError,
    TooLargeError,
)
from groqchat.domain.sessions.options import PARAMETERS, without
from groqchat.domain.text.humanize import count
from groqchat.domain.turns.context import context
from groqchat.domain.turns.sent_parameters import can_drop
from groqchat.domain.turns.shortening import is_of_answers, shortened
from groqchat.services.account.alternatives import alternative_to
from groqchat.ui.widgets.error_log import ErrorLog

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from groqchat.cli.plain.console.choices import Choices
    from groqchat.cli.plain.seat import Seat
    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.services.turns.running_turn import RunningTurn
    from groqchat.ui.chat.turn_actions import TurnActions


class Failures:
    """Tells errors, offers what can be done about them, and does it.

    ``code`` is the exit code of the last turn. The functions are set where the chat is put
    together: ``choose_model`` has a model chosen, ``enter_key`` a key typed, ``send_held`` sends a
    prompt that was held back, ``shorten`` makes the conversation shorter and tells whether it is.

    Args:
        seat: The parts of the chat.
        choices: Offers what is typed.
        turns: Asks again and continues.
    """

    choose_model: Callable[[], Awaitable[None]]
    enter_key: Callable[[], Awaitable[None]]
    send_held: Callable[[], Awaitable[bool]]
    shorten: Callable[[GroqchatError], Awaitable[bool]]

    def __init__(self, seat: Seat, choices: Choices, turns: TurnActions) -> None:
        self._seat = seat
        self._choices = choices
        self._turns = turns
        self._log = ErrorLog()
        self.code = ExitCode.DONE

    def refused(self) -> None:
        """Note that a script wrote what is no command."""
        self.code = ExitCode.USAGE

    def show(self, error: GroqchatError) -> None:
        """Tell an error that is not that of a turn."""
        self.code = exit_code_of(error)
        self._seat.run(self.tell(error))

    async def tell(self, error: GroqchatError) -> None:
        """Tell an error that is not that of a turn, and offer what helps."""
        self.code = exit_code_of(error)
        await self._tell(error, None)

    async def of_turn(self, turn: RunningTurn) -> None:
        """Tell the error that a turn of the open session ended in."""
        if turn.error is not None:
            self.code = exit_code_of(turn.error)
            await self._tell(turn.error, turn)

    async def _tell(self, error: GroqchatError, turn: RunningTurn | None) -> None:
        error = await self._learnt_from(error)
        session_id = turn.session.id if turn else ""
        self._log.add(self._seat.services.clock.now(), error, session_id)
        say = self._seat.lines.say
        say(f"Error: {error.title}. {error.message}")
        room = f" ({error.facts.room})" if error.facts.room else ""
        say(in_plain(f"{error.suggestion}{room}"))
        self._choices.offer(self._possible(error, turn))

    async def _learnt_from(self, error: GroqchatError) -> GroqchatError:
        """Correct the list of models by the error; returns it with another model, if one helps."""
        seat, model = self._seat, error.facts.model
        connection, leaf_id = seat.account.connection, seat.conversation.branch.leaf_id
        if connection is None or not model:
            return error
        error = connection.models.learn_from(error)
        if leaf_id and isinstance(error, RateLimitedError | TooLargeError):
            path = context(await seat.services.store.path(leaf_id))
            offer = await alternative_to(model, connection, path, seat.options.system)
            if offer is not None:
                error = error.with_facts(replacement=offer.model, room=offer.left)
        return error

    def _possible(self, error: GroqchatError, turn: RunningTurn | None) -> Iterator[Choice]:
        seat, is_local = self._seat, isinstance(error, StorageError)
        branch = seat.conversation.branch
        has_prompt = branch.leaf_id is not None or branch.unanswered is not None
        possible = {
            Action.RETRY: branch.unanswered is not None if is_local else has_prompt,
            Action.WAIT: has_prompt,
            Action.SEND_ANYWAY: has_prompt or is_local,
            Action.SHORTEN: has_prompt,
            Action.DROP_PARAMETER: can_drop(seat.options, error.facts.parameter or ""),
            Action.CONTINUE: turn is not None and turn.answer is not None,
        }
        for action in error.cause.actions:
            if possible.get(action, True):
                yield Choice(action.value, self._label(action, error), self._doing(action, error))

    def _label(self, action: Action, error: GroqchatError) -> str:
        if action is Action.SWITCH_MODEL and error.facts.replacement:
            return f"ask {error.facts.replacement} instead"
        return action.label

    def _doing(self, action: Action, error: GroqchatError) -> Callable[[], Awaitable[None]]:
        async def do() -> None:
            await self._carry_out(action, error)

        return do

    # -- remedies -----------------------------------------------------------------------------

    async def _carry_out(self, action: Action, error: GroqchatError) -> None:
        match action:
            case Action.RETRY:
                await self._turns.ask_again()
            case Action.WAIT:
                await self._turns.ask_again(waiting_out=error)
            case Action.CONTINUE:
                await self._turns.continue_answer("")
            case Action.SEND_ANYWAY:
                await self._send_anyway(error)
            case Action.SWITCH_MODEL:
                await self._switch(error)
            case Action.SHORTEN:
                await self._shorten(error)
            case Action.DROP_PARAMETER:
                await self._drop(error)
            case Action.NEW_KEY:
                await self.enter_key()
            case Action.DETAILS:
                self._seat.lines.say("\n".join(_details(error)))

    async def _send_anyway(self, error: GroqchatError) -> None:
        if self._seat.account.connection is not None:
            self._seat.account.connection.budget.allow_once()
        if not await self.send_held():
            is_checked = isinstance(error, OverBudgetError | StorageError)
            await self._turns.repeat(is_checked=is_checked)

    async def _switch(self, error: GroqchatError) -> None:
        if error.facts.replacement:
            await self._seat.set_options(model=error.facts.replacement)
            await self._turns.ask_again()
        else:
            await self.choose_model()

    async def _shorten(self, error: GroqchatError) -> None:
        conversation = self._seat.conversation
        if not is_of_answers(error) and await self.shorten(error):
            return
        asked = await conversation.branch.to_answer()
        if asked is None:
            return
        short = shortened(conversation.options_of(asked), error)
        conversation.ask_with(asked, short)
        most = count(short.max_tokens)
        self._seat.lines.say(f"Shortened for this prompt alone: at most {most} tokens of answer.")
        await self._turns.ask_again()

    async def _drop(self, error: GroqchatError) -> None:
        parameter = error.facts.parameter or ""
        left = without(self._seat.options, parameter)
        await self._seat.set_options(
            dropped=left.dropped, **{name: getattr(left, name) for name in PARAMETERS}
        )
        back = CHAT_COMMANDS.get(parameter)
        again = f"; {back} sets it again." if back else "."
        self._seat.lines.say(f"{parameter} is not sent any more in this session{again}")
        await self._turns.ask_again()

    # -- the list -----------------------------------------------------------------------------

    async def list_errors(self, _: str) -> None:
        """Tell the last errors, the newest first, and offer the details of each."""
        records = list(self._log)[:9]
        if not records:
            self._seat.lines.say("There was no error since the start.")
            return

        def telling(error: GroqchatError) -> Callable[[], Awaitable[None]]:
            async def tell() -> None:
                self._seat.lines.say("\n".join(_details(error)))

            return tell

        def label(when: float, error: GroqchatError) -> str:
            return f"{time.strftime('%H:%M', time.localtime(when))} {error.title}"

        self._choices.number(
            [(label(record.time, record.error), telling(record.error)) for record in records],
            "Type a number for its details.",
        )


def _details(error: GroqchatError) -> Iterator[str]:
    """The known facts of an error, one a line."""
    facts = error.facts
    yield f"{error.kind}: {error.message}"
    yield in_plain(error.suggestion)
    if error.lasting_fix:
        yield f"So that it does not happen again: {error.lasting_fix}"
    rows = (
        ("status", facts.status),
        ("code", facts.code),
        ("model", facts.model),
        ("limit", facts.numbers),
        ("request", facts.request_id),
        ("the server said", facts.detail),
        ("the model had written", facts.failed_generation),
    )
    yield from (f"{name}: {value}" for name, value in rows if value)

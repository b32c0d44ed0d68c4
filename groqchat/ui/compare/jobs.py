"""The jobs of a comparison: answers to a prompt, and a verdict."""

from __future__ import annotations

from asyncio import CancelledError
from contextlib import aclosing
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.text.humanize import countdown
from groqchat.domain.tools.events import ApprovalAsked, SourceFailed
from groqchat.domain.turns.chat import Sending, Waiting
from groqchat.services.compare.column import Failed
from groqchat.services.compare.judge import ROUNDS

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from groqchat.domain.compare.judging import Judgement
    from groqchat.domain.turns.chat import TurnEvent
    from groqchat.services.compare.compare import ColumnEvent
    from groqchat.services.compare.judge import Judge, JudgedTurn
    from groqchat.services.ports import Clock
    from groqchat.ui.compare.board import CompareBoard
    from groqchat.ui.compare.column_presenter import ColumnPresenter
    from groqchat.ui.compare.state import CompareState, Say


class AnswersJob:
    """Shows the events of some columns until their turns have ended.

    Args:
        state: The comparison on the screen.
        board: Shows names and figures.
        events: The events of the columns.
        offer: Starts the search for a model that can answer instead of one that failed.
    """

    busy = "The answers are being written; Esc stops them, Ctrl+S leaves them to it."
    is_turn = True

    def __init__(
        self,
        state: CompareState,
        board: CompareBoard,
        events: AsyncGenerator[ColumnEvent, None],
        offer: Callable[[ColumnPresenter], object],
    ) -> None:
        self._state = state
        self._board = board
        self._events = events
        self._offer = offer

    async def run(self) -> None:
        """Show the events."""
        state = self._state
        try:
            async with aclosing(self._events) as events:
                async for event in events:
                    self._take(event)
        except GroqchatError as error:
            state.say_error(error)
        else:
            state.say(self._end)
            await self._board.unhide_where_nobody_answered()
        finally:
            state.approving.end()
            for column in state.columns:
                column.end()

    def tick(self) -> None:
        """Show countdowns, and the figures of answers that grow."""
        for column in self._state.columns:
            column.tick()
        self._board.show_figures()

    def _take(self, event: ColumnEvent) -> None:
        column = self._state.columns[event.column]
        column.take(event.event, hides_names=self._state.hides_names)
        match event.event:
            case Failed():
                self._offer(column)
            case ApprovalAsked():
                name = self._state.comparison.name_of(column.column)
                self._state.approving.ask(name, event.event)
            case SourceFailed():
                self._state.say(event.event.sentence, "$text-warning")
        if column.is_over:
            self._board.show_figures()
            self._board.show_title()

    @property
    def _end(self) -> str:
        if not self._state.answered:
            return "No model has answered."
        if self._state.ballot.vote is not None:
            return ""  # the answers that were voted on are still there
        # The focus does not move: the user may be writing the next prompt already.
        if self._state.is_writing():
            return "Which answer is best? Press Tab, then its number."
        return "Which answer is best? Press its number."


class PromptJob(AnswersJob):
    """Stores a new prompt, then shows its answers; before it is stored, no turn has begun.

    Args:
        state: The comparison on the screen.
        board: Shows names and figures.
        text: The prompt.
        stored: Called with the prompt once it is stored.
        offer: Starts the search for a model that can answer instead of one that failed.
    """

    is_turn = False

    def __init__(
        self,
        state: CompareState,
        board: CompareBoard,
        text: str,
        stored: Callable[[str], None],
        offer: Callable[[ColumnPresenter], object],
    ) -> None:
        super().__init__(state, board, state.comparison.answers(), offer)
        self._text = text
        self._stored = stored

    async def run(self) -> None:
        """Store the prompt, and show the events."""
        await self._state.comparison.store_prompt(self._text)
        self.is_turn = True
        self._stored(self._text)
        self._board.begin()
        await super().run()


class JudgeJob:
    """Has a model judge a turn, and shows the progress.

    Args:
        judge: The judging model.
        turn: The turn that is judged.
        save: Takes the judgement.
        say: Writes the line of words.
        clock: Time.
    """

    busy = "A verdict is being written; Esc stops it."
    is_turn = False

    def __init__(
        self,
        judge: Judge,
        turn: JudgedTurn,
        save: Callable[[Judgement], Awaitable[None]],
        *,
        say: Say,
        clock: Clock,
    ) -> None:
        self._judge = judge
        self._turn = turn
        self._save = save
        self._say = say
        self._clock = clock
        self._round = 1
        self._waiting: Waiting | None = None

    async def run(self) -> None:
        """Run both rounds, and save the judgement."""
        self.tick()
        try:
            judged = await self._judge.judge(self._turn, self._take)
        except GroqchatError as error:
            self._say(f"No verdict: {error.message} {error.suggestion}", "$text-error")
        except CancelledError:
            self._say("The verdict was stopped.")
            raise
        else:
            if judged is None:
                said = "ranks no answers; it is saved as a session, Judged by …"
                self._say(f"What the judge said {said}")
            else:
                await self._save(judged)

    def tick(self) -> None:
        """Say which round runs, and how long it waits for a limit."""
        said = f"{self._judge.model_id} judges ({self._round} of {ROUNDS})"
        if self._waiting is not None:
            left = self._waiting.until - self._clock.monotonic()
            error = self._waiting.error
            cause = error.facts.limit_kind or error.title
            said += f": sends in {countdown(max(0.0, left))} · {cause}"
        self._say(f"{said} · Esc stops it")

    def _take(self, number: int, event: TurnEvent) -> None:
        self._round = number
        if isinstance(event, Waiting | Sending):
            self._waiting = event if isinstance(event, Waiting) else None
            self.tick()

"""What takes its time in a comparison, and what Esc stops: a turn's answers, and a verdict."""

from __future__ import annotations

from asyncio import CancelledError
from contextlib import aclosing
from typing import TYPE_CHECKING, Protocol

from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.text.humanize import countdown
from groqchat.domain.turns.chat import Sending, Waiting
from groqchat.services.compare.compare import Failed
from groqchat.services.compare.judge import ROUNDS
from groqchat.ui.compare.offers import offer_another
from groqchat.ui.terminal.garbage import tidy_up

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from groqchat.domain.compare.judging import Judgement
    from groqchat.domain.turns.chat import TurnEvent
    from groqchat.services.compare.compare import ColumnEvent
    from groqchat.services.compare.judge import Case, Judge
    from groqchat.ui.compare.screen import CompareScreen


class Errand(Protocol):
    """Something that is being done; ``busy`` says so to whoever wants something else meanwhile.

    ``is_turn``: answers are being written, so that nothing that was said of others holds.
    """

    busy: str
    is_turn: bool

    async def run(self) -> None:
        """Do it; cancelled when it is stopped."""

    def tick(self) -> None:
        """Time has passed."""


class Answers:
    """Follows a turn of some columns, each to whatever end it takes.

    Args:
        screen: The comparison.
        events: What happens in the columns.
    """

    busy = "The answers are being written; Esc stops them."
    is_turn = True

    def __init__(self, screen: CompareScreen, events: AsyncGenerator[ColumnEvent, None]) -> None:
        self._screen = screen
        self._events = events

    async def run(self) -> None:
        """Listen."""
        screen = self._screen
        try:
            async with aclosing(self._events) as events:
                async for told in events:
                    self._take(told)
        except GroqchatError as error:
            screen.foot.say(f"{error.message} {error.suggestion}", "$text-error")
        else:
            screen.foot.say(self._end)
            await screen.board.unhide_where_nobody_answered()
        finally:
            for side in screen.sides:
                side.end()
            screen.call_after_refresh(tidy_up)

    def tick(self) -> None:
        """Countdowns, and figures of answers that grow."""
        for side in self._screen.sides:
            side.tick()
        self._screen.board.show_figures()

    def _take(self, told: ColumnEvent) -> None:
        screen, side = self._screen, self._screen.sides[told.column]
        side.take(told.event, hides_names=screen.ballot.hides_names)
        if isinstance(told.event, Failed):
            screen.run_surely(offer_another(screen, side), group="offer")
        if side.is_over:
            screen.board.show_figures()
            screen.board.show_title()

    @property
    def _end(self) -> str:
        if not any(side.is_answered for side in self._screen.sides):
            return "No model has answered."
        # The focus stays where it is: somebody may be writing the next prompt already.
        if self._screen.focused is self._screen.prompt:
            return "Which answer is best? Press Tab, then its number."
        return "Which answer is best? Press its number."


class Asking(Answers):
    """The same for a new prompt, as soon as that is stored: before, nothing has begun.

    Args:
        screen: The comparison.
        text: The prompt.
    """

    is_turn = False

    def __init__(self, screen: CompareScreen, text: str) -> None:
        super().__init__(screen, screen.comparison.answers())
        self._text = text

    async def run(self) -> None:
        """Store it, and listen."""
        screen = self._screen
        await screen.comparison.put(self._text)
        self.is_turn = True
        screen.prompting.stored(self._text)
        screen.board.begin()
        await super().run()


class Hearing:
    """Has a model judge a turn, and says how far that is.

    Args:
        screen: The comparison.
        judge: Who judges.
        case: What is judged.
        done: Takes the judgement.
    """

    busy = "A verdict is being written; Esc stops it."
    is_turn = False

    def __init__(
        self,
        screen: CompareScreen,
        judge: Judge,
        case: Case,
        done: Callable[[Judgement], Awaitable[None]],
    ) -> None:
        self._screen = screen
        self._judge = judge
        self._case = case
        self._done = done
        self._round = 1
        self._waiting: Waiting | None = None

    async def run(self) -> None:
        """Ask twice."""
        foot = self._screen.foot
        self.tick()
        try:
            judged = await self._judge.judge(self._case, self._take)
        except GroqchatError as error:
            foot.say(f"No verdict: {error.message} {error.suggestion}", "$text-error")
        except CancelledError:
            foot.say("The verdict was stopped.")
            raise
        else:
            if judged is None:
                said = "ranks no answers; it is saved as a session, Judged by …"
                foot.say(f"What the judge said {said}")
            else:
                await self._done(judged)

    def tick(self) -> None:
        """Say how far it is: it may wait for a limit like any other."""
        said = f"{self._judge.model_id} judges ({self._round} of {ROUNDS})"
        if self._waiting is not None:
            left = self._waiting.until - self._screen.parts.clock.monotonic()
            error = self._waiting.error
            cause = error.facts.limit_kind or error.title
            said += f": sends in {countdown(max(0.0, left))} · {cause}"
        self._screen.foot.say(f"{said} · Esc stops it")

    def _take(self, number: int, event: TurnEvent) -> None:
        self._round = number
        if isinstance(event, Waiting | Sending):
            self._waiting = event if isinstance(event, Waiting) else None
            self.tick()

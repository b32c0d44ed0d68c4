"""Tells a turn as lines: the answer as it comes, waits, tools, and the figures at its end."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from typing import TYPE_CHECKING

from groqchat.cli.plain.console.choices import Choice
from groqchat.cli.plain.figures import footer_line
from groqchat.domain.errors.cause import Action, ErrorKind
from groqchat.domain.errors.tree import StorageError
from groqchat.domain.images.shown import line
from groqchat.domain.text.humanize import countdown
from groqchat.domain.tools.decision import Decision
from groqchat.domain.tools.events import ApprovalAsked, CallStarted, SourceFailed, StepTaken
from groqchat.domain.tools.executed import cited
from groqchat.domain.tools.results import CHANGED, arguments_of
from groqchat.domain.turns.chat import (
    Answered,
    AnswerStarted,
    Compacted,
    Delta,
    PromptStored,
    ReasoningDelta,
    Rerouted,
    Role,
    Skipped,
    State,
    TextWasReasoning,
    Waiting,
)
from groqchat.domain.turns.finish_reasons import GOES_ON, ending
from groqchat.services.turns.running_turn import Phase

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from groqchat.cli.plain.console.choices import Choices
    from groqchat.cli.plain.console.lines import Lines
    from groqchat.cli.plain.seat import Seat
    from groqchat.domain.tools.tool import ToolCall
    from groqchat.domain.turns.chat import Message, TurnEvent
    from groqchat.services.turns.running_turn import RunningTurn

# How often a wait is told again, in seconds; a screen reader reads every line aloud.
REMINDER_S = 30.0
_DECISIONS = (
    ("o", "run it once", Decision.ONCE),
    ("s", "run it in this session", Decision.SESSION),
    ("a", "always run it", Decision.ALWAYS),
    ("n", "do not run it", Decision.DENY),
)


class Teller:
    """Listens to the turns of all sessions, and tells that of the open one.

    ``shows_reasoning`` says whether thoughts are told, ``shows_times`` when prompts were sent;
    ``failed`` is called with a turn of the open session that ended so, and ``over`` when the next
    one may begin.

    Args:
        seat: The parts of the chat.
        lines: Where it is told.
        choices: Offers what is typed.
    """

    def __init__(self, seat: Seat, lines: Lines, choices: Choices) -> None:
        self._seat = seat
        self._lines = lines
        self._choices = choices
        self.shows_reasoning = seat.services.settings.show_reasoning
        self.failed: Callable[[RunningTurn], Awaitable[None]] = _nothing
        self.over: Callable[[RunningTurn], None] = lambda _: None
        self.shows_times = seat.services.settings.show_times
        # Has another model asked in the place of one that is waited for.
        self.ask_another: Callable[[], Awaitable[None]]
        self._is_thinking = False
        # What was said once need not be heard at every answer, or at every wait of one turn.
        self._has_told_of_thoughts = self._has_told_of_waits = False
        self._reminder: asyncio.Task[None] | None = None

    # -- what turns bring ---------------------------------------------------------------------

    def started(self, turn: RunningTurn) -> None:
        """Watch a turn for bugs, which end the chat."""
        self._seat.run(turn.follow())
        self._is_thinking = self._has_told_of_waits = False

    def heard(self, turn: RunningTurn, event: TurnEvent) -> None:
        """Tell an event of the open session."""
        if not self._seat.conversation.shows(turn):
            return
        if not isinstance(event, Waiting):
            self._forget_wait()
        match event:
            case Delta(text):
                self._end_thoughts()
                self._lines.stream(text)
            case ReasoningDelta(text):
                self._think(text)
            case Waiting():
                self._lines.end()
                self._wait(turn, event)
            case Answered(message):
                self._end_thoughts()
                self._lines.end()
                self._told_end(event, message)
            case PromptStored(message) if message.role is Role.USER:
                self._told_time(message)
            case _:
                self.tell(event)

    def _told_time(self, message: Message) -> None:
        if self.shows_times and message.role is Role.USER:
            when = datetime.fromtimestamp(message.created).astimezone()
            self._lines.say(f"Sent at {when:%H:%M:%S}.")

    def tell(self, event: object, who: str = "") -> None:
        """Tell what is neither text nor an end; ``who`` stands before it, such as a column."""
        lead = f"{who}: " if who else ""
        match event:
            case TextWasReasoning():
                self._lines.end()
                self._lines.say(f"{lead}What stands above was reasoning; the answer follows.")
            case Rerouted() | Skipped() | SourceFailed():
                self._lines.say(f"{lead}{event.sentence}")
            case CallStarted(tool, call):
                self._lines.say(f"{lead}{tool.name} of {tool.source} runs: {_told(call)}")
            case PromptStored(message) if message.role is Role.TOOL:
                name = " ".join(call.name for call in message.calls)
                self._lines.say(f"{lead}{name}: {message.finish_reason}")
            case StepTaken(_, step) if step.output or step.sources:
                self._lines.say(f"{lead}{line(step.name)}: {line(step.subject)}")
            case Compacted(message):
                self._lines.say(f"{lead}The session was compacted: {message.content}.")
            case ApprovalAsked():
                self._ask_approval(event, lead)
            case AnswerStarted():
                self._is_thinking = False

    async def ended(self, turn: RunningTurn) -> None:
        """Tell how a turn ended, and stand there."""
        self._forget_wait()
        conversation = self._seat.conversation
        if not conversation.shows(turn):
            await self._tell_elsewhere(turn)
            return
        self._end_thoughts()
        self._lines.end()
        turn.is_seen = True
        try:
            await conversation.settle(turn)
        except StorageError as error:
            if turn.phase is not Phase.FAILED:  # what broke the turn is told there
                self._seat.show_error(error)
        if turn.phase is Phase.STOPPED:
            kept = " What arrived is kept; /continue goes on." if turn.answer else ""
            self._lines.say(f"Stopped.{kept}")
        elif turn.phase is Phase.FAILED:
            await self.failed(turn)
        await self._seat.figures.watch()

    def freed(self, turn: RunningTurn) -> None:
        """Say that the next turn of a session may begin."""
        self.over(turn)

    async def _tell_elsewhere(self, turn: RunningTurn) -> None:
        ends = {Phase.ENDED: "is answered", Phase.FAILED: "has failed"}
        if turn.phase in ends:
            session = await self._seat.services.store.session(turn.session.id)
            if session is not None:
                how = ends[turn.phase]
                self._lines.say(f"“{line(session.title, 60)}” {how}; /sessions leads there.")

    # -- its parts ----------------------------------------------------------------------------

    def _told_end(self, event: Answered, message: Message) -> None:
        if event.is_short:
            self._lines.say(GOES_ON)
            return
        for number, page in cited(message.content, message.executed):
            self._lines.say(f"Source {number}: {line(page.title)} {line(page.url)}")
        if not message.calls:
            self._lines.say(footer_line(message))
        if how := ending(message):
            cut = " /continue goes on." if message.state is State.CUT_BY_LIMIT else ""
            self._lines.say(f"The answer is incomplete: {how}.{cut}")

    def _think(self, text: str) -> None:
        if not self._is_thinking:
            self._is_thinking = True
            if self.shows_reasoning or self._has_told_of_thoughts:
                self._lines.say("Thinking.")
            else:
                self._lines.say("Thinking. /reasoning reads the model's thoughts aloud.")
            self._has_told_of_thoughts = True
        if self.shows_reasoning:
            self._lines.stream(text)

    def _end_thoughts(self) -> None:
        if self._is_thinking:
            self._is_thinking = False
            if self.shows_reasoning:
                self._lines.end()
                self._lines.say("The answer:")

    def _ask_approval(self, asked: ApprovalAsked, lead: str) -> None:
        tool, session_id = asked.tool, self._seat.conversation.session.id
        self._lines.say(
            f"{lead}{line(tool.name)} of {line(tool.source)} wants to run: {_told(asked.call)}"
        )
        if asked.has_changed:
            self._lines.say(f"{CHANGED} It says now: {line(tool.description)}")
        approvals = self._seat.services.approvals

        def deciding(decision: Decision) -> Callable[[], object]:
            async def decide() -> None:
                approvals.decide(session_id, decision)

            return decide

        self._choices.offer(
            Choice(key, label, deciding(decision))  # type: ignore[arg-type]  # a coroutine function
            for key, label, decision in _DECISIONS
        )

    # -- waits --------------------------------------------------------------------------------

    def _wait(self, turn: RunningTurn, waiting: Waiting) -> None:
        self._forget_wait()
        self._lines.say(
            f"{waiting.error.message} Waiting {countdown(waiting.seconds)}, then it is sent."
        )

        async def send_now() -> None:
            turn.skip_wait.set()

        # What a limit holds back for a time is not sent earlier, whatever is typed.
        is_refused = waiting.error.kind is ErrorKind.RATE_LIMITED
        now = [] if is_refused else [Choice(Action.RETRY.value, "now", send_now)]
        other = Choice(Action.SWITCH_MODEL.value, "ask another model", self.ask_another)
        # Who cannot type hears of no keys; who can, once.
        is_told = not self._has_told_of_waits and sys.stdin.isatty()
        self._choices.offer([*now, other], "Ctrl+C stops the wait. Or type", is_told=is_told)
        self._has_told_of_waits = True
        self._reminder = asyncio.create_task(self._remind(waiting))

    async def _remind(self, waiting: Waiting) -> None:
        """Say now and then how long a wait still is."""
        clock = self._seat.services.clock
        while (left := waiting.until - clock.monotonic()) > REMINDER_S:
            await asyncio.sleep(min(REMINDER_S, left - REMINDER_S / 2))
            left = waiting.until - clock.monotonic()
            if left > 1:
                self._lines.say(f"Still waiting, {countdown(left)} left.")

    def _forget_wait(self) -> None:
        if self._reminder is not None:
            self._reminder.cancel()
            self._reminder = None
            self._choices.forget()


def _told(call: ToolCall) -> str:
    import json

    return line(json.dumps(arguments_of(call), ensure_ascii=False))


async def _nothing(_: RunningTurn) -> None:
    """Nobody wants to know of a turn that failed."""

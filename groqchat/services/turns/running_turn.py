"""One turn of a session in a chat, as far as it has come."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from groqchat.domain.tools.events import ApprovalAsked, CallStarted
from groqchat.domain.turns.chat import (
    Answered,
    AnswerStarted,
    Delta,
    PromptStored,
    ReasoningDelta,
    Rerouted,
    Role,
    Sending,
    TextWasReasoning,
    Waiting,
)

if TYPE_CHECKING:
    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.turns.chat import Message, Options, Session, TurnEvent


class Phase(StrEnum):
    """How far a turn has come."""

    SENDING = "sending"
    WAITING = "waiting"
    WRITING = "writing"
    CALLING = "calling"
    ASKING = "asking"
    ENDED = "ended"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(eq=False, slots=True)
class RunningTurn:
    """One turn of a session, running or over.

    Attributes:
        session: The session as it was when the turn began.
        options: Model and parameters of the request.
        parent_id: The message that a new prompt follows.
        continuing: The cut-off answer that the new one begins with.
        prompt: The prompt; None until it is stored.
        begun: The answer as it began, without the text that came since.
        answer: The answer as it is saved, once the turn is over; None where nothing had arrived.
        waiting: The wait before the request is sent (again), while that lasts.
        error: What the turn failed with.
        last: The last message of the rounds of calls: the answer that asks for them, or a result.
        rounds: The answers before the last one: those that called tools or were gone on with.
        approval: The call that waits until the user says whether it may run.
        is_saved: False where the store failed as the turn ended, so that the answer is not known.
        is_seen: Whether the end of the turn was shown, which the screen notes.
        is_put_away: Whether the error was dismissed or acted on, which the screen notes.
        skip_wait: Set to end a wait at once.
        stored: Set once the prompt is stored, or the turn is over without that.
    """

    session: Session
    options: Options
    parent_id: str | None = None
    continuing: Message | None = None
    prompt: Message | None = None
    begun: Message | None = None
    answer: Message | None = None
    waiting: Waiting | None = None
    error: GroqchatError | None = None
    last: Message | None = None
    rounds: list[Message] = field(default_factory=list)
    approval: ApprovalAsked | None = None
    phase: Phase = Phase.SENDING
    is_saved: bool = True
    is_seen: bool = False
    is_put_away: bool = False
    skip_wait: asyncio.Event = field(default_factory=asyncio.Event)
    stored: asyncio.Event = field(default_factory=asyncio.Event)
    _texts: list[str] = field(default_factory=list)
    _reasonings: list[str] = field(default_factory=list)
    _task: asyncio.Task[None] | None = None

    @property
    def is_running(self) -> bool:
        """Whether the session is taken; while its end is being shown it still is."""
        return self._task is not None and not self._task.done()

    @property
    def is_over(self) -> bool:
        """Whether nothing of the answer is to come any more."""
        return self.phase in {Phase.ENDED, Phase.STOPPED, Phase.FAILED}

    @property
    def has_text(self) -> bool:
        """Whether any of the answer has arrived."""
        return bool(self._texts or self._reasonings)

    @property
    def answer_so_far(self) -> Message | None:
        """The answer with all text that has arrived, or as it was saved in the end."""
        if self.answer is not None or self.begun is None:
            return self.answer
        return replace(
            self.begun,
            content=self.begun.content + "".join(self._texts),
            reasoning=self.begun.reasoning + "".join(self._reasonings),
        )

    @property
    def leaf_id(self) -> str | None:
        """The message that the next prompt follows, once the turn is over."""
        last = self.answer or self.last or self.prompt
        return last.id if last else self.parent_id

    @property
    def cost(self) -> Decimal | None:
        """The cost of all answers of the turn at list price; None where one is not known."""
        # A cut answer stands in both places where its rest could not be asked for.
        told = [*self.rounds, *([self.answer] if self.answer else [])]
        answers = {answer.id: answer for answer in told}
        costs = [answer.cost.total for answer in answers.values() if answer.cost]
        return sum(costs, Decimal(0)) if costs and len(costs) == len(answers) else None

    @property
    def to_answer(self) -> Message | None:
        """The message whose answer the turn is at: the prompt, or the last result of a tool."""
        return self.last if self.last and self.last.role is Role.TOOL else self.prompt

    def begin(self, task: asyncio.Task[None]) -> None:
        """Note the task that the turn runs in."""
        self._task = task

    async def follow(self) -> None:
        """Wait until the turn is over; a bug in it is raised here, a failure is not."""
        if self._task is not None:
            await self._task

    async def stop(self) -> None:
        """Stop the turn, and wait until what had arrived is saved."""
        if self._task is not None:
            self._task.cancel()
            await self.finished()

    async def finished(self) -> None:
        """Wait until the turn is over, however it ends."""
        if self._task is not None:
            await asyncio.wait([self._task])

    def hear(self, event: TurnEvent) -> None:
        """Take in an event."""
        if self._hear_of_tools(event):
            return
        match event:
            case PromptStored(message):
                self.prompt = message
                self.stored.set()
            case Delta(text):
                self.phase = Phase.WRITING
                self._texts.append(text)
            case ReasoningDelta(text):
                self.phase = Phase.WRITING
                self._reasonings.append(text)
            case TextWasReasoning():
                self._reasonings += self._texts
                self._texts.clear()
            case AnswerStarted(message):
                self.begun = message
                self._forget_pieces()  # those of a cut answer, whose text this one begins with
            case Sending() | Rerouted():
                self.phase, self.waiting = Phase.SENDING, None
            case Waiting():
                self.phase, self.waiting = Phase.WAITING, event
            case Answered(message, is_short=True):
                self.phase = Phase.SENDING
                self.rounds.append(message)
            case Answered(message):
                self.end(Phase.ENDED, message)

    def _hear_of_tools(self, event: TurnEvent) -> bool:
        """Take in an event about calls of tools; returns whether it is one."""
        self.approval = event if isinstance(event, ApprovalAsked) else None
        match event:
            case ApprovalAsked():
                self.phase = Phase.ASKING
            case CallStarted():
                self.phase = Phase.CALLING
            case PromptStored(message) if message.role is Role.TOOL:
                self.last = message
                if self.prompt is None:  # the turn begins at a result, as after an error
                    self.prompt = message
                    self.stored.set()
            case Answered(message) if message.calls:
                self.last, self.begun, self.phase = message, None, Phase.CALLING
                self.rounds.append(message)
                self._forget_pieces()
            case _:
                return False
        return True

    def end(self, phase: Phase, answer: Message | None) -> None:
        """Note how the turn is over; its pieces are not needed beside the answer."""
        self.phase, self.answer, self.waiting, self.approval = phase, answer, None, None
        self.stored.set()
        if answer is not None:
            self._forget_pieces()

    def _forget_pieces(self) -> None:
        self._texts.clear()
        self._reasonings.clear()

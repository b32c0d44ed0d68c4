"""What the screen is told about turns, of all sessions; ``turn`` says which one it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from groqchat.domain.tools.events import ApprovalAsked, CallStarted, SourceFailed
from groqchat.domain.turns.chat import (
    Answered,
    PromptStored,
    QuotaSeen,
    Rerouted,
    Role,
    Sending,
    Skipped,
    Waiting,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from groqchat.domain.turns.chat import TurnEvent
    from groqchat.services.turns.running_turn import RunningTurn


@dataclass
class TurnMessage(Message):
    """Something about a turn, which is told to the screen itself and goes no further."""

    turn: RunningTurn

    def __init_subclass__(cls) -> None:
        super().__init_subclass__(bubble=False)


class TurnBegan(TurnMessage):
    """The prompt is stored and is being sent."""


@dataclass
class TurnWaits(TurnMessage):
    """The turn sleeps before it is sent (again)."""

    waiting: Waiting


@dataclass
class TurnRerouted(TurnMessage):
    """The turn changes to another model or tier, or could not."""

    rerouted: Rerouted | Skipped


class TurnGoesOn(TurnMessage):
    """An answer was cut to leave room for others; its rest is asked for."""


class TurnAsks(TurnMessage):
    """A call of a tool waits until the user says whether it may run."""


@dataclass
class TurnLacksTools(TurnMessage):
    """A source of tools cannot be asked; the turn goes on without it."""

    failed: SourceFailed


class TurnCalls(TurnMessage):
    """A tool runs, or has given its result."""


class TurnSends(TurnMessage):
    """A request is leaving; a wait, if there was one, is over."""


class QuotaMoved(TurnMessage):
    """Limits were read from headers."""


class TurnEnded(TurnMessage):
    """The answer is complete and saved."""


class TurnStopped(TurnMessage):
    """The turn was stopped; what had arrived is saved in its answer."""


class TurnFailed(TurnMessage):
    """The turn ended in an error; what had arrived is saved in its answer."""


_ABOUT: Mapping[type[TurnEvent], type[TurnMessage]] = {
    PromptStored: TurnBegan,
    Sending: TurnSends,
    QuotaSeen: QuotaMoved,
    Answered: TurnEnded,
    ApprovalAsked: TurnAsks,
    CallStarted: TurnCalls,
}


def message_about(turn: RunningTurn, event: TurnEvent) -> TurnMessage | None:
    """What is told about an event of a turn; nothing about its pieces of text."""
    match event:
        case Waiting():
            return TurnWaits(turn, event)
        case Rerouted() | Skipped():
            return TurnRerouted(turn, event)
        case SourceFailed():
            return TurnLacksTools(turn, event)
        case PromptStored(message) if message.role is Role.TOOL and turn.prompt is not message:
            return TurnCalls(turn)
        case Answered(message) if message.calls:
            return TurnCalls(turn)
    is_cut = isinstance(event, Answered) and event.is_short
    about = TurnGoesOn if is_cut else _ABOUT.get(type(event))
    return about(turn) if about is not None else None

"""Tells a user who looks elsewhere that a long answer, a wait or a queue has ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from groqchat.domain.tools.events import ApprovalAsked
from groqchat.domain.turns.chat import Sending, Waiting
from groqchat.services.turns.running_turn import Phase

if TYPE_CHECKING:
    from groqchat.domain.turns.chat import Session, TurnEvent
    from groqchat.services.turns.running_turn import RunningTurn
    from groqchat.ui.chat.queueing import Queueing
    from groqchat.ui.services import Services


class Call(Protocol):
    """Calls a user whose terminal is not in front."""

    def __call__(self, text: str, *, rings_unseen: bool) -> None:
        """Tell what has ended."""


@dataclass(slots=True)
class _Times:
    """When a turn, and its present wait, began, in seconds of the monotonic clock."""

    began: float
    wait_began: float | None = None


class TurnAlerts:
    """Listens to turns, those out of sight included.

    Args:
        services: Hold the clock and the settings, which are read anew for each alert.
        queueing: Knows which sessions go on with a queued prompt.
        call: Called with what has ended.
    """

    def __init__(self, services: Services, queueing: Queueing, call: Call) -> None:
        self._services = services
        self._queueing = queueing
        self._call = call
        self._times: dict[RunningTurn, _Times] = {}

    def started(self, turn: RunningTurn) -> None:
        """Note when the turn began."""
        self._times[turn] = _Times(self._now)

    def heard(self, turn: RunningTurn, event: TurnEvent) -> None:
        """Tell the end of a long wait: the request is sent again."""
        times = self._times[turn]
        if isinstance(event, Waiting) and times.wait_began is None:
            times.wait_began = self._now
        elif isinstance(event, Sending) and times.wait_began is not None:
            if self._is_long(times.wait_began):
                self._tell(turn, "The wait is over")
            times.wait_began = None
        elif isinstance(event, ApprovalAsked):
            self._tell(turn, "A tool waits for your approval")

    async def ended(self, turn: RunningTurn) -> None:
        """Tell the end of a long answer, of an error that came late, or of a queue."""
        is_queued = self._queueing.sending.has_begun(turn)
        is_answer = turn.phase is Phase.ENDED
        if turn.phase is Phase.STOPPED or (is_answer and self._queueing.goes_on(turn.session.id)):
            return
        if is_queued or self._is_long(self._times[turn].began):
            answered = "The queue is answered" if is_queued else "The answer is there"
            failed = "The queue is paused by an error" if is_queued else "The answer failed"
            self._tell(turn, answered if is_answer else failed)

    def queue_stuck(self, session: Session) -> None:
        """Tell that a queue waits for a choice."""
        self._call_of("The queue is paused by a long prompt", session.title)

    def freed(self, turn: RunningTurn) -> None:
        """Forget the turn."""
        self._times.pop(turn, None)

    @property
    def _now(self) -> float:
        return self._services.clock.monotonic()

    def _is_long(self, began: float) -> bool:
        return self._now - began >= self._services.settings.alert_after_s

    def _tell(self, turn: RunningTurn, what: str) -> None:
        self._call_of(what, _name(turn))

    def _call_of(self, what: str, title: str) -> None:
        settings = self._services.settings
        # A desktop may keep its notifications, an incognito chat no title.
        name = "" if self._services.is_incognito else title
        if settings.alerts:
            self._call(f"{what}: {name}" if name else what, rings_unseen=settings.alert_bell)


def _name(turn: RunningTurn) -> str:
    """The title of a turn's session, which a new one has from its prompt."""
    prompt = turn.prompt.content if turn.prompt else ""
    return turn.session.title or prompt

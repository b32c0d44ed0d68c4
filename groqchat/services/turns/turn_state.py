"""The state of a turn while its requests are made."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.limits.allowance import AnswerRoom
from groqchat.services.turns.refusals import resized

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.turns.chat import Message
    from groqchat.domain.turns.request import ChatRequest
    from groqchat.services.scheduling.lane import Lane, Slot
    from groqchat.services.turns.accounting import Draft
    from groqchat.services.turns.attempts import Attempts
    from groqchat.services.turns.vendor import Vendor

# No other attempt, and no other model, is of any use after these.
_FINAL = frozenset({ErrorKind.NO_ANSWER, ErrorKind.OVER_BUDGET})


@dataclass(slots=True)
class TurnState:
    """A prompt on its way to its answer.

    ``begun`` is the cut-off answer that the new one begins with, ``skip_wait`` the listener's wish
    to end a wait; ``is_checked`` says whether limits are checked before the request is sent.
    ``is_own_slot`` says whether the turn took its slot by itself. ``building`` is its request, and
    ``is_short`` says whether its answer could get more room.
    """

    prompt: Message
    begun: Message | None
    slot: Slot
    is_own_slot: bool
    skip_wait: asyncio.Event | None
    is_checked: bool
    building: asyncio.Future[ChatRequest] | None = None
    ignores_budget: bool = False
    is_short: bool = False
    _leave_line: Callable[[], None] | None = None

    def heed_wish(self) -> None:
        """Check no limit any more once the listener has ended a wait."""
        if self.skip_wait is not None and self.skip_wait.is_set():
            self.is_checked = False

    def leave(self) -> None:
        """Give up what the turn has taken."""
        if self.building is not None:
            self.building.cancel()
        if self._leave_line is not None:
            self._leave_line()
        if self.is_own_slot:
            self.slot.close()

    def enter(self, lane: Lane) -> None:
        """Go on in the lane of another model."""
        if self.is_own_slot:
            self.slot.close()
            self.slot = lane.direct(self.slot.room)

    def bounded(self, vendor: Vendor, request: ChatRequest) -> ChatRequest:
        """The request with the longest answer that the limits leave room for, if they count."""
        if self.is_checked:
            request = vendor.quota.bounded(request, shares=self.slot.shares)
        self.is_short = request.is_short
        return request

    async def admitted(
        self, vendor: Vendor, request: ChatRequest
    ) -> tuple[ChatRequest, GroqchatError | None]:
        """The request as it may be sent, or the limit of the team that holds it back.

        Without a team this is :meth:`bounded`, without a pause of the event loop.
        """
        if vendor.team is None:
            return self.bounded(vendor, request), None
        slot = self.slot
        request, error = await vendor.team.admitted(
            request, shares=slot.shares, is_queued=slot.is_queued, is_checked=self.is_checked
        )
        self.is_short = request.is_short
        leave = partial(vendor.team.limits.leave, request.options.model)
        self._leave_line = leave if error is not None else None
        return request, error

    def refitted(
        self,
        vendor: Vendor,
        attempts: Attempts,
        request: ChatRequest,
        draft: Draft,
        error: GroqchatError,
    ) -> tuple[ChatRequest, GroqchatError | None]:
        """The request in the size that a refusal calls for, or as it was with the error.

        Raises:
            GroqchatError: The error, where nothing else is to be tried.
        """
        if draft.has_text or error.kind in _FINAL:
            raise error
        fitting = resized(request, draft.request, vendor.quota, error)
        if self.is_checked and fitting is not None and attempts.resize(error):
            return fitting, None
        return request, error

    def is_cut(self) -> bool:
        """Whether an answer that ends at its length now only left room for others."""
        return self.is_short and self.slot.room is AnswerRoom.SHARED

    def go_on(self, cut: Message | None) -> None:
        """Answer with more room next, from where a cut answer ends."""
        self.begun, self.building, self.slot.room = cut or self.begun, None, AnswerRoom.AMPLE

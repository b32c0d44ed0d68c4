"""Whole answers, although the room for them is learnt from the answers of the same set."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from groqchat.domain.limits.allowance import AnswerRoom
from groqchat.domain.turns.chat import Answered

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from groqchat.domain.turns.chat import TurnEvent
    from groqchat.services.scheduling.lane import LaneSlot


async def until_whole(
    ask: Callable[[], AsyncGenerator[TurnEvent, None]], slot: LaneSlot
) -> AsyncGenerator[TurnEvent, None]:
    """The events of a turn, which is asked once more if its answer lacked room.

    Args:
        ask: Begins the turn.
        slot: The place of the turn in its lane.
    """
    async with aclosing(ask()) as turn:
        async for event in turn:
            if isinstance(event, Answered) and event.is_short:
                slot.room = AnswerRoom.AMPLE
            else:
                yield event
    if slot.room is AnswerRoom.AMPLE:
        async with aclosing(ask()) as turn:
            async for event in turn:
                yield event

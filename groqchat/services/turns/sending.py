"""One request of a turn: sent in its lane, with an answer that the limits leave room for."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.turns.chat import AnswerStarted

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from contextlib import AbstractAsyncContextManager

    from groqchat.domain.turns.chat import TurnEvent
    from groqchat.services.scheduling.lane import Slot
    from groqchat.services.turns.accounting import Draft
    from groqchat.services.turns.attempts import Attempts
    from groqchat.services.turns.vendor import Vendor


async def sent(
    vendor: Vendor,
    draft: Draft,
    attempts: Attempts,
    slot: Slot,
    hold: AbstractAsyncContextManager[bool],
) -> AsyncGenerator[TurnEvent, None]:
    """Send a request once, if no other process was faster; its lane counts it until it ends."""
    slot.sending(vendor.quota.gap_s(draft.request))
    try:
        async with vendor.under_way(draft, hold) as is_held:
            if is_held:
                async with aclosing(vendor.send(draft, attempts.begin_attempt())) as events:
                    async for event in events:
                        if isinstance(event, AnswerStarted):
                            slot.accepted()
                        yield event
                return
        draft.is_overtaken = True
        slot.not_sent()
        await vendor.quota.follow(draft.model)
    except GroqchatError as error:
        slot.ended(error)
        raise
    finally:
        slot.ended()

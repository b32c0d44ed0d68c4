"""The sizes of requests, with the lengths that their answers are expected to have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.limits.allowance import (
    AMPLE_ANSWER,
    LEARNS_FROM,
    USUAL_ANSWER,
    AnswerRoom,
    RequestSize,
    learnt_answer,
    shared_answer,
)
from groqchat.services.quota.plan_limits import cautious_answer

if TYPE_CHECKING:
    from groqchat.domain.models.catalog import Model, Plan
    from groqchat.domain.turns.request import ChatRequest
    from groqchat.services.quota.usage_window import UsageWindow


def usual_answer(window: UsageWindow) -> int:
    """The expected length in tokens: one and a half times the longest recent."""
    recent = [use.output_tokens for use in window.answered()]
    return round(1.5 * max(recent)) if recent else USUAL_ANSWER


def usual_and_ample(window: UsageWindow, room: AnswerRoom) -> tuple[int, int]:
    """The room that is waited for, and that an answer may take although others follow."""
    if room is AnswerRoom.AMPLE:
        return AMPLE_ANSWER, AMPLE_ANSWER
    usual = usual_answer(window)
    if room is AnswerRoom.ORDINARY:
        return usual, AMPLE_ANSWER
    recent = [use.output_tokens for use in window.answered(LEARNS_FROM)]
    if room is AnswerRoom.SHARED:
        shared = shared_answer(recent)
        return min(usual, shared), shared
    learnt = learnt_answer(recent)
    return learnt or usual, learnt or AMPLE_ANSWER


def request_size(
    request: ChatRequest, model: Model, window: UsageWindow, plan: Plan | None
) -> RequestSize:
    """The size of a request, as its limits see it; ``plan`` is None where it is not known."""
    options = request.options
    usual, ample = usual_and_ample(window, request.room)
    return RequestSize(
        request.prompt_tokens,
        doubt=request.doubt,
        excess=request.excess,
        usual=usual,
        ample=ample,
        shares=request.room is AnswerRoom.SHARED,
        wanted=options.max_tokens or (None if plan else cautious_answer(model)),
        most=model.max_completion_tokens,
        window=model.context_window,
    )

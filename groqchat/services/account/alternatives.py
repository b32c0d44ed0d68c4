"""Finds another model that has room for a request now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.text.humanize import count
from groqchat.domain.turns.chat import ChatRequest, Options

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from groqchat.domain.models.catalog import Model
    from groqchat.domain.turns.chat import Message
    from groqchat.services.quota.quota import QuotaService
    from groqchat.services.turns.sizing import Sizing


@dataclass(frozen=True, slots=True)
class Offer:
    """A model with room; ``left`` says how much, in words, where that is known."""

    model: str
    left: str


async def model_with_room(
    quota: QuotaService,
    models: Iterable[Model],
    sizing: Sizing,
    path: Sequence[Message],
    system: str = "",
) -> Offer | None:
    """The first of the models that takes a prompt at once.

    Args:
        quota: What is left of each.
        models: Whom to consider, the best first.
        sizing: How long the prompt is for each.
        path: The messages that are sent.
        system: The system prompt.
    """
    for model in models:
        options = Options(model.id, system)
        length = sizing.length(path, options)
        if model.context_window is not None and model.context_window <= length.tokens:
            continue
        view = await quota.refresh(model.id)
        request = ChatRequest((), options, length.tokens, length.doubt, length.excess)
        if quota.obstacle(request) is None:
            level = view.level(view.binding) if view.binding else None
            left = f"{count(level.remaining)} {level.kind} left" if level else ""
            return Offer(model.id, left)
    return None

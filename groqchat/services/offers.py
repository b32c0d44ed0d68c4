"""Finds another model that has room for a request now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.chat import ChatRequest, Options
from groqchat.domain.humanize import count

if TYPE_CHECKING:
    from collections.abc import Iterable

    from groqchat.domain.catalog import Model
    from groqchat.services.quota import QuotaService


@dataclass(frozen=True, slots=True)
class Offer:
    """A model with room; ``left`` says how much, in words, where that is known."""

    model: str
    left: str


async def model_with_room(
    quota: QuotaService, models: Iterable[Model], prompt_tokens: int
) -> Offer | None:
    """The first of the models that takes a prompt of so many tokens at once.

    Args:
        quota: What is left of each.
        models: Whom to consider, the best first.
        prompt_tokens: How long the prompt is.
    """
    for model in models:
        if model.context_window is not None and model.context_window <= prompt_tokens:
            continue
        view = await quota.refresh(model.id)
        if quota.obstacle(ChatRequest((), Options(model.id), prompt_tokens)) is None:
            level = view.level(view.binding) if view.binding else None
            left = f"{count(level.remaining)} {level.bucket} left" if level else ""
            return Offer(model.id, left)
    return None

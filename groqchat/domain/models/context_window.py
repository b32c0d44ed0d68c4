"""Prompts that are longer than the context window of their model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.table import failure
from groqchat.domain.text.humanize import count

if TYPE_CHECKING:
    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.models.catalog import Catalog


def beyond_window(catalog: Catalog, model_id: str, tokens: int) -> GroqchatError:
    """The error for a prompt that can never fit; a model with a larger window is named.

    Args:
        catalog: All models.
        model_id: The model that was chosen.
        tokens: The length of the prompt, estimated.
    """
    model, others = catalog.get(model_id), catalog.chat_models()
    error = failure("beyond_window", model=model_id, limit=model.context_window, requested=tokens)
    roomier = next((m for m in others if m.context_window and m.context_window > tokens), None)
    if roomier is None:
        return error
    holds = f"{roomier.id}, whose window holds {count(roomier.context_window)}"
    advice = f"Shorten the prompt or attach less, or switch to {holds}."
    return error.with_facts(replacement=roomier.id, advice=advice)

"""The announced shutdowns of models, counted from a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from groqchat.domain.models.shutdowns import Shutdown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from groqchat.domain.models.catalog import Model


def shutdown_of(model: Model, today: date) -> Shutdown | None:
    """The announced shutdown of a model; None where none is, or the model is gone already.

    A month without a day counts as its first day.
    """
    if model.retired_on is None or model.is_retired:
        return None
    day = model.retired_on if len(model.retired_on) > len("2026-12") else f"{model.retired_on}-01"
    left = (date.fromisoformat(day) - today).days
    return Shutdown(model.id, model.retired_on, left, model.replacement, model.source, model.as_of)


def shutdowns(models: Iterable[Model], today: date) -> tuple[Shutdown, ...]:
    """The announced shutdowns of some models, the next one first."""
    found = (shutdown_of(model, today) for model in models)
    return tuple(sorted((each for each in found if each), key=lambda each: each.days_left))

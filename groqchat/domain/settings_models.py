"""The models that the settings name, by the ids that their names mean."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.models.names import UnclearModelError, UnknownModelError, resolved_model

if TYPE_CHECKING:
    from groqchat.domain.models.catalog import Catalog
    from groqchat.domain.settings import Settings


def names_models(settings: Settings) -> bool:
    """True if the settings name any model."""
    return bool(settings.model or settings.fallback)


def with_ids(settings: Settings, catalog: Catalog) -> tuple[Settings, tuple[str, ...]]:
    """The settings with ids in place of names, and a sentence for each unclear name.

    A name that the catalogue does not know stays as it is: the server may know it.
    """
    mistakes: list[str] = []

    def called(place: str, name: str) -> str:
        try:
            return resolved_model(name, catalog)
        except UnknownModelError:
            return name
        except UnclearModelError as error:
            mistakes.append(f"“{place}”: {error}")
            return name

    def all_called(place: str, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name if name in settings.endpoints else called(place, name) for name in names)

    named = replace(
        settings,
        model=called("model", settings.model) if settings.model else "",
        fallback=all_called("fallback", settings.fallback),
    )
    return named, tuple(mistakes)

"""Loads the catalogue that is a part of groqchat."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from groqchat.catalog.tables import read_tables
from groqchat.domain.models.catalog_tables import parse_catalog

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.batch.parts import BatchLimits
    from groqchat.domain.models.catalog import Catalog
    from groqchat.domain.models.use_cases import UseCase
    from groqchat.domain.settings import Settings


@cache
def load_catalog() -> Catalog:
    """The models, prices and limits of the catalogue, read once in a process.

    Raises:
        ValueError: The data is invalid; the message names the place.
        OSError: A file of the installation cannot be read.
    """
    return parse_catalog(read_tables("sources.toml", "models.toml", "retired.toml", "tools.toml"))


class ActiveCatalog:
    """The catalogue with the user's prices.

    Args:
        notify: Called with a sentence for the user about invalid prices.
    """

    def __init__(self, notify: Callable[[str], None]) -> None:
        self._notify = notify
        self._made: tuple[Settings, Catalog] | None = None

    def by(self, settings: Settings) -> Catalog:
        """The catalogue with the prices in these settings; cached until the settings change."""
        if self._made is None or self._made[0] is not settings:
            self._made = settings, self._priced(settings)
        return self._made[1]

    def _priced(self, settings: Settings) -> Catalog:
        catalog = load_catalog()
        try:
            return catalog.with_prices(settings.prices)
        except ValueError as mistake:
            self._notify(f"config.toml: {mistake}")
            return catalog


def load_use_cases() -> tuple[UseCase, ...]:
    """Read the advice on models by use case; raises like ``load_catalog``."""
    from groqchat.domain.models.use_cases import parse_use_cases

    return parse_use_cases(read_tables("sources.toml", "use_cases.toml"))


def load_batch_limits() -> BatchLimits:
    """Read the limits of one batch; raises like ``load_catalog``."""
    from groqchat.domain.batch.limits_table import parse_batch_limits

    return parse_batch_limits(read_tables("sources.toml", "batch.toml"))

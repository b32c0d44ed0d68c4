"""An overview of models for choosing one: limits, measured speed, favourites, uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.models.choosing import Choice, day_levels, typical_speed
from groqchat.domain.models.use_cases import uses_of_models
from groqchat.services.account.shutdowns import shutdown_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from groqchat.domain.models.catalog import Catalog
    from groqchat.domain.models.use_cases import UseCase
    from groqchat.services.ports import Ledger
    from groqchat.services.quota.quota import QuotaService


async def look_over(
    catalog: Catalog,
    ledger: Ledger,
    quota: QuotaService | None,
    *,
    favourites: Collection[str],
    use_cases: Iterable[UseCase],
    today: date,
) -> tuple[Choice, ...]:
    """Every model of a catalogue, in its order.

    Args:
        catalog: The models.
        ledger: Where one's own requests are recorded.
        quota: The limits of the account; None: there is none yet.
        favourites: The ids of the user's favourites.
        use_cases: What one may want to do.
        today: The day from which announced shutdowns are counted.

    Raises:
        StorageError: The ledger cannot be read.
    """
    uses = uses_of_models(use_cases, catalog)
    speeds = await ledger.speeds()
    models = catalog.models.values()
    usable = {model.id for model in models if model.is_usable}
    if quota is not None:
        # All before any is looked at: what one tells of the account's plan holds for the others.
        for model_id in usable:
            await quota.refresh(model_id)
    return tuple(
        Choice(
            model,
            day_levels(quota.view(model.id)) if quota and model.id in usable else (),
            typical_speed(speeds.get(model.id, ())),
            model.id in favourites,
            uses.get(model.id, ()),
            shutdown_of(model, today),
        )
        for model in models
    )

"""The models to choose from, with the user's favourites and the order of the list."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.models.choosing import Order
from groqchat.services.account.model_overview import look_over
from groqchat.services.quota.budget import local_day

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from groqchat.domain.models.catalog import Catalog
    from groqchat.domain.models.choosing import Choice
    from groqchat.domain.models.use_cases import UseCase
    from groqchat.ui.services import Services
    from groqchat.ui.workspace.account import Account


class ModelChoices:
    """The models to choose from, and the order of their list.

    Args:
        catalog: The models.
        choices: The models with what the user's own records add to them.
        cases: The use cases that narrow the list.
        keep: Keeps the ids of the favourites; may raise ``StorageError``.
        order: The order of the list at first.
    """

    def __init__(
        self,
        catalog: Catalog,
        choices: Sequence[Choice],
        cases: Sequence[UseCase],
        keep: Callable[[Collection[str]], object],
        *,
        order: Order = Order.BEST,
    ) -> None:
        self.catalog = catalog
        self.choices = tuple(choices)
        self.cases = tuple(cases)
        self.order = order
        self._keep = keep

    def toggle_favourite(self, model_id: str) -> None:
        """Make a model a favourite, or an ordinary one again.

        Raises:
            StorageError: The favourites cannot be kept, so nothing has changed.
        """
        toggled = tuple(
            replace(choice, is_favourite=not choice.is_favourite)
            if choice.model.id == model_id
            else choice
            for choice in self.choices
        )
        self._keep(tuple(choice.model.id for choice in toggled if choice.is_favourite))
        self.choices = toggled


async def model_choices(
    services: Services, account: Account, order: Order | None = None
) -> ModelChoices:
    """The models of the account as they are now, the best first unless another order is wanted.

    Raises:
        StorageError: The ledger cannot be read.
    """
    catalog, cases = account.catalog, services.use_cases()
    choices = await look_over(
        catalog,
        services.ledger,
        account.connection.quota if account.connection else None,
        favourites=services.settings.favourites,
        use_cases=cases,
        today=local_day(services.clock.now()),
    )

    def keep(favourites: Collection[str]) -> None:
        services.change_setting("favourites", tuple(favourites))

    return ModelChoices(catalog, choices, cases, keep, order=order or Order.BEST)

"""Models that can answer in a column instead of one that failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.table import Action
from groqchat.domain.turns.context import context
from groqchat.services.account.alternatives import alternative_to

if TYPE_CHECKING:
    from groqchat.services.account.alternatives import ModelAccount
    from groqchat.services.compare.compare import Comparison
    from groqchat.services.ports import SessionStore
    from groqchat.ui.compare.column_presenter import ColumnPresenter


class ReplacementOffers:
    """Offers another model in a column whose model failed.

    Args:
        comparison: The comparison, whose models are offered in no other column.
        account: The limits and models of the account.
        store: The store of messages.
    """

    def __init__(self, comparison: Comparison, account: ModelAccount, store: SessionStore) -> None:
        self._comparison = comparison
        self._account = account
        self._store = store

    async def offer(self, shown: ColumnPresenter) -> None:
        """Offer a model that has room and no column yet, where another model helps.

        Raises:
            StorageError: The limits of the models cannot be read.
        """
        column, error = shown.column, shown.column.error
        if error is None or column.prompt is None or Action.SWITCH_MODEL not in error.cause.actions:
            return
        models = {each.model for each in self._comparison.columns}
        replacement = column.replacement or error.facts.replacement
        if replacement is None or replacement in models:
            path = context(await self._store.path(column.prompt.id))
            found = await alternative_to(
                column.model, self._account, path, column.options.system, taken=models
            )
            replacement = found.model if found else None
        if replacement is not None and column.error is error:
            shown.offer(replacement, hides_names=self._comparison.hides_names)

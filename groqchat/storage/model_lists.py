"""The last model list of each account, so that prices are right offline too."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from groqchat.domain.models.catalog import LiveModel
from groqchat.storage.database.rows import price_from

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.storage.database.database import Database

_SAVE = """
    INSERT INTO model_lists (fingerprint, fetched, models) VALUES (?, ?, ?)
    ON CONFLICT (fingerprint) DO UPDATE SET fetched = excluded.fetched, models = excluded.models
"""
_LISTS = ("input_modalities", "output_modalities", "features", "sampling")


class ModelLists:
    """The :class:`~groqchat.services.account.models.ModelLists` of this machine."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save_models(
        self, fingerprint: str, models: Sequence[LiveModel], fetched: float
    ) -> None:
        """Save an account's list; ``fetched`` is the Unix time of its arrival."""
        text = json.dumps([asdict(model) for model in models], default=str)
        values = (fingerprint, fetched, text)
        await self._database.write(lambda db: db.execute(_SAVE, values))

    async def models(self, fingerprint: str) -> tuple[Sequence[LiveModel], float] | None:
        """The saved list of an account and the Unix time of its arrival, or None."""
        query = "SELECT models, fetched FROM model_lists WHERE fingerprint = ?"
        found = await self._database.read(lambda db: db.execute(query, (fingerprint,)).fetchone())
        if found is None:
            return None
        return tuple(_model_from(kept) for kept in json.loads(found[0])), found[1]


def _model_from(kept: dict[str, Any]) -> LiveModel:
    price = kept["price"] and price_from(json.dumps(kept["price"]))
    return LiveModel(
        **kept | {"price": price} | {name: tuple(kept.get(name, ())) for name in _LISTS}
    )

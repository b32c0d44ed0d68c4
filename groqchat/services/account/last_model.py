"""The model that a new session begins with where neither the user nor the settings name one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.models.catalog import Kind
from groqchat.domain.turns.session_kind import SessionKind

if TYPE_CHECKING:
    from groqchat.domain.models.catalog import Catalog
    from groqchat.services.ports import SessionStore

# Older sessions say nothing about the model that somebody uses now.
LOOKED_AT = 20


async def model_used_last(store: SessionStore, catalog: Catalog) -> str:
    """The id of the model of the newest chat, or of the best model where there is none.

    Comparisons do not count, and neither do models that cannot chat here any more.

    Raises:
        StorageError: The sessions cannot be read.
    """
    for session in await store.sessions(limit=LOOKED_AT):
        model = catalog.get(session.model or "")
        is_chat = session.kind is SessionKind.CHAT and model.kind is Kind.CHAT
        if session.turns and is_chat and catalog.known(model.id) and model.is_usable:
            return model.id
    return catalog.default().id

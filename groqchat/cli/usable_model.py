"""Replaces a model that was shut down, unless it was named for this request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.cli.output import DIM, narrate
from groqchat.domain.errors.tree import StorageError
from groqchat.domain.models.names import UnclearModelError
from groqchat.services.account.last_model import model_used_last

if TYPE_CHECKING:
    from groqchat.bootstrap import LocalServices
    from groqchat.domain.turns.chat import Session
    from groqchat.services.account.connection import Connection


async def usable_model(services: LocalServices, connection: Connection, session: Session) -> str:
    """The session's model, else the user's default, else the model used last.

    A model that is known to be gone is also replaced in the session and in the settings.
    """
    models = connection.models
    settings = services.settings
    default = settings.model if session.model else await default_model(services, connection)
    used_last = (
        "" if session.model or default else await model_used_last(services.saved, models.catalog)
    )
    chosen = models.model(session.model or default or used_last)
    if chosen.is_usable:
        return chosen.id
    replacement = models.replacement_for(chosen.id).id
    narrate(f"groqchat: {chosen.id} was shut down; using {replacement} from now on.", DIM)
    if session.model:
        await services.store.update_session(session.id, model=replacement)
    if chosen.id == default:
        try:
            services.change_setting("model", replacement)
        except StorageError as error:
            narrate(f"groqchat: {error.message}", DIM)
    return replacement


async def default_model(services: LocalServices, connection: Connection) -> str:
    """The id of the model that the settings name; empty where the name is not clear."""
    name = services.settings.model
    if not name:
        return ""
    try:
        return (await connection.models.called(name)).id
    except UnclearModelError as mistake:
        narrate(f"groqchat: “model” in config.toml: {mistake}.")
        return ""

"""Models that were shut down are replaced where they are still named, and a notice says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.models.names import UnclearModelError, resolved_model
from groqchat.ui.workspace.model_names import sentence

if TYPE_CHECKING:
    from groqchat.domain.models.catalog import Model
    from groqchat.services.account.connection import Connection
    from groqchat.ui.workspace.workspace import Workspace


class ModelReplacement:
    """Replaces models that are gone: that of the open session and the user's default.

    Args:
        workspace: The parts of the chat.
        kept: A model that the user asked for by name, which is never replaced here; the server's
            own error says that it is gone.
    """

    def __init__(self, workspace: Workspace, kept: str | None) -> None:
        self._workspace = workspace
        self._kept = kept
        self._is_resolved = False

    async def replace_gone(self) -> None:
        """Replace the models that are known to be gone."""
        workspace = self._workspace
        self._replace_default()
        await self._resolve_name()
        model = workspace.catalog.get(workspace.options.model)
        if not model.is_usable and model.id != self._kept:
            replacement = workspace.catalog.replacement_for(model.id)
            if replacement.id == model.id:  # a server that lists no model that can chat
                return
            workspace.notify(f"{_gone(model)}; using {replacement.id}.", severity="warning")
            await self._take(replacement.id)

    async def has_id(self, connection: Connection) -> bool:
        """Whether the model has an id that can be sent; a notice says why not.

        The name that the chat was started with waits here for the server's list. All others are
        ids.
        """
        workspace = self._workspace
        name = workspace.options.model
        if self._is_resolved or name != workspace.conversation.named_model:
            return True
        try:
            called = await connection.models.called(name)
        except UnclearModelError as mistake:
            workspace.notify(sentence(mistake, "Ctrl+L"), severity="warning")
            return False
        await self._use(name, called.id)
        return True

    async def _resolve_name(self) -> None:
        """Put the id in the place of a name that the chat was started with.

        Before the server's own list is there, only Groq is known to serve what the catalogue has.
        """
        workspace = self._workspace
        name, services = workspace.options.model, workspace.services
        is_listed = any(model.live for model in workspace.catalog.models.values())
        asked = services.keys.server_of(services.profile)
        if workspace.catalog.known(name) or not (is_listed or asked.has_groqs_models):
            return
        try:
            found = resolved_model(name, workspace.catalog)
        except UnclearModelError as mistake:
            if is_listed:
                workspace.notify(sentence(mistake, "Ctrl+L"), severity="warning")
            return
        await self._use(name, found)

    async def _use(self, name: str, found: str) -> None:
        """Use the model that a name was found to mean."""
        conversation = self._workspace.conversation
        if conversation.named_model == name:
            self._kept = conversation.named_model = found
            self._is_resolved = True
        await self._take(found)

    async def _take(self, model_id: str) -> None:
        await self._workspace.conversation.correct(model=model_id)
        await self._workspace.figures.refresh()

    def _replace_default(self) -> None:
        workspace = self._workspace
        model = workspace.catalog.get(workspace.services.settings.model)
        if model.is_usable:
            return
        replacement = workspace.catalog.replacement_for(model.id)
        if replacement.id == model.id:
            return
        try:
            workspace.services.change_setting("model", replacement.id)
        except StorageError as error:
            workspace.show_error(error)
        else:
            said = f"Your default, {_gone(model)}; it is {replacement.id} from now on."
            workspace.notify(said, severity="warning")


def _gone(model: Model) -> str:
    why = "was shut down" if model.is_retired else "is not open to your account"
    return f"{model.id} {why}"

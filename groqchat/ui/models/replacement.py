"""Models that were shut down are replaced where they are still named, and it is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.models.names import UnclearModelError, model_called
from groqchat.ui.models.naming import sentence

if TYPE_CHECKING:
    from groqchat.domain.models.catalog import Model
    from groqchat.ui.chat.screen import ChatScreen


class Healing:
    """Looks after the model of the session and the user's default.

    Args:
        screen: The chat screen.
        spared: A model that the user asked for by name; the server shall say that it is gone.
    """

    def __init__(self, screen: ChatScreen, spared: str | None) -> None:
        self._screen = screen
        self._spared = spared

    async def heal(self) -> None:
        """Replace what is known to be gone."""
        screen = self._screen
        self._heal_default()
        await self._find()
        model = screen.catalog.get(screen.conversation.options.model)
        if not model.is_usable and model.id != self._spared:
            replacement = screen.catalog.replacement_for(model.id)
            if replacement.id == model.id:  # a server that lists no model that can chat
                return
            screen.toasts.notice(f"{_gone(model)}; using {replacement.id}.", severity="warning")
            await screen.set_options(model=replacement.id)

    async def _find(self) -> None:
        """Put the id in the place of a name that the chat was started with.

        Before the server's own list is there, only Groq is known to serve what the catalogue has.
        """
        screen = self._screen
        name = screen.conversation.options.model
        is_listed = any(model.live for model in screen.catalog.models.values())
        asked = screen.parts.keys.server_of(screen.parts.profile)
        if screen.catalog.known(name) or not (is_listed or asked.has_groqs_models):
            return
        try:
            found = model_called(name, screen.catalog)
        except UnclearModelError as mistake:
            if is_listed:
                screen.toasts.notice(sentence(mistake, "Ctrl+L"), severity="warning")
            return
        if screen.conversation.named_model == name:
            self._spared = screen.conversation.named_model = found
        await screen.set_options(model=found)

    def _heal_default(self) -> None:
        screen = self._screen
        model = screen.catalog.get(screen.parts.settings.model)
        if model.is_usable:
            return
        replacement = screen.catalog.replacement_for(model.id)
        if replacement.id == model.id:
            return
        try:
            screen.parts.change_setting("model", replacement.id)
        except StorageError as error:
            screen.troubles.show(error)
        else:
            said = f"Your default, {_gone(model)}; it is {replacement.id} from now on."
            screen.toasts.notice(said, severity="warning")


def _gone(model: Model) -> str:
    why = "was shut down" if model.is_retired else "is not open to your account"
    return f"{model.id} {why}"

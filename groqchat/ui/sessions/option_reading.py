"""What commands about options read: the options of the open session, and their model."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groqchat.domain.models.catalog import Model
    from groqchat.domain.turns.chat import Options
    from groqchat.ui.workspace.parts import ChatParts


class OptionReading:
    """A base of commands about the options of the open session.

    Args:
        parts: The parts of the chat.
    """

    def __init__(self, parts: ChatParts) -> None:
        self._parts = parts

    @property
    def _options(self) -> Options:
        return self._parts.options

    @property
    def _model(self) -> Model:
        return self._parts.catalog.get(self._options.model)

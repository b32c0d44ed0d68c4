"""The command that chooses a model on the screen, which has a window that lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.ui.models.actions import ModelActions

if TYPE_CHECKING:
    from groqchat.domain.models.choosing import Order
    from groqchat.ui.workspace.workspace import Workspace


class ScreenModels(ModelActions):
    """Commands about models, which are chosen from a window that keeps its order.

    Args:
        workspace: The parts of the chat.
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, self._picked)
        self._workspace = workspace
        # The order in which the list was looked at last.
        self._order: Order | None = None

    async def _picked(self, query: str) -> str | None:
        from groqchat.ui.models.choices import model_choices
        from groqchat.ui.models.picker import ModelPicker

        workspace = self._workspace
        models = await model_choices(workspace.services, workspace.account, self._order)
        chosen = await workspace.ask(ModelPicker(models, workspace.options.model, query))
        self._order = models.order
        return chosen

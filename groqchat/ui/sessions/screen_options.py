"""Commands about options on the screen, which has windows to choose and fill them in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.turns.service_tier import ServiceTier
from groqchat.ui.sessions.options import OptionActions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.domain.models.catalog import Model
    from groqchat.domain.planning.tier_facts import TierFacts
    from groqchat.domain.turns.chat import Options
    from groqchat.ui.dialogs.dialog import Ask
    from groqchat.ui.workspace.workspace import Workspace


class ScreenOptions(OptionActions):
    """Commands about the options of the open session.

    Args:
        workspace: The parts of the chat.
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, _Windows(workspace.ask))


class _Windows:
    """Has options chosen in windows."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def pick_tier(self, tiers: Sequence[TierFacts], present: str | None) -> str | None:
        """The chosen service tier; None where none was."""
        from groqchat.ui.sessions.tier_picker import TierPicker

        return await self._ask(TierPicker(tiers, present, ServiceTier.ON_DEMAND))

    async def fill_in(self, options: Options, model: Model) -> Options | None:
        """The options with the parameters that were changed; None where none was."""
        from groqchat.ui.dialogs.parameters import ParametersForm

        form = ParametersForm(f"Parameters of {options.model}", options, model)
        return await self._ask(form)

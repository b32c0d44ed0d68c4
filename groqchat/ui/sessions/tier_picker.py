"""The list of service tiers, each with what it means for limits and price before it is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from groqchat.ui.commands import OFF
from groqchat.ui.dialogs.picker import Picker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.domain.planning.tier_facts import TierFacts
    from groqchat.domain.turns.service_tier import ServiceTier

_OPEN = {True: "", False: " · not on your plan", None: " · depends on your plan"}


class TierPicker(Picker[str]):
    """The list of tiers; its result is the name of the chosen tier, ``off``, or None.

    Args:
        tiers: The tiers with their facts.
        present: The tier that the session is asked with; None: the server's default.
        default: The tier that the server takes where none is named.
    """

    DEFAULT_CSS = """
    TierPicker > #frame { width: 100%; max-width: 76; height: auto; max-height: 90%; }
    TierPicker.-narrow > #frame { width: 100%; height: 100%; }
    TierPicker #rows { height: auto; max-height: 1fr; }
    TierPicker.-short #rows { max-height: 2; }
    TierPicker.-short #said { max-height: 4; min-height: 4; }
    """
    heading = "Service tier"
    purpose = (
        "The service tier of the requests of this session: how soon they are answered, under "
        "which limits, at what price."
    )
    guide = "models"
    asks = "Name of a tier …"
    nothing = "No tier matches."

    def __init__(
        self, tiers: Sequence[TierFacts], present: str | None, default: ServiceTier
    ) -> None:
        super().__init__()
        self._tiers = {str(each.tier): each for each in tiers}
        self._present = present or OFF
        self._default = default

    def narrow(self, query: str) -> None:
        """Keep the tiers whose name contains what was typed."""
        word = query.strip().lower()
        found = [name for name in (*self._tiers, OFF) if word in name]
        present = found.index(self._present) if self._present in found else 0
        self.show_rows([(self._row(name), name) for name in found], present)

    def _row(self, name: str) -> Content:
        mark = "● " if name == self._present else "  "
        if name == OFF:
            return Content.assemble(mark, OFF, (f" · the default ({self._default})", "$text-muted"))
        return Content.assemble(mark, name, (_OPEN[self._tiers[name].is_open], "$text-muted"))

    def describe(self, value: str) -> Content:
        """Limits and price on the user's plan."""
        if value == OFF:
            return Content("No tier is sent, and the server takes its default.")
        return Content(self._tiers[value].sentence)

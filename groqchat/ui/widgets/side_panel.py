"""The right side: quota panel above, cost meter below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll

from groqchat.ui.widgets.cost_meter import CostMeter
from groqchat.ui.widgets.quota_panel import QuotaPanel

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.events import Resize

# Two lines a bucket need this height for four buckets, the forecast and the meter.
ROOMY_HEIGHT = 27


class SidePanel(VerticalScroll, can_focus=False):
    """Quota and cost beside the conversation.

    Args:
        now: The Unix time.
        is_demo: Whether all figures are pretend, which is said.
    """

    DEFAULT_CSS = """
    SidePanel {
        width: 36; padding: 0 0 0 1; border-left: vkey $foreground 10%; scrollbar-size-vertical: 1;
    }
    SidePanel > CostMeter { margin-top: 1; }
    """

    def __init__(
        self, now: Callable[[], float], *, is_demo: bool = False, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self.quota = QuotaPanel(now, is_demo=is_demo)
        self.meter = CostMeter()

    def compose(self) -> ComposeResult:
        """Quota first: it is what decides."""
        yield self.quota
        yield self.meter

    def on_resize(self, event: Resize) -> None:
        """Fold the bars away where there is no room for them."""
        self.quota.set_compact(event.size.height < ROOMY_HEIGHT)

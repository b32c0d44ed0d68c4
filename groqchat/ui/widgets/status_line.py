"""One line with the essence of the panels, for terminals too narrow to show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from groqchat.domain.text.humanize import UNKNOWN, count, counted, exact_money
from groqchat.ui.widgets.quota_panel import DEMO_MARK, reserved_in
from groqchat.ui.widgets.text import fitting, way_to

if TYPE_CHECKING:
    from groqchat.domain.limits.quota import QuotaView
    from groqchat.ui.widgets.cost_meter import Costs


# From this width on, in columns, there is room for a sentence beside the figures.
_ROOM_FOR_WORDS = 70
_WAYS = ("quota", "help")


class StatusLine(Widget):
    """Model, the bucket that binds, what is left, and the session's cost.

    Args:
        is_demo: Whether all of it is pretend, which is said first.
    """

    DEFAULT_CSS = """
    StatusLine { height: 1; padding: 0 1; background: $panel; color: $foreground; }
    """

    def __init__(self, *, is_demo: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._is_demo = is_demo
        self._view: QuotaView | None = None
        self._costs: Costs | None = None
        self._model = ""
        self._others = 0

    def show(
        self,
        *,
        model: str | None = None,
        view: QuotaView | None = None,
        costs: Costs | None = None,
        others: int | None = None,
    ) -> None:
        """Take in what changed; ``others`` are the sessions out of sight that are answered."""
        self._model = model or self._model
        self._view = view or self._view
        self._costs = costs or self._costs
        self._others = self._others if others is None else others
        if self.display:
            self.refresh()

    def render(self) -> Content:
        """The figures, the most important first, as many as fit."""
        return fitting(map(Content, self._parts()), self.content_size.width)

    @property
    def _demo_mark(self) -> str:
        return DEMO_MARK if self.content_size.width >= _ROOM_FOR_WORDS else "demo"

    def _parts(self) -> list[str]:
        parts = [self._demo_mark] if self._is_demo else []
        parts.append(self._model.rsplit("/", 1)[-1] or "no model yet")
        if self._others:
            parts.append(f"{counted(self._others, 'other')} answering")
        view = self._view
        if view is not None and view.binding is not None:
            turns = "turn" if view.turns_left == 1 else "turns"
            parts.append(f"≈ {count(view.turns_left)} {turns} ({view.binding})")
        if view is not None and (most := reserved_in(view)):
            parts.append(f"{count(most)} reserved")
        if self._costs is not None:
            cost = self._costs.session.cost_text(exact_money)
            parts.append("cost unknown" if cost == UNKNOWN else cost)
        parts += [
            f"{level.kind} {count(level.remaining)}/{count(level.limit)}"
            for level in (view.levels if view else ())
            if level.remaining is not None
        ]
        ways = (way_to(self.screen, name, name) for name in _WAYS)
        parts.append(" · ".join(f"{way.key} {way.words}".strip() for way in ways))
        return parts

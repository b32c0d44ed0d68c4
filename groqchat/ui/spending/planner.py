"""The planner: what one's own averages come to on each plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from groqchat.ui.dialogs.dialog import Dialog

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.widget import Widget

    from groqchat.domain.planning.projection import UsageProjection

_NOTE = "Other workloads: groqchat plan limits, cost and audio, on the command line."


class OutlookScreen(Dialog[None]):
    """Limits and costs of the models in use.

    Args:
        outlooks: The model of the session first.
    """

    DEFAULT_CSS = """
    OutlookScreen VerticalScroll { height: auto; max-height: 1fr; scrollbar-size-vertical: 1; }
    OutlookScreen .outlook { height: auto; margin-bottom: 1; }
    """
    heading = "Planner"
    purpose = (
        "How many requests of your usual size fit under the limits of each plan, and what "
        "they would cost."
    )
    guide = "limits"

    def __init__(self, projections: Sequence[UsageProjection]) -> None:
        super().__init__()
        self._projections = projections

    def content(self) -> Iterable[Widget]:
        """A paragraph for each model."""
        paragraphs = [
            Static(
                Content("\n").join(
                    (
                        Content.styled(projection.model.id, "bold $text-accent"),
                        *map(Content, projection.lines()),
                    )
                ),
                classes="outlook",
            )
            for projection in self._projections
        ]
        yield VerticalScroll(*paragraphs)
        yield Static(_NOTE, id="said", markup=False)

    def on_mount(self) -> None:
        """The arrows scroll."""
        self.query_one(VerticalScroll).focus()

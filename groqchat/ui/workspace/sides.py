"""The sides of the chat: beside the conversation where its text keeps its room, else over it."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.dom import DOMNode

# Columns that the text keeps, and what its gutter, margin and scrollbar take.
TEXT, AROUND_TEXT = 80, 4
# Below this width, in columns, nothing opens beside the text by itself.
NARROWEST = 110
# The widgets that have other rules under the classes of the sides (``ui/app.tcss``).
AFFECTED = "#sessions, #panel, #toasts, #status"


class Side(Enum):
    """A side: its name in classes and settings, and its least width in columns."""

    PANEL = "panel", 36
    SESSIONS = "sessions", 26

    @property
    def setting(self) -> str:
        """The setting that says whether it is wanted beside the text."""
        return f"show_{self.value[0]}"

    @property
    def over(self) -> str:
        """The class of a screen over whose text it lies."""
        return f"-show-{self.value[0]}"

    @property
    def beside(self) -> str:
        """The class of a screen beside whose text it stands."""
        return f"-{self.value[0]}-beside"


def fitting_sides(width: int, wanted: frozenset[Side]) -> frozenset[Side]:
    """The sides that stand beside the text at a width: the panel first, then the sessions."""
    room = width - TEXT - AROUND_TEXT if width >= NARROWEST else 0
    fitting = set()
    for side in (side for side in Side if side in wanted):
        room -= side.value[1]
        if room < 0:
            break
        fitting.add(side)
    return frozenset(fitting)


class Sides:
    """The sides that are shown and those that are wanted.

    Args:
        shown_on: The node whose CSS classes show the sides.
        wanted: The sides that the user wants beside the text.
    """

    def __init__(self, shown_on: DOMNode, wanted: frozenset[Side]) -> None:
        self._node = shown_on
        self._wanted = wanted
        self._width = 0

    def fit(self, width: int) -> bool:
        """Show what fits beside the text at a width in columns; returns whether that is new."""
        self._width = width
        fitting = fitting_sides(width, self._wanted)
        classes = {side.beside: side in fitting for side in Side}
        classes |= {side.over: False for side in fitting}
        return self._set(classes | {"-narrow": Side.PANEL not in fitting})

    def _set(self, classes: Mapping[str, bool]) -> bool:
        """Set and remove classes; returns whether there are others now.

        Textual would look for the rules of each widget below the node anew, which takes as long as
        ten layouts; only those that the classes are about have other rules.
        """
        before = set(self._node.classes)
        for name, is_set in classes.items():
            self._node.set_class(is_set, name, update=False)
        if before == self._node.classes:
            return False
        affected = self._node.query(AFFECTED)
        self._node.app.stylesheet.update_nodes([self._node, *affected])
        return True

    def put_away(self) -> None:
        """Hide the sides that lie over the conversation."""
        self._set({side.over: False for side in Side})

    def is_over(self, side: Side) -> bool:
        """Whether a side lies over the conversation."""
        return self._node.has_class(side.over)

    def is_beside(self, side: Side) -> bool:
        """Whether a side is shown beside the conversation."""
        return self._node.has_class(side.beside)

    def is_shown(self, side: Side) -> bool:
        """Whether a side is on the screen, beside the conversation or over it."""
        return self.is_beside(side) or self.is_over(side)

    def is_wanted(self, side: Side) -> bool:
        """Whether a side is wanted beside the text."""
        return side in self._wanted

    def may_stand(self, side: Side) -> bool:
        """Whether a side has room beside the text."""
        return side in fitting_sides(self._width, self._wanted | {side})

    def lay_over(self, side: Side) -> None:
        """Show a side over the conversation."""
        self._set({side.over: True})

    def take_off(self, side: Side) -> None:
        """Hide a side that lies over the conversation."""
        self._set({side.over: False})

    def want(self, side: Side, *, is_wanted: bool) -> None:
        """Want a side beside the text, or not, from now on."""
        self._wanted = self._wanted | {side} if is_wanted else self._wanted - {side}
        self.take_off(side)
        self.fit(self._width)

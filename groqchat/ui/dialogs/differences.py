"""The window that shows two texts side by side, with their differences marked."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from groqchat.domain.text.differences import differences, likeness
from groqchat.domain.text.sanitize import sanitize
from groqchat.ui.dialogs.dialog import CLOSE, Dialog
from groqchat.ui.widgets.text import KeyHint, line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.widget import Widget

    from groqchat.domain.text.differences import Stretch

LONGEST_TEXT = 60_000
# The marks of wdiff, so that nobody needs to see colours.
_LEFT, _RIGHT = ("[-", "-]"), ("{+", "+}")
_GONE, _NEW = "$text-error bold", "$text-success bold"


class DiffScreen(Dialog[None]):
    """Two texts; words that only one of them holds stand between marks.

    Args:
        texts: The names and texts to choose from.
        left: The number of the text on the left at first; the next one is on the right.
    """

    DEFAULT_CSS = """
    DiffScreen > #frame { width: 100%; max-width: 100%; height: 100%; }
    DiffScreen #texts { height: 1fr; }
    DiffScreen VerticalScroll {
        width: 1fr; height: 1fr; scrollbar-size-vertical: 1; border-top: solid $border-blurred;
        border-title-color: $text-accent; padding: 0 2 0 1;
    }
    DiffScreen VerticalScroll:focus { border-top: heavy $accent; }
    DiffScreen Static { height: auto; }
    DiffScreen.-narrow #texts { layout: vertical; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "turn(0)", show=False),
        Binding("right", "turn(1)", show=False),
    ]
    heading = "Differences"
    purpose = "Two texts side by side; what only one of them has is marked."
    guide = "compare"

    def __init__(self, texts: Sequence[tuple[str, str]], left: int) -> None:
        super().__init__()
        self._texts = [(name, sanitize(text[:LONGEST_TEXT])) for name, text in texts]
        self._shown = [left, (left + 1) % len(texts)]

    def content(self) -> Iterable[Widget]:
        """Two texts that scroll together, and the share that they have in common."""
        self._sides = Static(markup=False), Static(markup=False)
        self._scrolls = VerticalScroll(self._sides[0]), VerticalScroll(self._sides[1])
        self._said = Static("Comparing…", id="said", markup=False)
        yield Horizontal(*self._scrolls, id="texts")
        yield self._said

    def hints(self) -> Sequence[KeyHint]:
        """The keys; another answer can be chosen where there are more than two."""
        other = (KeyHint("← →", "another answer on that side"),) if len(self._texts) > 2 else ()
        return (*other, KeyHint("↑↓ PgUp PgDn", "scroll"), KeyHint("Tab", "other text"), CLOSE)

    def on_mount(self) -> None:
        """Scroll both texts together, and compare them."""
        one, other = self._scrolls
        self.watch(one, "scroll_y", lambda y: other.scroll_to(y=y, animate=False))
        self.watch(other, "scroll_y", lambda y: one.scroll_to(y=y, animate=False))
        one.focus()
        self._compare()

    def action_turn(self, side: int) -> None:
        """Show the next answer on one side: 0 is the left, 1 the right."""
        if len(self._texts) > 2:
            at = (self._shown[side] + 1) % len(self._texts)
            if at == self._shown[1 - side]:
                at = (at + 1) % len(self._texts)
            self._shown[side] = at
            self._compare()

    def _compare(self) -> None:
        self.run_worker(self._show(), exclusive=True, group="compare", name="compare")

    async def _show(self) -> None:
        (left, one), (right, other) = (self._texts[at] for at in self._shown)
        # Long answers take a while; the screen must not stand still.
        stretches = await asyncio.to_thread(differences, one, other)
        for scroll, name in zip(self._scrolls, (left, right), strict=True):
            scroll.border_title = Content(line(name, 60))
        self._sides[0].update(_marked([(s.left, s.is_same) for s in stretches], _LEFT, _GONE))
        self._sides[1].update(_marked([(s.right, s.is_same) for s in stretches], _RIGHT, _NEW))
        self._said.update(_summary(stretches))


def _marked(pieces: Iterable[tuple[str, bool]], marks: tuple[str, str], style: str) -> Content:
    """A text with its own pieces between marks; white space stays outside of the marks."""
    parts: list[str | tuple[str, str]] = []
    for text, is_same in pieces:
        words = text.strip()
        if is_same or not words:
            parts.append(text)
            continue
        before, _, after = text.partition(words)
        parts += [before, (f"{marks[0]}{words}{marks[1]}", style), after]
    return Content.assemble(*parts)


def _summary(stretches: Sequence[Stretch]) -> Content:
    places = sum(not stretch.is_same for stretch in stretches)
    share = f"{100 * likeness(tuple(stretches)):.0f} % in common"
    if not places:
        return Content("The texts are the same.")
    number = f"{places:,} difference{'s' * (places != 1)}"
    return Content(f"{number} · {share} · [-only in the first-] {{+only in the second+}}")

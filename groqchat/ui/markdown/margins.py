"""Decorations to the left of a block and above it: markers, bars, indents, blank lines."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from rich.cells import cell_len

from groqchat.ui.markdown.blocks import (
    Block,
    Code,
    Container,
    Formula,
    Heading,
    Item,
    Path,
    Plain,
    Quote,
    Table,
    task,
)
from groqchat.ui.markdown.lines import CHROME, Line, Span, cut

if TYPE_CHECKING:
    from collections.abc import Sequence

_BAR = Span("▎ ", f"{CHROME} quote")
_BULLETS = "•◦▪"
_BOXES = {"[ ]": "☐", "[x]": "☑", "[X]": "☑"}
_ROOM = 8
"""Cells kept for the text, however deep it stands."""


@dataclass(frozen=True, slots=True)
class Margin:
    """The decoration to the left of a block's rows.

    Attributes:
        width: Cells left for the text.
        first: Decoration of the first row.
        rest: Decoration of all others.
        lead: What that of the first row is worth in a copy.
    """

    width: int
    first: tuple[Span, ...] = ()
    rest: tuple[Span, ...] = ()
    lead: str = ""

    def line(
        self, spans: Sequence[Span], *, is_first: bool, fill: str = "", join: str = "\n"
    ) -> Line:
        """A row of the block with its decoration."""
        if is_first:
            return Line((*self.first, *spans), fill, self.lead, join)
        return Line((*self.rest, *spans), fill, "", join)


def margin(above: Block | None, block: Block, width: int) -> Margin:
    """The margin of a block that follows another, in a column so many cells wide."""
    if not block.path:
        return Margin(width)
    known = _shared(above, block)
    box = task(block)
    first: list[Span] = []
    rest: list[Span] = []
    lead = ""
    items = 0
    for depth, container in enumerate(block.path):
        mark, indent = _decoration(container, items, box if depth == len(block.path) - 1 else "")
        first.append(indent if depth < known else mark)
        rest.append(indent)
        if isinstance(container, Item):
            if depth >= known:
                lead += f"{'' if lead else '  ' * items}{container.marker} "
            items += 1
    taken = sum([cell_len(span.text) for span in first])
    room = max(0, width - max(_ROOM, width - taken))
    if lead and box:
        lead += f"{box} "
    return Margin(max(1, width - min(taken, room)), _fit(first, room), _fit(rest, room), lead)


def _decoration(container: Container, items: int, box: str) -> tuple[Span, Span]:
    """The decoration of a container's first row, and that of all others."""
    if isinstance(container, Quote):
        return _BAR, _BAR
    if container.group.is_ordered:
        mark = f"{container.marker} ".rjust(4)
    else:
        mark = f" {_BOXES.get(box) or _BULLETS[min(items, len(_BULLETS) - 1)]} "
    return Span(mark, f"{CHROME} marker"), Span(" " * cell_len(mark), CHROME)


def gap(above: Block | None, block: Block, width: int) -> list[Line]:
    """The blank line between two blocks, or none; bars of quotes around both go through it."""
    if above is None or not _is_apart(above, block):
        return []
    shared = block.path[: _shared(above, block)]
    bars = [_BAR if isinstance(box, Quote) else _decoration(box, 0, "")[1] for box in shared]
    return [Line(_fit(bars, max(0, width - _ROOM)))]


def _is_apart(above: Block, block: Block) -> bool:
    known = _shared(above, block)
    entered = block.path[known : known + 1]
    if entered and isinstance(item := entered[0], Item):
        left = above.path[known : known + 1]
        is_sibling = bool(left) and isinstance(left[0], Item) and left[0].group is item.group
        if is_sibling or (known and known == len(above.path)):
            return isinstance(above, (Code, Table, Formula))
    if isinstance(above, Plain):
        return False
    return not isinstance(above, Heading) or isinstance(block, Heading)


def _shared(above: Block | None, block: Block) -> int:
    """The number of containers that hold both blocks."""
    outer: Path = above.path if above else ()
    pairs = zip(outer, block.path, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] is pair[1], pairs))


def _fit(spans: list[Span], room: int) -> tuple[Span, ...]:
    return tuple(cut(spans, 0, room))

"""Paints what changed and nothing else.

Textual's own compositor renders, for each update, every widget that touches the smallest rectangle
around all that changed, each of them whole, and cuts all of that to pieces. Where a row of the
panel and a row of the composer change together, that is nearly the whole screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from textual._compositor import Compositor, CompositorUpdate
from textual.geometry import Region

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
    from textual.screen import Screen
    from textual.strip import Strip
    from textual.widget import Widget


_WIDE = 2
"""Cells that a wide character takes."""


class Patch(NamedTuple):
    """A strip and the cell of the screen at which it begins."""

    x: int
    y: int
    strip: Strip


class Edges(NamedTuple):
    """The cells that belong to a part beyond its left and its right edge."""

    left: int
    right: int


class Shown(NamedTuple):
    """A part of a widget that can be seen; all regions by the screen's cells."""

    widget: Widget
    place: Region
    part: Region
    edges: Edges


class Patches(CompositorUpdate):
    """An update of the screen that is put together from strips."""

    def __init__(self, patches: Iterable[Patch]) -> None:
        self.patches = list(patches)

    def render_segments(self, console: Console) -> str:
        """The output for the terminal: each strip behind a cursor movement (CUP)."""
        return "".join(
            [f"\x1b[{y + 1};{x + 1}H{strip.render(console)}" for x, y, strip in self.patches]
        )

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for _, _, strip in self.patches:
            yield from strip


class FrugalCompositor(Compositor):
    """Renders of each widget the changed rows that nothing else covers."""

    _is_exported = False

    def render_update(
        self,
        full: bool = False,
        screen_stack: list[Screen[object]] | None = None,
        simplify: bool = False,
    ) -> RenderableType | None:
        """The changes since the last update; ``full`` asks for a picture of the whole screen."""
        self._is_exported = full
        return super().render_update(full, screen_stack, simplify)

    def render_full_update(self, simplify: bool = False) -> Patches:  # type: ignore[override]
        """The whole screen, as after a resize; of each widget what nothing else covers."""
        if self._is_exported:
            return super().render_full_update(simplify)  # type: ignore[return-value]
        self._dirty_regions.clear()
        return Patches(self._patches([self.size.region]))

    def render_partial_update(self) -> Patches | None:  # type: ignore[override]  # another update
        """The changes since the last update; None if there are none."""
        screen = self.size.region
        changed = [region.intersection(screen) for region in self._dirty_regions]
        self._dirty_regions.clear()
        return Patches(self._patches(_without_repeats(changed))) if changed else None

    def _patches(self, changed: list[Region]) -> Iterator[Patch]:
        # All is looked up before anything is rendered: that may change where things are.
        shown = [each for region in changed for each in self._shown_in(region)]
        for widget, place, part, edges in shown:
            wider = part.grow((0, edges.right, 0, edges.left))
            strips = widget.render_lines(wider.translate(-place.offset))
            for y, strip in zip(wider.line_range, strips, strict=False):
                patch = Patch(wider.x, y, strip)
                yield _trimmed(patch, edges) if any(edges) else patch

    def _shown_in(self, region: Region) -> Iterator[Shown]:
        """The visible parts of widgets in a region."""
        uncovered, above = [region], list[Region]()
        # In the order in which they lie over one another, the uppermost first.
        for widget, (place, clip) in self.visible_widgets.items():
            shown = place.intersection(clip)
            below: list[Region] = []
            for piece in uncovered:
                if part := piece.intersection(shown):
                    yield Shown(widget, place, part, _edges(part, shown, above))
                    below += around(part, piece)
                else:
                    below.append(piece)
            uncovered = below
            if not uncovered:
                return
            above.append(shown)


def _edges(part: Region, shown: Region, above: list[Region]) -> Edges:
    """The edges at which a part of a widget may cut a wide character that is visible."""
    before = Region(part.x - 1, part.y, 1, part.height)
    behind = Region(part.right, part.y, 1, part.height)
    left, right = (
        int(shown.contains_region(cell) and not any(upper.overlaps(cell) for upper in above))
        for cell in (before, behind)
    )
    return Edges(left, right)


def _trimmed(patch: Patch, edges: Edges) -> Patch:
    """A strip with one more cell at its edges, without those that no wide character reaches."""
    x, y, strip = patch
    if edges.left and cell_len(strip.text[:1]) < _WIDE:
        x, strip = x + 1, strip.crop(1)
    if edges.right and cell_len(strip.text[-1:]) < _WIDE:
        strip = strip.crop(0, strip.cell_length - 1)
    return Patch(x, y, strip)


def around(part: Region, whole: Region) -> list[Region]:
    """A region without a part of it, in at most four pieces."""
    pieces = (
        Region.from_corners(whole.x, whole.y, whole.right, part.y),
        Region.from_corners(whole.x, part.bottom, whole.right, whole.bottom),
        Region.from_corners(whole.x, part.y, part.x, part.bottom),
        Region.from_corners(part.right, part.y, whole.right, part.bottom),
    )
    return [piece for piece in pieces if piece]


def _without_repeats(regions: list[Region]) -> list[Region]:
    """The regions that lie in no other, from the top."""
    kept: list[Region] = []
    for region in sorted(regions, key=lambda each: -each.area):
        if region and not any(larger.contains_region(region) for larger in kept):
            kept.append(region)
    return sorted(kept, key=lambda each: (each.y, each.x))

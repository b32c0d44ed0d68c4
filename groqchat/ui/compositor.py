"""Paints what changed and nothing else.

Textual's own compositor renders, for each update, every widget that touches the smallest rectangle
around all that changed, each of them whole, and cuts all of that to pieces. Where a row of the
panel and a row of the composer change together, that is nearly the whole screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual._compositor import Compositor, CompositorUpdate
from textual.geometry import Region

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import Console, ConsoleOptions, RenderResult
    from textual.strip import Strip
    from textual.widget import Widget


class Patch(NamedTuple):
    """A strip and the cell of the screen at which it begins."""

    x: int
    y: int
    strip: Strip


class Patches(CompositorUpdate):
    """An update of the screen that is put together from strips."""

    def __init__(self, patches: Iterable[Patch]) -> None:
        self.patches = list(patches)

    def render_segments(self, console: Console) -> str:
        """What is sent to the terminal: before each strip the way to its place (CUP)."""
        return "".join(
            [f"\x1b[{y + 1};{x + 1}H{strip.render(console)}" for x, y, strip in self.patches]
        )

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for _, _, strip in self.patches:
            yield from strip


class FrugalCompositor(Compositor):
    """Renders of each widget the changed rows that nothing else covers."""

    def render_partial_update(self) -> Patches | None:  # type: ignore[override]  # another update
        """The changes since the last update; None if there are none."""
        screen = self.size.region
        changed = [region.intersection(screen) for region in self._dirty_regions]
        self._dirty_regions.clear()
        return Patches(self._patches(_without_repeats(changed))) if changed else None

    def _patches(self, changed: list[Region]) -> Iterator[Patch]:
        for region in changed:
            for widget, part in self._shown_in(region):
                place, _ = self.visible_widgets[widget]
                strips = widget.render_lines(part.translate(-place.offset))
                for y, strip in zip(part.line_range, strips, strict=False):
                    yield Patch(part.x, y, strip)

    def _shown_in(self, region: Region) -> Iterator[tuple[Widget, Region]]:
        """The widgets that can be seen in a region, and where."""
        uncovered = [region]
        # In the order in which they lie over one another, the uppermost first.
        for widget, (place, clip) in self.visible_widgets.items():
            shown = place.intersection(clip)
            if not any(shown.overlaps(piece) for piece in uncovered):
                continue
            below: list[Region] = []
            for piece in uncovered:
                if part := piece.intersection(shown):
                    yield widget, part
                    below += around(part, piece)
                else:
                    below.append(piece)
            uncovered = below
            if not uncovered:
                return


def around(part: Region, whole: Region) -> list[Region]:
    """What is left of a region without a part of it, in at most four pieces."""
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

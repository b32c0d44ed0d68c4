"""Small SVG charts of shapes and text, coloured by the page around them."""

from __future__ import annotations

import html
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.text.humanize import duration

if TYPE_CHECKING:
    from collections.abc import Sequence

# In units of the drawing; the page stretches it to the place that there is.
_BARS_WIDTH, _WIDTH = 360, 560
_ROW, _BAR = 46, 14
_LEFT, _RIGHT, _TOP, _PLOT, _BOTTOM = 40, 16, 14, 196, 30
_STEPS = (1, 2, 2.5, 5, 10)
# Curves are drawn through so many points at most.
_MOST_POINTS = 200


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a bar chart: ``share`` from 0 to 1 of its width, ``series`` chooses the colour.

    ``low`` and ``high`` are the bounds of its interval, as shares of the width; None: it has none.
    """

    label: str
    text: str
    share: float
    series: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Curve:
    """The values of one series, in seconds."""

    label: str
    values: Sequence[float]
    series: int


def bars(title: str, rows: Sequence[Bar]) -> str:
    """Horizontal bars, each below its name and figure."""
    body = "".join(_bar(row, place * _ROW) for place, row in enumerate(rows))
    return _svg(title, _BARS_WIDTH, len(rows) * _ROW - 8, body)


def _bar(row: Bar, top: int) -> str:
    length = max(2.0, _BARS_WIDTH * min(1.0, max(0.0, row.share)))
    rounded = f'height="{_BAR}" rx="{_BAR / 2:.0f}"'
    return (
        f'<text class="name" x="0" y="{top + 15}">{_safe(row.label)}</text>'
        f'<text class="figure" x="{_BARS_WIDTH}" y="{top + 15}">{_safe(row.text)}</text>'
        f'<rect class="track" y="{top + 22}" width="{_BARS_WIDTH}" {rounded}/>'
        f'<rect class="s{row.series}" y="{top + 22}" width="{length:.1f}" {rounded}/>'
        f"{_whisker(row, top + 22)}"
    )


def _whisker(row: Bar, top: int) -> str:
    """A line from bound to bound, with a stroke across each end."""
    if row.low is None or row.high is None:
        return ""
    left, right = (_BARS_WIDTH * min(1.0, max(0.0, each)) for each in (row.low, row.high))
    middle, ends = top + _BAR / 2, f"{top + 2}V{top + _BAR - 2}"
    line = f"M{left:.1f} {middle}H{right:.1f}M{left:.1f} {ends}M{right:.1f} {ends}"
    return f'<path class="whisker" d="{line}"/>'


def curves(title: str, rows: Sequence[Curve]) -> str:
    """The cumulative distribution of the values of each series, over an axis of seconds."""
    drawn = [row for row in rows if row.values]
    if not drawn:
        return ""
    ticks = _ticks(max(_nearly_all(row.values) for row in drawn))
    body = _grid(ticks) + "".join(_curve(row, ticks[-1]) for row in drawn)
    return _svg(title, _WIDTH, _TOP + _PLOT + _BOTTOM, body)


def _nearly_all(values: Sequence[float]) -> float:
    """The 98th percentile, so that a few outliers do not flatten the chart."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(0.98 * len(ordered)))]


def _ticks(largest: float) -> list[float]:
    """Round values from 0 to just beyond the largest, in three to six steps."""
    largest = max(largest, 1e-3)
    unit = 10.0 ** math.floor(math.log10(largest / 4))
    step = next(unit * each for each in _STEPS if largest / (unit * each) <= 5)
    return [step * number for number in range(math.ceil(largest / step - 1e-9) + 1)]


def _grid(ticks: Sequence[float]) -> str:
    lines = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = _y(share)
        lines.append(f'<path class="grid" d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}"/>')
        lines.append(f'<text class="tick end" x="{_LEFT - 8}" y="{y + 4:.1f}">{share:.0%}</text>')
    for tick in ticks:
        x, y = _x(tick, ticks[-1]), _TOP + _PLOT + 20
        lines.append(f'<text class="tick mid" x="{x:.1f}" y="{y}">{_safe(_time(tick))}</text>')
    return "".join(lines)


def _time(seconds: float) -> str:
    return duration(seconds) if seconds else "0"


def _curve(row: Curve, last: float) -> str:
    """A step curve from 0 to 1, cut off at the end of the axis."""
    ordered = sorted(row.values)
    every = max(1, len(ordered) // _MOST_POINTS)
    path = [f"M{_LEFT} {_y(0):.1f}"]
    for place, value in enumerate(ordered, 1):
        if value > last:
            break
        if place % every == 0 or place == len(ordered):
            path.append(f"H{_x(value, last):.1f}V{_y(place / len(ordered)):.1f}")
    path.append(f"H{_WIDTH - _RIGHT}")
    return f'<path class="curve s{row.series}" d="{"".join(path)}"/>'


def _x(seconds: float, last: float) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * seconds / last


def _y(share: float) -> float:
    return _TOP + _PLOT * (1 - share)


def _svg(title: str, width: int, height: int, body: str) -> str:
    named = f'role="img" aria-label="{_safe(title)}"'
    return f'<svg viewBox="0 0 {width} {height}" {named}>{body}</svg>'


def _safe(text: str) -> str:
    return html.escape(text)

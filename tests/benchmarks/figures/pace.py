"""Keeping up with the source: how far behind the screen is, at the first token and at the last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.benchmarks import vitals
from tests.benchmarks.lab import median, p95
from tests.benchmarks.table import Row, against

if TYPE_CHECKING:
    from tests.benchmarks.lab import Lab

_RATES = (500, 1_000, 2_000, 4_000, 8_000)
_STREAMING_S = 4
_BEHIND_S = 0.25
_SUBJECTS = ("stream", "groqchat")


def pace(lab: Lab) -> list[Row]:
    """How far the last token on the screen is behind the source, and what speed is kept up with."""
    rates = (1_000,) if lab.is_quick else _RATES
    lags = {name: _lags(lab, name, rates) for name in _SUBJECTS}
    rows = [
        Row(
            f"behind the source at {rate:,} tokens/s",
            _seconds(lags["stream"].get(rate)) + " (MarkdownStream)",
            _seconds(lags["groqchat"].get(rate)),
            to_reach=f"< {_BEHIND_S} s",
        )
        for rate in rates
    ]
    kept = {
        name: max((rate for rate, lag in found.items() if lag < _BEHIND_S), default=0)
        for name, found in lags.items()
    }
    rows.append(
        Row(
            "keeps up with",
            f"{kept['stream']:,} tokens/s (MarkdownStream)",
            f"{kept['groqchat']:,} tokens/s",
            to_reach="8,000 tokens/s",
        )
    )
    return rows


def _seconds(lag: float | None) -> str:
    return "not tried" if lag is None else f"{lag:.3f} s"


def _lags(lab: Lab, name: str, rates: tuple[int, ...]) -> dict[int, float]:
    """The lag at each speed, up to the first that is far too much."""
    found: dict[int, float] = {}
    for rate in rates:
        with lab.ready(name) as seat:
            lab.answer(seat, 100)
            repeats = [lab.answer(seat, rate * _STREAMING_S, rate).lag for _ in lab.repeats(3, 1)]
        found[rate] = median(repeats)
        if found[rate] > 4 * _BEHIND_S:
            break
    return found


def first_token(lab: Lab) -> list[Row]:
    """From the socket to the screen, the first token of short answers."""
    delays: dict[str, list[float]] = {}
    for name in ("reader", *_SUBJECTS):
        with lab.ready(name) as seat:
            lab.answer(seat, 30)
            delays[name] = []
            for _ in lab.repeats(30, 3):
                delays[name].append(lab.answer(seat, 30, 500).first_latency * 1_000)
                vitals.busy_until_quiet(seat.pid)
    return [
        against(
            f"first token on the screen, {title}",
            measure(delays["stream"]),
            measure(delays["groqchat"]),
            "ms",
            digits=0,
            name="MarkdownStream",
            to_reach=to_reach,
        )
        for title, measure, to_reach in (("p50", median, "–"), ("p95", p95, "≤ 35 ms"))
    ]

"""A comparison of four models: typing while all stream, and how far behind the screen is."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.benchmarks import vitals
from tests.benchmarks.lab import median, p95, type_keys
from tests.benchmarks.source import first_word, last_word
from tests.benchmarks.table import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.lab import Lab
    from tests.benchmarks.seat import Seat

_MODELS = (
    "openai/gpt-oss-120b",
    "openai/gpt-oss-20b",
    "openai/gpt-oss-safeguard-20b",
    "allam-2-7b",
)
# All four columns are in sight.
_SIZE = (200, 50)
_ROOM = "×".join(map(str, _SIZE))
_RATES = (1_000, 2_000)
_STREAMING_S = 4
_BEHIND_S = 0.25
_KEYS = 80
_SECONDS_A_KEY = 0.1


def comparison(lab: Lab) -> list[Row]:
    """Four columns at once, each at the speed that is named; nothing else has a floor for that."""
    rows = [
        Row(
            f"behind the source, four columns at {rate:,} tokens/s each ({_ROOM})",
            "–",
            f"{_lag(lab, rate):.3f} s",
            to_reach=f"< {_BEHIND_S} s",
        )
        for rate in _RATES[: 1 if lab.is_quick else None]
    ]
    title = f"key echo while four columns stream at {_RATES[0]:,} tokens/s each ({_ROOM})"
    delays, lost = _echo(lab)
    for label, measure, goal in (("p50", median, "–"), ("p95", p95, "≤ 25 ms")):
        echo = f"{measure(delays) * 1_000:.0f} ms"
        rows.append(Row(f"{title}, {label}", "–", echo, to_reach=goal))
    rows.append(Row(f"{title}, lost", "–", f"{lost} of {len(delays) + lost}", to_reach="0"))
    return rows


@contextmanager
def _comparing(lab: Lab) -> Iterator[Seat]:
    """Four columns that have answered once."""
    with lab.ready("groqchat", size=_SIZE) as seat:
        seat.press(f"/compare {' '.join(_MODELS)}")
        vitals.busy_until_quiet(seat.pid, windows=2)
        seat.press("\r")
        seat.wait(f"{len(_MODELS)} models")
        vitals.busy_until_quiet(seat.pid)
        _answers(lab, seat, 100)
        yield seat


def _lag(lab: Lab, rate: int) -> float:
    """How far the slowest column is behind its source at the last token, in seconds."""
    with _comparing(lab) as seat:
        return median([_answers(lab, seat, rate * _STREAMING_S, rate) for _ in lab.repeats(3, 1)])


def _answers(lab: Lab, seat: Seat, tokens: int, rate: int = 0) -> float:
    number = lab.ask(seat, tokens, rate)
    since = seat.here
    seat.press("\r")
    seen = {model: seat.wait(last_word(number, model), since, timeout=90) for model in _MODELS}
    ends = [lab.told(number) for _ in _MODELS]
    vitals.busy_until_quiet(seat.pid, windows=2)
    return max(seen[end["model"]] - end["last"] for end in ends)


def _echo(lab: Lab) -> tuple[list[float], int]:
    """The delays of keys typed into the prompt meanwhile, and how many got lost."""
    count = 15 if lab.is_quick else _KEYS
    with _comparing(lab) as seat:
        number = lab.ask(seat, int((count * _SECONDS_A_KEY + 2) * _RATES[0]), _RATES[0])
        since = seat.here
        seat.press("\r")
        for model in _MODELS:
            seat.wait(first_word(number, model), since)
        return type_keys(seat, count)

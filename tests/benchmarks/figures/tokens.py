"""The estimate of tokens beside the vocabulary it stands for: error and speed, kind by kind.

The vocabulary is that of a public package, which is installed in the run's own folder; a quick run
does without it, and has its counts from the samples alone.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import defaultdict
from statistics import mean
from typing import TYPE_CHECKING

from groqchat.domain.turns.token_estimate import estimate_tokens
from tests.benchmarks.table import Row
from tests.domain.turns.token_samples import samples
from tests.domain.turns.token_samples.__main__ import FROM_PYPI, install_from_pypi

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tests.benchmarks.lab import Lab
    from tests.domain.turns.token_samples import Sample

# So much of a kind is timed at once, in bytes: its samples, repeated.
_TIMED, _PER = 50_000, 100_000
_TO_REACH = {"error": "≤ 30 %", "mean error": "≤ 10 %", "speed": "≤ 15 ms"}
_TIMER = """
import json, sys, time
from bpe_openai import get_encoding
encoding = get_encoding("o200k_base")
texts, repeats = json.load(sys.stdin)
def best(text):
    took = []
    for _ in range(repeats):
        begun = time.thread_time()
        encoding.encode_ordinary(text)
        took.append(time.thread_time() - begun)
    return min(took)
encoding.encode_ordinary("warm")
print(json.dumps({kind: best(text) for kind, text in texts.items()}))
"""


def tokens(lab: Lab) -> list[Row]:
    """A row for every kind of text, and one for all; processor time, the best of some."""
    by_kind: dict[str, list[Sample]] = defaultdict(list)
    for sample in samples():
        by_kind[sample.kind].append(sample)
    repeats = 1 if lab.is_quick else 7
    texts = {kind: _long(these) for kind, these in by_kind.items()}
    sizes = {kind: len(text.encode()) / _PER for kind, text in texts.items()}
    real = {} if lab.is_quick else _times_of_the_vocabulary(lab, texts, repeats)
    ours = {
        kind: _best(lambda text=text: estimate_tokens(text), repeats)
        for kind, text in texts.items()
    }
    rows, errors = [], []
    for kind, these in by_kind.items():
        truth, guess = (
            sum(one.true_tokens for one in these),
            sum(estimate_tokens(one.text) for one in these),
        )
        errors.append(abs(guess / truth - 1))
        rows.append(
            Row(
                f"tokens of {kind.replace('_', ' ')}",
                f"{truth:,}{_speed(real, kind, sizes)}",
                f"{guess:,.0f}{_speed(ours, kind, sizes)}",
                f"{guess / truth:.2f}",
                _TO_REACH["error"],
            )
        )
    return [*rows, *_summary(errors, real, ours, sizes)]


def _summary(
    errors: Sequence[float],
    real: Mapping[str, float],
    ours: Mapping[str, float],
    sizes: Mapping[str, float],
) -> list[Row]:
    worst, average = max(errors), mean(errors)
    mine = mean(1000 * ours[kind] / size for kind, size in sizes.items())
    theirs = mean(1000 * real[kind] / size for kind, size in sizes.items()) if real else 0.0
    return [
        Row(
            f"tokens, error over {len(errors)} kinds",
            "–",
            f"{average:.1%} (worst {worst:.1%})",
            "–",
            _TO_REACH["mean error"],
        ),
        Row(
            "tokens, time for 100 kB",
            f"{theirs:.1f} ms ({FROM_PYPI})" if real else "–",
            f"{mine:.1f} ms",
            f"{mine / theirs:.2f}" if real else "–",
            _TO_REACH["speed"],
        ),
    ]


def _speed(took: Mapping[str, float], kind: str, sizes: Mapping[str, float]) -> str:
    return f" ({1000 * took[kind] / sizes[kind]:.1f} ms per 100 kB)" if took else ""


def _long(these: Sequence[Sample]) -> str:
    text = "\n".join(one.text for one in these) + "\n"
    return text * max(1, _TIMED // len(text.encode()))


def _best(work: Callable[[], object], repeats: int) -> float:
    took = []
    for _ in range(repeats):
        begun = time.thread_time()
        work()
        took.append(time.thread_time() - begun)
    return min(took)


def _times_of_the_vocabulary(
    lab: Lab, texts: Mapping[str, str], repeats: int
) -> Mapping[str, float]:
    folder = lab.folder / "vocabulary"
    try:
        install_from_pypi(folder)
    except SystemExit as problem:
        raise LookupError(str(problem)) from problem
    done = subprocess.run(
        [sys.executable, "-c", _TIMER],
        cwd=folder,
        input=json.dumps([texts, repeats]),
        text=True,
        check=True,
        capture_output=True,
    )
    return json.loads(done.stdout)

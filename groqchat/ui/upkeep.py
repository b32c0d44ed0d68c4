"""Collects garbage between answers, so that none is stopped for it and little gathers."""

from __future__ import annotations

import gc

# How often the young objects were looked through since; a few megabytes may have gathered then.
WORTH_IT = 4


def tidy_up() -> None:
    """Collect what has gathered, if that is worth the hundredth of a second it takes.

    Left alone, the thresholds that keep the collector out of streams let hundreds of megabytes
    of dead objects gather over some thousand answers.
    """
    _, young, middle = gc.get_count()
    if middle or young >= WORTH_IT:
        gc.collect()

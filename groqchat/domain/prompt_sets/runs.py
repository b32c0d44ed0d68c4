"""The repeats of a set: every prompt is asked in each of several runs.

A repeat is a prompt with a key of its own, made from the prompt's and the number of the run, so
that its answers are stored, found and left out when they are there, as those of any prompt. The
first run has the keys of a set without repeats.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from groqchat.domain.prompt_sets.prompt_set import SetPrompt, SetRecord

MOST_RUNS = 100
_RUNS = "runs"


def repeated(prompts: Sequence[SetPrompt], runs: int) -> tuple[SetPrompt, ...]:
    """The prompts of all runs; a run begins when each prompt was asked in the one before.

    Args:
        prompts: The prompts of a file.
        runs: The number of runs.
    """
    return tuple(_in_run(prompt, run) for run in range(1, runs + 1) for prompt in prompts)


def _in_run(prompt: SetPrompt, run: int) -> SetPrompt:
    if run == 1:
        return prompt
    key = hashlib.sha256(f"{prompt.key} run {run}".encode()).hexdigest()[: len(prompt.key)]
    return replace(prompt, key=key, run=run)


def prompt_by_prompt(prompts: Iterable[SetPrompt]) -> list[SetPrompt]:
    """The prompts of all runs in the order of the file, each followed by its repeats."""
    listed = list(prompts)
    places: dict[str, int] = {}
    for prompt in listed:
        places.setdefault(prompt.id, len(places))
    return sorted(listed, key=lambda prompt: places[prompt.id])


def number_of_runs(prompts: Iterable[SetPrompt]) -> int:
    """The number of runs among some prompts; 1 where there are none."""
    return max((prompt.run for prompt in prompts), default=1)


def recorded_runs(runs: int) -> dict[str, int]:
    """The number of runs as a record keeps it beside its parameters; nothing for a single run."""
    return {_RUNS: runs} if runs > 1 else {}


def runs_of(record: SetRecord | None) -> int:
    """The number of runs that were asked for; 1 where nothing or nonsense is recorded."""
    runs = record.parameters.get(_RUNS) if record else None
    return runs if isinstance(runs, int) and 1 <= runs <= MOST_RUNS else 1

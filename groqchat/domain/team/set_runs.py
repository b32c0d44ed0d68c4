"""Sets of prompts that several machines ask together: what they tell each other.

A task is one prompt, in one of its runs, at one column of the set. It has no name but its number,
which every machine counts in the same way: column by column, and prompt by prompt in each.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from groqchat.domain.prompt_sets.columns import SetColumn
    from groqchat.domain.prompt_sets.prompt_set import SetRecord

BEAT_S = 15.0
"""A worker shows that it is there every so many seconds."""

FRESH_S = 2 * BEAT_S
"""A worker sends nothing unless it was heard within so many seconds: the others give its tasks to
somebody else once ``SILENT_BEATS`` of their own have passed without one of its own."""

SILENT_BEATS = 4


_RECORDED = "team"


def short_name(run: str) -> str:
    """The name of a run for people: the beginning of its id, and its number if it was begun again.

    >>> short_name("1c8e02f7aa-1"), short_name("1c8e02f7aa-2")
    ('1c8e02f7', '1c8e02f7-2')
    """
    content, _, number = run.partition("-")
    return content[:8] + ("" if number == "1" else f"-{number}")


def recorded_run(run: str, columns: Iterable[SetColumn]) -> dict[str, object]:
    """The run of all as the record of a set keeps it beside its parameters."""
    return {_RECORDED: {"run": run, "columns": [column.name for column in columns]}}


def run_recorded(record: SetRecord) -> str:
    """The id of the run of all in which the answers of a record were asked; empty without one."""
    kept = record.parameters.get(_RECORDED)
    run = kept.get("run") if isinstance(kept, dict) else None
    return run if isinstance(run, str) else ""


def goes_on(record: SetRecord, run: str) -> bool:
    """Whether the answers of a record may be those of a run of all.

    They may not where that was begun again since: then all is asked anew.
    """
    before = run_recorded(record)
    return before == run or before.rpartition("-")[0] != run.rpartition("-")[0]


def content_of(account: str, keys: Sequence[str], columns: Iterable[SetColumn]) -> str:
    """The name of what a set asks: the same on all machines that ask the same.

    Args:
        account: The origin of the endpoint.
        keys: The keys of the prompts in all their runs, in order.
        columns: The columns, in any order.
    """
    asked = [account, list(keys), sorted((column.model, column.mark) for column in columns)]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:40]


@dataclass(frozen=True, slots=True)
class SetPlan:
    """A set as machines ask it together; ``keys`` and ``columns`` count its tasks.

    ``name`` is that of the file, for people. Columns with equal models and parameters are one.
    """

    account: str
    name: str
    keys: tuple[str, ...]
    columns: tuple[SetColumn, ...]

    @property
    def content(self) -> str:
        """The name of what is asked."""
        return content_of(self.account, self.keys, self.columns)

    @property
    def order(self) -> list[str]:
        """The names of the columns in the order of the tasks."""
        ordered = sorted(self.columns, key=lambda column: (column.model, column.mark))
        return [column.name for column in ordered]

    @property
    def size(self) -> int:
        """The number of tasks."""
        return len(self.keys) * len(self.columns)

    def tasks_of(self, column: str) -> range:
        """The numbers of the tasks of a column."""
        start = self.order.index(column) * len(self.keys)
        return range(start, start + len(self.keys))


@dataclass(frozen=True, slots=True)
class SharedRun:
    """A run that several machines ask; ``length`` is the number of tasks of each column."""

    id: str
    length: int


@dataclass(frozen=True, slots=True)
class Settled:
    """The result of a task: the documents of its answers or its failure, in order.

    ``is_final`` says that nobody has to ask again; ``cost`` is what all its answers cost together.
    """

    number: int
    results: tuple[str, ...]
    is_final: bool
    cost: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims of a worker on the tasks of a column, as many as ``most``.

    ``cost`` is the most that one of them will probably cost, in US dollars at list price.
    """

    tasks: range
    most: int
    cost: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a worker tells the others, and asks for.

    ``silent`` are workers that have ended without a word, with the last beat that was heard.
    ``limit`` is the most that all tasks may cost together; None: there is no limit. ``is_counting``
    asks how many tasks are left.
    """

    settled: Sequence[Settled] = ()
    released: Sequence[int] = ()
    claims: Mapping[str, Claims] = field(default_factory=dict)
    silent: Mapping[str, int] = field(default_factory=dict)
    limit: Decimal | None = None
    is_counting: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """The tasks of a column: open to everybody, being asked, settled, and failed of the latter.

    ``elsewhere`` counts those that other workers ask.
    """

    open: int = 0
    elsewhere: int = 0
    settled: int = 0
    failed: int = 0

    @property
    def is_over(self) -> bool:
        """Whether no task is left that this worker may have to ask."""
        return not self.open and not self.elsewhere


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker of a set: a process of a person on a machine, and how often it was heard."""

    client: str
    person: str
    machine: str
    beat: int


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What a worker learns from the others.

    ``mine`` are the tasks that it has claimed and not settled; None: the others took it for ended,
    and gave its tasks to somebody else. ``standings`` are those of all columns, in the order of the
    tasks; empty where they were not counted. ``spent`` and ``held`` are what all tasks have cost,
    and what those under way may cost; both are 0 without a limit.
    """

    mine: frozenset[int] | None
    workers: tuple[Worker, ...] = ()
    standings: tuple[Standing, ...] = ()
    spent: Decimal = Decimal(0)
    held: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class SetRunUse:
    """A run of a set for a list: who began it and when, its tasks, and who has asked how many.

    ``begun`` and ``used`` are Unix times. ``workers`` are those that were there at the last look.
    """

    run: str
    name: str
    person: str
    begun: float
    used: float
    tasks: int
    settled: int
    failed: int
    cost: Decimal
    workers: Sequence[Worker] = ()


class Silence:
    """Counts for how many of one's own beats each other worker has not been heard.

    Own beats are counted, and no seconds: clocks of machines differ, and a machine may have slept,
    or the server may have been away.
    """

    def __init__(self) -> None:
        self._heard: dict[str, tuple[int, int]] = {}

    def look(self, workers: Iterable[Worker]) -> None:
        """Note at an own beat how often the others were heard."""
        heard = {}
        for worker in workers:
            beat, silent = self._heard.get(worker.client, (-1, 0))
            heard[worker.client] = worker.beat, silent + 1 if worker.beat == beat else 0
        self._heard = heard

    @property
    def ended(self) -> dict[str, int]:
        """The workers that are taken for ended, with the last beat that was heard of each."""
        return {
            client: beat for client, (beat, silent) in self._heard.items() if silent >= SILENT_BEATS
        }

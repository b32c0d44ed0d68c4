"""The jobs of the database's thread, in their order; writes that wait share a transaction.

A commit costs more than most changes, so that the changes of answers which end at the same time are
committed together. Whoever waits for a change is told after its commit.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from groqchat.storage.threads import complete_future, complete_futures

if TYPE_CHECKING:
    import asyncio
    import sqlite3
    from collections.abc import Callable, Sequence
    from queue import SimpleQueue

    from groqchat.storage.database.database_file import DatabaseFile

T = TypeVar("T")

# A larger transaction would keep those who wait for its first change.
_MOST_TOGETHER = 64


@dataclass(frozen=True, slots=True)
class Job(Generic[T]):
    """Any work on the file; ``future`` gets its result."""

    future: asyncio.Future[T]
    work: Callable[[DatabaseFile], T]

    def run(self, file: DatabaseFile) -> None:
        """Do the work."""
        complete_future(self.future, lambda: self.work(file))


@dataclass(frozen=True, slots=True)
class Write(Generic[T]):
    """A change, which may share a transaction; ``future`` gets its result after the commit.

    ``is_durable`` says whether it must survive a power cut, ``is_flushed`` whether the disk begins
    to write it after the commit, which nobody waits for.
    """

    future: asyncio.Future[T]
    work: Callable[[sqlite3.Connection], T]
    is_durable: bool = False
    is_flushed: bool = False

    def run(self, file: DatabaseFile) -> None:
        """Make the change in a transaction of its own."""
        complete_future(self.future, lambda: file.write(self.work, durable=self.is_durable))


AnyJob: TypeAlias = Job[Any] | Write[Any]


def run_jobs(jobs: SimpleQueue[AnyJob | None], file: DatabaseFile) -> None:
    """Run jobs as they come, until one is None; no other thread takes any."""
    ahead: list[AnyJob | None] = []
    while (job := ahead.pop() if ahead else jobs.get()) is not None:
        if isinstance(job, Job):
            job.run(file)
            continue
        writes = [job]
        while not ahead and len(writes) < _MOST_TOGETHER and not jobs.empty():
            following = jobs.get()
            if isinstance(following, Write):
                writes.append(following)
            else:
                ahead.append(following)
        _commit(writes, file)
        if any(write.is_flushed for write in writes):
            file.flush()


def _commit(writes: Sequence[Write[Any]], file: DatabaseFile) -> None:
    """Make changes in one transaction, or each in its own where one of them fails."""
    if len(writes) > 1:
        is_durable = any(write.is_durable for write in writes)
        with suppress(Exception):  # nothing was changed; whose fault it is shows below
            results = file.write(lambda db: [each.work(db) for each in writes], durable=is_durable)
            complete_futures([each.future for each in writes], results)
            return
    for write in writes:
        write.run(file)

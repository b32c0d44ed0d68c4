"""A database on a thread of its own, so that the event loop never waits for the disk."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeVar

from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import StorageError
from groqchat.storage.database.jobs import AnyJob, Job, Write, run_jobs
from groqchat.storage.threads import call_on_loop

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from pathlib import Path

    from groqchat.storage.database.database_file import DatabaseFile

T = TypeVar("T")

# How long an exit may be held up by the last writes, in seconds.
PATIENCE_S = 2.0


class Database:
    """A database file with its own thread and connection, opened at its first use.

    Submitted work is done in order, even if the caller is cancelled. ``upgrading`` is called on the
    thread while an upgrade adds up the ledger, with the entries that are done and those of all.

    Args:
        path: The file; None keeps everything in memory, for this run only.
        notify: Called on the event loop with a sentence for the user about repairs.
        as_copy: Whether to copy the file into memory once and never write it.
    """

    def __init__(
        self, path: Path | None, notify: Callable[[str], None], *, as_copy: bool = False
    ) -> None:
        self._path = path
        self._as_copy = as_copy
        self._notify = notify
        self.upgrading: Callable[[int, int], None] = lambda _done, _all: None
        self._jobs: SimpleQueue[AnyJob | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_closed = False

    @property
    def folder(self) -> Path | None:
        """The folder of the file; None for a database that no other process uses."""
        return None if self._path is None or self._as_copy else self._path.parent

    async def open(self) -> None:
        """Open the file now instead of at its first use.

        Raises:
            StorageError: The file cannot be opened or written (``home_unwritable``); the next call
                tries again.
        """
        try:
            await self.read(lambda _: None)
        except StorageError as error:
            if error.cause.name == "disk":
                raise failure("home_unwritable", error.facts) from error
            raise

    async def move(self, path: Path | None, *, as_copy: bool = False) -> None:
        """Use another file from now on, for all who hold this object.

        Args:
            path: The file; None for a database in memory.
            as_copy: Whether to use a copy of the file in memory.
        """
        await self.close()
        self._path, self._as_copy = path, as_copy
        self._jobs, self._thread, self._is_closed = SimpleQueue(), None, False

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run a query on the thread.

        Args:
            work: The function that queries the connection; called again after a repair.

        Raises:
            StorageError: The database cannot be used.
        """
        return await self._run(lambda file: file.read(work))

    async def write(
        self,
        work: Callable[[sqlite3.Connection], T],
        *,
        durable: bool = False,
        is_bulk: bool = False,
    ) -> T:
        """Run changes on the thread, in one transaction, which waiting changes of others join.

        Args:
            work: The function that changes the database; called again after a repair, and after
                another change of the same transaction has failed.
            durable: Whether the changes must survive a power cut, not only the end of the process.
            is_bulk: Whether the changes are so large that the WAL is written back after them.

        Raises:
            StorageError: The database cannot be used; nothing was changed.
        """
        if is_bulk:
            return await self._run(lambda file: file.write(work, durable=durable, is_bulk=True))
        return await self._submit(lambda future: Write(future, work, is_durable=durable))

    async def write_and_flush(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run changes on the thread, in one transaction; they are on the disk soon after.

        Once this returns, the end of the process loses nothing any more; a power cut does so until
        the disk has written, which nobody waits for.

        Args:
            work: The function that changes the database; called again after a repair.

        Raises:
            StorageError: The database cannot be used; nothing was changed.
        """
        return await self._submit(lambda future: Write(future, work, is_flushed=True))

    async def empty_wal(self) -> None:
        """Empty the WAL, which may hold deleted texts, unless other processes use the file."""
        await self._run(lambda file: file.empty_wal())

    async def close(self) -> None:
        """Finish submitted work and close the file; waits for two seconds at most."""
        if not self._is_closed and self._thread is not None:
            closing = self._run(lambda file: file.close())
            self._jobs.put(None)
            self._is_closed = True
            with suppress(TimeoutError):
                await asyncio.wait_for(closing, PATIENCE_S)
        self._is_closed = True

    def _run(self, work: Callable[[DatabaseFile], T]) -> asyncio.Future[T]:
        return self._submit(lambda future: Job(future, work))

    def _submit(self, job_for: Callable[[asyncio.Future[T]], AnyJob]) -> asyncio.Future[T]:
        """Put the job that completes a future behind those that wait."""
        if self._is_closed:
            raise failure("database", detail="it has been closed")
        self._loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = self._loop.create_future()
        self._jobs.put(job_for(future))
        if self._thread is None:
            arguments = (self._jobs, self._path, self._as_copy)
            self._thread = threading.Thread(
                target=self._serve, args=arguments, name="database", daemon=True
            )
            self._thread.start()
        return future

    def _serve(self, jobs: SimpleQueue[AnyJob | None], path: Path | None, as_copy: bool) -> None:
        """The thread's main function, which imports SQLite too; a job of None ends it."""
        from groqchat.storage.database.database_file import DatabaseFile

        file = DatabaseFile(path, self._tell, as_copy=as_copy, upgrading=self.upgrading)
        run_jobs(jobs, file)

    def _tell(self, notice: str) -> None:
        if self._loop is not None:
            call_on_loop(self._loop, self._notify, notice)

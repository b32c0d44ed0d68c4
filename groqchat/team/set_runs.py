"""Shared sets of prompts in PostgreSQL: claims on tasks, beats of workers, and results."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from groqchat.domain.errors.table import failure
from groqchat.domain.team.set_results import spent_result
from groqchat.domain.team.set_runs import Exchanged, SetRunUse, Standing, Worker
from groqchat.team.client import PostgresClient

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from groqchat.domain.team.set_runs import Claims, Exchange, SetPlan, Settled, SharedRun
    from groqchat.team.connecting import BoundedConnection

_JOIN = "SELECT groqchat.join_set(%s, %s, %s, %s, %s)"
_THERE = "SELECT FROM groqchat.set_runs WHERE run = %s"
_ENROL = """
    INSERT INTO groqchat.set_workers (run, client, machine, seen) VALUES (%s, %s, %s, %s)
    ON CONFLICT DO NOTHING
"""
_REOPEN = """
    UPDATE groqchat.set_tasks SET outcome = NULL, worker = NULL
    WHERE run = %s AND outcome = 'failed'
"""
_BEAT = """
    UPDATE groqchat.set_workers SET beat = beat + 1, seen = greatest(seen, %s)
    WHERE run = %s AND client = %s RETURNING client
"""
_ENDED = """
    DELETE FROM groqchat.set_workers WHERE run = %s AND client = %s AND beat = %s RETURNING client
"""
_FREE = """
    UPDATE groqchat.set_tasks SET worker = NULL, hold = 0
    WHERE run = %s AND worker = %s AND outcome IS NULL
"""
_RELEASE = f"{_FREE} AND number = ANY(%s)"
_LOCKED = """
    SELECT number, outcome, results FROM groqchat.set_tasks
    WHERE run = %s AND number = ANY(%s) ORDER BY number FOR UPDATE
"""
_SETTLE = """
    UPDATE groqchat.set_tasks SET outcome = %s, worker = NULL, hold = 0, cost = cost + %s,
        results = results || %s::text[], person = coalesce(person, session_user),
        machine = coalesce(machine, %s)
    WHERE run = %s AND number = %s
"""
# As a part of the condition, the choice might be made anew for each row, and claim more.
_CLAIM = """
    WITH chosen AS MATERIALIZED (
        SELECT number FROM groqchat.set_tasks
        WHERE run = %s AND outcome IS NULL AND worker IS NULL AND number >= %s AND number < %s
        ORDER BY number LIMIT %s FOR UPDATE SKIP LOCKED
    )
    UPDATE groqchat.set_tasks AS task SET worker = %s, hold = %s
    FROM chosen WHERE run = %s AND task.number = chosen.number RETURNING task.number
"""
_MINE = "SELECT number FROM groqchat.set_tasks WHERE run = %s AND worker = %s AND outcome IS NULL"
_WORKERS = """
    SELECT client, person, machine, beat FROM groqchat.set_workers
    WHERE run = %s ORDER BY person, machine, client
"""
_STANDINGS = """
    SELECT number / %s AS place, count(*) FILTER (WHERE outcome IS NULL AND worker IS NULL),
        count(*) FILTER (WHERE outcome IS NULL AND worker <> %s),
        count(outcome), count(*) FILTER (WHERE outcome = 'failed')
    FROM groqchat.set_tasks WHERE run = %s GROUP BY place ORDER BY place
"""
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('groqchat budget'), hashtext(%s))"
_MONEY = """
    SELECT coalesce(sum(cost), 0), coalesce(sum(hold) FILTER (WHERE outcome IS NULL), 0)
    FROM groqchat.set_tasks WHERE run = %s
"""
_COUNTS = """
    SELECT number, cardinality(results) FROM groqchat.set_tasks
    WHERE run = %s AND results <> '{}'
"""
_RESULTS = """
    SELECT number, results FROM groqchat.set_tasks WHERE run = %s AND number = ANY(%s)
"""
_LEAVE = "DELETE FROM groqchat.set_workers WHERE run = %s AND client = %s"
_RUNS = """
    SELECT run, name, person, begun, used, tasks,
        (SELECT count(outcome) FROM groqchat.set_tasks AS each WHERE each.run = runs.run),
        (SELECT count(*) FROM groqchat.set_tasks AS each
            WHERE each.run = runs.run AND outcome = 'failed'),
        (SELECT coalesce(sum(cost), 0) FROM groqchat.set_tasks AS each WHERE each.run = runs.run)
    FROM groqchat.set_runs AS runs ORDER BY begun DESC
"""
_DELETE = "DELETE FROM groqchat.set_runs WHERE run = %s RETURNING run"


class PostgresSetRuns(PostgresClient):
    """The :class:`~groqchat.services.team.set_ports.SetRunStore` in PostgreSQL."""

    async def join(self, plan: SetPlan, now: float, *, anew: bool) -> str:
        """Take part in the run of a set, which begins if there is none; returns its id."""
        values = (plan.content, plan.name, plan.size, anew, now)
        found = await self._calls.run(lambda db: db.execute(_JOIN, values).fetchone(), now)
        if found is None or found[0] is None:
            raise failure("set_under_way")
        return str(found[0])

    async def enrol(self, run: SharedRun, now: float) -> None:
        """Become a worker of a run."""

        def enrol(db: BoundedConnection) -> None:
            if db.execute(_THERE, (run.id,)).fetchone() is None:
                raise failure("set_deleted")
            db.execute(_ENROL, (run.id, self._client, self._machine, now))

        await self._calls.run(enrol, now)

    async def reopen(self, run: SharedRun, now: float) -> None:
        """Open the tasks again that have failed, but may succeed."""
        await self._calls.run(lambda db: db.execute(_REOPEN, (run.id,)), now)

    async def exchange(self, run: SharedRun, told: Exchange, now: float) -> Exchanged:
        """Tell the others what a worker has done, and claim what it asks next."""
        return await self._calls.run(lambda db: self._exchange(db, run, told, now), now)

    def _exchange(
        self, db: BoundedConnection, run: SharedRun, told: Exchange, now: float
    ) -> Exchanged:
        # Its own row first: whoever takes this worker for ended waits for it, or it is not there.
        if not db.execute(_BEAT, (now, run.id, self._client)).fetchone():
            return Exchanged(None)
        self._settle(db, run, told.settled)
        if told.released:
            db.execute(_RELEASE, (run.id, self._client, list(told.released)))
        for client, beat in sorted(told.silent.items()):
            if db.execute(_ENDED, (run.id, client, beat)).fetchone():
                db.execute(_FREE, (run.id, client))
        spent, held = self._claim(db, run, told.claims, told.limit)
        mine = db.execute(_MINE, (run.id, self._client)).fetchall()
        workers = tuple(Worker(*row) for row in db.execute(_WORKERS, (run.id,)))
        standings: tuple[Standing, ...] = ()
        if told.is_counting:
            counted = db.execute(_STANDINGS, (run.length, self._client, run.id))
            standings = tuple(Standing(*row) for _, *row in counted)
        return Exchanged(frozenset(row[0] for row in mine), workers, standings, spent, held)

    def _settle(self, db: BoundedConnection, run: SharedRun, settled: Sequence[Settled]) -> None:
        """Add results, each once; of a task that is settled already, only what it cost."""
        if not settled:
            return
        numbers = [each.number for each in settled]
        there = {row[0]: row[1:] for row in db.execute(_LOCKED, (run.id, numbers))}
        for each in settled:
            outcome, results = there.get(each.number, (None, []))
            is_done = outcome == "done"
            new = [one for one in each.results if one not in results]
            if is_done:
                new = [one for one in map(spent_result, new) if one not in results]
            if not new and outcome is not None:
                continue
            outcome = "done" if is_done or each.is_final else "failed"
            cost = each.cost if new else Decimal(0)
            db.execute(_SETTLE, (outcome, cost, new, self._machine, run.id, each.number))

    def _claim(
        self,
        db: BoundedConnection,
        run: SharedRun,
        claims: Mapping[str, Claims],
        limit: Decimal | None,
    ) -> tuple[Decimal, Decimal]:
        """Claim tasks as far as a budget reaches; returns what is spent and held of that."""
        spent = held = Decimal(0)
        if limit is not None:
            db.execute(_ONE_AT_A_TIME, (run.id,))
            row = db.execute(_MONEY, (run.id,)).fetchone()
            spent, held = row or (spent, held)
        for each in claims.values():
            most = each.most
            if limit is not None and each.cost:
                most = min(most, int((limit - spent - held) // each.cost))
            if most > 0:
                place = (run.id, each.tasks.start, each.tasks.stop, most)
                taken = db.execute(_CLAIM, (*place, self._client, each.cost, run.id))
                if limit is not None:
                    held += len(taken.fetchall()) * each.cost
        return spent, held

    async def counts(self, run: SharedRun, now: float) -> Mapping[int, int]:
        """The number of results of each task that has some."""
        return await self._calls.run(
            lambda db: dict(db.execute(_COUNTS, (run.id,)).fetchall()), now
        )

    async def results(
        self, run: SharedRun, numbers: Sequence[int], now: float
    ) -> Mapping[int, Sequence[str]]:
        """The results of some tasks."""
        values = (run.id, list(numbers))
        return await self._calls.run(lambda db: dict(db.execute(_RESULTS, values).fetchall()), now)

    async def leave(self, run: SharedRun, now: float) -> None:
        """Stop being a worker, and give back what is not settled."""

        def leave(db: BoundedConnection) -> None:
            db.execute(_LEAVE, (run.id, self._client))
            db.execute(_FREE, (run.id, self._client))

        await self._calls.run(leave, now)

    async def runs(self, now: float) -> Sequence[SetRunUse]:
        """The runs in which the asking person takes part, the newest first."""
        return await self._calls.run(_runs, now)

    async def delete(self, run: str, now: float) -> bool:
        """Delete a run with its answers; returns whether it was there."""
        return (
            await self._calls.run(lambda db: db.execute(_DELETE, (run,)).fetchone(), now)
            is not None
        )


def _runs(db: BoundedConnection) -> list[SetRunUse]:
    found = [SetRunUse(*row) for row in db.execute(_RUNS).fetchall()]
    return [
        replace(each, workers=[Worker(*row) for row in db.execute(_WORKERS, (each.run,))])
        for each in found
    ]

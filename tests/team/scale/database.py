"""What the team's database does meanwhile, in real time, beside bare transactions of the same size.

A bare transaction does what the reservation of a request does: it locks a row, reads beside it,
writes it, adds a row and notes its time; on rows that nobody else uses.
"""

from __future__ import annotations

import itertools
import threading
import time
from contextlib import contextmanager, suppress

import psycopg

from groqchat.team.calls import TeamCalls

_EVERY = 8
_SAMPLED_S = 0.05
_TABLES = (
    "CREATE TABLE IF NOT EXISTS bare_place (id text PRIMARY KEY, buckets text)",
    "CREATE TABLE IF NOT EXISTS bare_lease (id text PRIMARY KEY, taken double precision, a text)",
    "INSERT INTO bare_place VALUES ('p', '') ON CONFLICT DO NOTHING",
)
# As long as those of four limits are.
_TEXT = "x" * 220


class Watched:
    """Times transactions, and samples what waits.

    ``ours`` and ``bare`` are seconds in the order of ending; ``waiting`` the numbers of connections
    that waited for a lock when it was looked, ``connections`` the most that were open.
    """

    def __init__(self, patch, cluster):
        self.ours, self.bare, self.waiting, self.connections = [], [], [], 0
        self._numbers = itertools.count(1)
        self.cluster = cluster
        self._mutex, self._ended = threading.Lock(), threading.Event()
        self._connect()
        for statement in _TABLES:
            self._bare.execute(statement)
        tried = TeamCalls._tried

        def timed(calls, work, now, *, is_checked):
            is_new = calls._connection is None
            begun = time.perf_counter()
            try:
                return tried(calls, work, now, is_checked=is_checked)
            finally:
                if not is_new:
                    self.ours.append(time.perf_counter() - begun)
                if next(self._numbers) % _EVERY == 0:
                    self._bare_transaction()

        patch.setattr(TeamCalls, "_tried", timed)

    def _connect(self):
        self._bare, self._eye = self.cluster.connect(), self.cluster.connect()

    def __enter__(self):
        self._wal = self._wal_now()
        self._sampler = threading.Thread(target=self._sample, daemon=True)
        self._sampler.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._sampler.join()
        self._connect()
        self.wal_bytes = self._wal_now() - self._wal
        self._bare.close()
        self._eye.close()

    def _wal_now(self):
        row = self._bare.execute("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn").fetchone()
        return int(row[0])

    def _bare_transaction(self):
        number = next(self._numbers)
        with self._mutex, self._unless_away():
            db = self._bare
            begun = time.perf_counter()
            with db.pipeline(), db.transaction():
                locked = db.execute("SELECT buckets FROM bare_place WHERE id = 'p' FOR UPDATE")
                beside = db.execute("SELECT count(*) FROM bare_lease WHERE taken > %s", (1e12,))
                locked.fetchone(), beside.fetchone()
                db.execute("UPDATE bare_place SET buckets = %s WHERE id = 'p'", (_TEXT,))
                row = f"lease{number}", float(number), _TEXT
                db.execute("INSERT INTO bare_lease VALUES (%s, %s, %s)", row)
            db.execute("DELETE FROM bare_lease WHERE id = %s", row[:1])
            self.bare.append(time.perf_counter() - begun)

    def _sample(self):
        query = (
            "SELECT count(*), count(*) FILTER (WHERE wait_event_type = 'Lock') "
            "FROM pg_stat_activity WHERE application_name = 'groqchat'"
        )
        while not self._ended.wait(_SAMPLED_S):
            with self._unless_away():
                connections, waiting = self._eye.execute(query).fetchone()
                self.connections = max(self.connections, connections)
                self.waiting.append(waiting)

    @contextmanager
    def _unless_away(self):
        """Nothing is measured while the server is away."""
        try:
            yield
        except psycopg.Error:
            with suppress(psycopg.Error):
                self._connect()

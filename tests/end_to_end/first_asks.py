"""Many processes that are the first at once: each is answered, and everything is kept."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from subprocess import DEVNULL

from groqchat.domain.models.catalog import Plan
from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog
from tests.end_to_end.forked import start_groqchat

KEY = "gsk_test_of_nobody_at_all"


def assert_all_are_kept(count, home):
    """Start so many ``groqchat ask`` on a home that is not there yet."""
    with BackgroundSimulator(load_catalog(), Options(Plan.DEVELOPER, rate=None)) as simulator:
        ended = _asked(count, simulator)
    assert [(err, code) for _, err, code in ended if code] == []
    assert all(out.strip() for out, _, _ in ended)
    with closing(sqlite3.connect(home / "groqchat.db")) as database:
        for table in ("sessions", "ledger"):
            assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (count,)
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def _asked(count, simulator):
    """What each said, on stdout and stderr, and its exit code."""
    env = {**os.environ, "GROQ_API_KEY": KEY, "GROQ_BASE_URL": simulator.url}
    asks = [
        start_groqchat("ask", f"Question {number}", env=env, stdin=DEVNULL)
        for number in range(count)
    ]
    return [(*ask.communicate(), ask.returncode) for ask in asks]

"""What was asked while the clock was ahead counts in all, but not since a day of today's."""

import sqlite3
from contextlib import closing

import pytest

from groqchat.storage.database.usage import rollups

MODEL = "openai/gpt-oss-120b"


@pytest.mark.usefixtures("simulator")
def test_usage_since_a_day_ends_with_today(groqchat, groqchat_home):
    groqchat("ask", "Hi", "-m", MODEL)
    with closing(sqlite3.connect(groqchat_home / "groqchat.db")) as db, db:
        db.execute("UPDATE ledger SET time = time + 90 * 86400")
        rollups.forget(db)
    groqchat("ask", "Hi", "-m", MODEL)
    for group in ("model", "day", "session", "profile"):
        since = groqchat("usage", "--since", "2020-01-01", "--by", group, "--json").json
        assert since["requests"] == 1
        assert [row["requests"] for row in since["rows"]] == [1]
    assert groqchat("usage", "--json").json["requests"] == 2

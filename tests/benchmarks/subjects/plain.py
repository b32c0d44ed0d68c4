"""The floor of an import: SQLite and its full-text index, without a look at what is stored."""

import json
import os
import sqlite3
import sys
from pathlib import Path

_TABLES = """
PRAGMA journal_mode = WAL;
CREATE TABLE sessions (id TEXT PRIMARY KEY, title TEXT);
CREATE TABLE messages (
    number INTEGER PRIMARY KEY, id TEXT, session_id TEXT, role TEXT, created REAL, content TEXT
);
CREATE VIRTUAL TABLE words USING fts5(content, content='messages', content_rowid='number');
BEGIN;
"""
_SESSION = "INSERT INTO sessions VALUES (?, ?)"
_MESSAGE = "INSERT INTO messages (id, session_id, role, created, content) VALUES (?, ?, ?, ?, ?)"
_WORDS = "INSERT INTO words (rowid, content) SELECT number, content FROM messages"


def main(file):
    home = Path(os.environ["GROQCHAT_HOME"])
    home.mkdir(parents=True)
    db = sqlite3.connect(home / "plain.db", isolation_level=None)
    db.executescript(_TABLES)
    for line in Path(file).read_text(encoding="utf-8").splitlines():
        session = json.loads(line)
        name = session["id"]
        db.execute(_SESSION, (name, session["title"]))
        rows = (
            (f"{name}-{number}", name, said["role"], said["created"], said["content"])
            for number, said in enumerate(session["messages"])
        )
        db.executemany(_MESSAGE, rows)
    db.execute(_WORDS)
    db.execute("COMMIT")
    db.close()


if __name__ == "__main__":
    main(sys.argv[1])

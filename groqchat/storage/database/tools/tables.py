"""What is stored of tools: their calls and results in messages, and what may run unasked."""

from __future__ import annotations

# Calls of tools that an answer asks for, or the one that a result answers; and the steps that the
# server took with its own tools. Both are JSON lists.
TOOLS = (
    "ALTER TABLE messages ADD COLUMN calls TEXT",
    "ALTER TABLE messages ADD COLUMN executed TEXT",
    """CREATE TABLE tool_approvals (
        fingerprint TEXT PRIMARY KEY NOT NULL,
        source TEXT NOT NULL,
        name TEXT NOT NULL,
        time REAL NOT NULL
    )""",
)

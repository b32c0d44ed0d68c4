"""Tables of the ledger, steps of the migrations: its rollups, and what is not booked yet."""

from __future__ import annotations

_SUMS = """
    requests INTEGER NOT NULL,
    prompt_tokens INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL,
    cost TEXT NOT NULL,
    saved TEXT NOT NULL,
    unpriced INTEGER NOT NULL,
    refused INTEGER NOT NULL,
"""

# Sums of the ledger by UTC day, by quarter of an hour and by session ('' is no session), and the
# number of the last entry that is in them.
ROLLUPS = (
    f"""CREATE TABLE usage_by_day (
        day INTEGER NOT NULL,
        profile TEXT NOT NULL,
        model TEXT NOT NULL,
        provider TEXT NOT NULL,
        {_SUMS}
        PRIMARY KEY (day, profile, model, provider)
    ) WITHOUT ROWID""",
    f"""CREATE TABLE usage_by_slot (
        slot INTEGER NOT NULL,
        has_session INTEGER NOT NULL,
        {_SUMS}
        PRIMARY KEY (slot, has_session)
    ) WITHOUT ROWID""",
    f"""CREATE TABLE usage_by_session (
        session_id TEXT NOT NULL,
        first REAL NOT NULL,
        last REAL NOT NULL,
        {_SUMS}
        PRIMARY KEY (session_id)
    ) WITHOUT ROWID""",
    "CREATE INDEX usage_by_session_last ON usage_by_session (last)",
    "CREATE TABLE usage_summed (number INTEGER NOT NULL)",
    "INSERT INTO usage_summed (number) VALUES (0)",
    "DROP INDEX ledger_by_session",
    "CREATE INDEX ledger_by_session ON ledger (session_id, time)",
)

# Seconds of sound and spoken characters; the next opening adds them up anew.
SUMS_OF_SOUND = (
    "ALTER TABLE ledger ADD COLUMN characters INTEGER NOT NULL DEFAULT 0",
    *(
        statement
        for table in ("usage_by_day", "usage_by_slot", "usage_by_session")
        for statement in (
            f"ALTER TABLE {table} ADD COLUMN audio_ms INTEGER NOT NULL DEFAULT 0",
            f"ALTER TABLE {table} ADD COLUMN characters INTEGER NOT NULL DEFAULT 0",
            f"DELETE FROM {table}",
        )
    ),
    "UPDATE usage_summed SET number = 0",
)

# What an answer of a session that is not saved is booked as, if its process dies over it: a row of
# the ledger, as JSON, with the tokens so far. Text, session and message are not in it.
UNLINKED_FLIGHTS: tuple[str, ...] = (
    """CREATE TABLE unlinked_flights (
        id TEXT PRIMARY KEY NOT NULL,
        touched REAL NOT NULL,
        entry TEXT NOT NULL
    )""",
)

# A name of each entry that no other machine gives, and the last entry that a team has.
TEAMS: tuple[str, ...] = (
    "ALTER TABLE ledger ADD COLUMN uid TEXT NOT NULL DEFAULT ''",
    """CREATE TABLE team_handed (
        team TEXT PRIMARY KEY NOT NULL,
        number INTEGER NOT NULL
    )""",
)

# What requests under way take of limits, by their processes: a row of the ledger, as JSON, as which
# they are booked if those die, and their longest prompts and answers.
CLAIMS: tuple[str, ...] = (
    "ALTER TABLE holds ADD COLUMN process TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE holds ADD COLUMN entry TEXT",
    "ALTER TABLE holds ADD COLUMN prompt_tokens INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE holds ADD COLUMN max_tokens INTEGER NOT NULL DEFAULT 0",
)

# What was read of a team's limits last, for processes that begin while its server is away.
TEAM_CONTACTS: tuple[str, ...] = (
    """CREATE TABLE team_contacts (
        team TEXT NOT NULL,
        account TEXT NOT NULL,
        model TEXT NOT NULL,
        buckets TEXT,
        active INTEGER NOT NULL,
        at REAL NOT NULL,
        away_since REAL,
        PRIMARY KEY (team, account, model)
    )""",
)

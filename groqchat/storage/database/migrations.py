"""The shape of the database, as a numbered list of steps that is only ever added to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.table import failure
from groqchat.storage.database.batch_tables import (
    BATCH_SUMS,
    BATCHES,
    BATCHES_OF_SETS,
    PROMPT_SETS,
    SET_MODELS,
    SET_OPTIONS,
    SET_PARAMETERS,
    SET_VERDICTS,
)
from groqchat.storage.database.finding.tables import LABELS
from groqchat.storage.database.message_tables import CHIPS, DELETIONS, IMAGES
from groqchat.storage.database.tools.tables import TOOLS
from groqchat.storage.database.transactions import transaction
from groqchat.storage.database.usage.tables import (
    CLAIMS,
    ROLLUPS,
    SUMS_OF_SOUND,
    TEAM_CONTACTS,
    TEAMS,
    UNLINKED_FLIGHTS,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

Step = tuple[str, ...]

# The big columns of a message come last: what lists and branches need is read without them.
_FIRST: Step = (
    """CREATE TABLE sessions (
        id TEXT PRIMARY KEY NOT NULL,
        title TEXT NOT NULL,
        created REAL NOT NULL,
        updated REAL NOT NULL,
        model TEXT,
        leaf_id TEXT,
        turns INTEGER NOT NULL DEFAULT 0,
        cost TEXT,
        system TEXT NOT NULL DEFAULT ''
    )""",
    "CREATE INDEX sessions_by_use ON sessions (updated)",
    """CREATE TABLE messages (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        parent_id TEXT REFERENCES messages (id),
        role TEXT NOT NULL,
        created REAL NOT NULL,
        touched REAL NOT NULL,
        state TEXT NOT NULL,
        length INTEGER NOT NULL,
        model TEXT,
        finish_reason TEXT,
        request_id TEXT,
        service_tier TEXT,
        usage TEXT,
        timing TEXT,
        cost TEXT,
        saved TEXT,
        content TEXT NOT NULL,
        reasoning TEXT NOT NULL DEFAULT ''
    )""",
    "CREATE INDEX messages_by_parent ON messages (parent_id, session_id)",
    # Holds all that a tree needs, so that the texts need not be passed over.
    """CREATE INDEX messages_as_tree
        ON messages (session_id, number, id, parent_id, role, length, state, model)""",
    "CREATE INDEX messages_streaming ON messages (touched) WHERE state = 'streaming'",
    """CREATE TABLE ledger (
        number INTEGER PRIMARY KEY,
        time REAL NOT NULL,
        profile TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        model TEXT NOT NULL,
        outcome TEXT NOT NULL,
        status INTEGER,
        service_tier TEXT,
        prompt_tokens INTEGER NOT NULL,
        cached_tokens INTEGER NOT NULL,
        completion_tokens INTEGER NOT NULL,
        reasoning_tokens INTEGER NOT NULL,
        estimated INTEGER NOT NULL,
        cost TEXT,
        saved TEXT,
        price TEXT,
        session_id TEXT,
        message_id TEXT,
        request_id TEXT,
        gauges TEXT,
        audio_s REAL NOT NULL
    )""",
    "CREATE INDEX ledger_by_account ON ledger (fingerprint, model, time)",
    "CREATE INDEX ledger_by_time ON ledger (time)",
    "CREATE INDEX ledger_by_session ON ledger (session_id)",
    """CREATE TABLE drafts (
        session_id TEXT PRIMARY KEY NOT NULL,
        text TEXT NOT NULL,
        updated REAL NOT NULL
    )""",
    """CREATE TABLE profiles (
        name TEXT PRIMARY KEY NOT NULL,
        created REAL NOT NULL,
        last_checked REAL,
        status TEXT NOT NULL DEFAULT '',
        organisation TEXT NOT NULL DEFAULT ''
    )""",
    """CREATE TABLE model_lists (
        fingerprint TEXT PRIMARY KEY NOT NULL,
        fetched REAL NOT NULL,
        models TEXT NOT NULL
    )""",
)

# A key's prefix and its last four characters: what any list of keys shows.
_MASKED_KEYS: Step = ("ALTER TABLE profiles ADD COLUMN masked TEXT NOT NULL DEFAULT ''",)

_VOTES: Step = (
    """CREATE TABLE votes (
        session_id TEXT NOT NULL,
        turn INTEGER NOT NULL,
        time REAL NOT NULL,
        models TEXT NOT NULL,
        verdict TEXT NOT NULL,
        winner TEXT,
        is_blind INTEGER NOT NULL,
        PRIMARY KEY (session_id, turn)
    )""",
)

_JUDGING: Step = (
    "ALTER TABLE votes ADD COLUMN tag TEXT NOT NULL DEFAULT ''",
    """CREATE TABLE notes (
        session_id TEXT NOT NULL,
        turn INTEGER NOT NULL,
        time REAL NOT NULL,
        tag TEXT NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (session_id, turn)
    )""",
    """CREATE TABLE judgements (
        session_id TEXT NOT NULL,
        turn INTEGER NOT NULL,
        time REAL NOT NULL,
        judge TEXT NOT NULL,
        verdict TEXT NOT NULL,
        winner TEXT,
        agreed INTEGER NOT NULL,
        opinions TEXT NOT NULL,
        PRIMARY KEY (session_id, turn, judge)
    )""",
)

_STAND_INS: Step = (
    "ALTER TABLE messages ADD COLUMN provider TEXT",
    "ALTER TABLE messages ADD COLUMN in_place_of TEXT",
    "ALTER TABLE ledger ADD COLUMN provider TEXT",
)

# Accounts were named by a plain hash of their key, which is not kept any longer. What was learnt of
# their limits is learnt anew with the next answer; costs and usage go by profile and stay.
_OWN_FINGERPRINTS: Step = (
    "DELETE FROM model_lists",
    "UPDATE ledger SET fingerprint = ''",
)

_COMPARISONS: Step = (
    """CREATE TABLE comparisons (
        session_id TEXT PRIMARY KEY NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        turn INTEGER NOT NULL,
        seats TEXT NOT NULL,
        is_open INTEGER NOT NULL
    )""",
)

# What an answer is booked as that a process leaves half written: a row of the ledger, as JSON.
_FLIGHTS: Step = (
    """CREATE TABLE flights (
        message_id TEXT PRIMARY KEY NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
        entry TEXT NOT NULL
    )""",
)

_BLIND_COMPARISONS: Step = (
    "ALTER TABLE comparisons ADD COLUMN tag TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE comparisons ADD COLUMN is_blind INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE comparisons ADD COLUMN is_hidden INTEGER NOT NULL DEFAULT 0",
)

# What of a request the headers of an endpoint count.
_HEADER_TIMING: Step = (
    """CREATE TABLE header_habits (
        endpoint TEXT PRIMARY KEY NOT NULL,
        habit TEXT NOT NULL
    )""",
)

# How limits would stand by what else headers may count, while that is not known; as JSON.
_HEADER_DOUBTS: Step = (
    """CREATE TABLE header_doubts (
        endpoint TEXT NOT NULL,
        model TEXT NOT NULL,
        doubt TEXT NOT NULL,
        PRIMARY KEY (endpoint, model)
    )""",
)

# How a session is asked, beside its model and system prompt; NULL: as a new one.
_ASKED_WITH: Step = (
    "ALTER TABLE sessions ADD COLUMN service_tier TEXT",
    "ALTER TABLE sessions ADD COLUMN effort TEXT",
    "ALTER TABLE sessions ADD COLUMN max_tokens INTEGER",
    "ALTER TABLE sessions ADD COLUMN history INTEGER",
)

# What requests under way may cost; the time is that at which they left.
_HOLDS: Step = (
    """CREATE TABLE holds (
        message_id TEXT PRIMARY KEY NOT NULL,
        session_id TEXT NOT NULL,
        time REAL NOT NULL,
        cost TEXT NOT NULL
    )""",
)

# The time before which a server that refused a request wants none.
_RETRY_TIMES: Step = ("ALTER TABLE ledger ADD COLUMN retry_at REAL",)

# Prompts that wait for the answer before them; the id is that of the message which each becomes.
_PROMPT_QUEUE: Step = (
    """CREATE TABLE prompt_queue (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        created REAL NOT NULL,
        text TEXT NOT NULL
    )""",
    "CREATE INDEX prompt_queue_by_session ON prompt_queue (session_id, number)",
)

# The part that messages play in the context of later requests, and what a session does on its own
# when its context outgrows a limit.
_CONTEXTS: Step = (
    "ALTER TABLE messages ADD COLUMN kind TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE messages ADD COLUMN kept_from TEXT",
    "ALTER TABLE sessions ADD COLUMN compaction TEXT",
)

# Transcripts of pieces of sound that are paid, until the text of their file is delivered.
_KEPT_PIECES: Step = (
    """CREATE TABLE kept_pieces (
        digest TEXT PRIMARY KEY NOT NULL,
        time REAL NOT NULL,
        length_s REAL NOT NULL,
        transcript TEXT NOT NULL
    )""",
)

# Further options of a session, by their names; and the parameters of an answer's request, by the
# server's names. Both are JSON objects.
_PARAMETERS: Step = (
    "ALTER TABLE sessions ADD COLUMN parameters TEXT",
    "ALTER TABLE messages ADD COLUMN asked_with TEXT",
)

# How the last turn of a session ended, as long as nobody has seen it.
_UNSEEN_ENDS: Step = (
    "ALTER TABLE sessions ADD COLUMN unseen_end TEXT",
    "CREATE INDEX sessions_unseen ON sessions (id, unseen_end) WHERE unseen_end IS NOT NULL",
)

MIGRATIONS: tuple[Step, ...] = (
    _FIRST,
    _MASKED_KEYS,
    _VOTES,
    PROMPT_SETS,
    _JUDGING,
    _STAND_INS,
    _OWN_FINGERPRINTS,
    _COMPARISONS,
    SET_OPTIONS,
    _FLIGHTS,
    _BLIND_COMPARISONS,
    _HEADER_TIMING,
    _HEADER_DOUBTS,
    _ASKED_WITH,
    _HOLDS,
    _RETRY_TIMES,
    BATCHES,
    SET_MODELS,
    ROLLUPS,
    BATCHES_OF_SETS,
    BATCH_SUMS,
    _PROMPT_QUEUE,
    _CONTEXTS,
    LABELS,
    _KEPT_PIECES,
    SUMS_OF_SOUND,
    _PARAMETERS,
    DELETIONS,
    TOOLS,
    UNLINKED_FLIGHTS,
    SET_PARAMETERS,
    IMAGES,
    _UNSEEN_ENDS,
    SET_VERDICTS,
    TEAMS,
    CLAIMS,
    TEAM_CONTACTS,
    CHIPS,
)


def version(db: sqlite3.Connection) -> int:
    """The number of migrations that a database has had; 0 for an empty one."""
    found: int = db.execute("PRAGMA user_version").fetchone()[0]
    return found


def migrate(db: sqlite3.Connection, steps: Sequence[Step] = MIGRATIONS) -> None:
    """Run the migrations that a database lacks, each in a transaction.

    Raises:
        StorageError: A newer groqchat has written it.
    """
    found = version(db)
    if found > len(steps):
        raise failure(
            "database",
            detail=f"a newer groqchat wrote it (it has version {found}, "
            f"this groqchat knows up to {len(steps)}); update groqchat",
        )
    for number, step in enumerate(steps[found:], found + 1):
        _take(db, number, step)


def _take(db: sqlite3.Connection, number: int, step: Step) -> None:
    with transaction(db):
        if version(db) >= number:  # another process was faster
            return
        for statement in step:
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {number:d}")

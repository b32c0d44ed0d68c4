"""The tables of batches, a step of the migrations."""

from __future__ import annotations

# Submissions of batches. A line is what is sent; its result is JSON. A line that was sent again
# names the submission that did so.
BATCHES = (
    """CREATE TABLE batch_jobs (
        id TEXT PRIMARY KEY NOT NULL,
        name TEXT NOT NULL,
        created REAL NOT NULL,
        win TEXT NOT NULL,
        digest TEXT NOT NULL,
        profile TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        place TEXT NOT NULL,
        models TEXT NOT NULL,
        estimate TEXT,
        resubmits TEXT
    )""",
    "CREATE INDEX batch_jobs_by_digest ON batch_jobs (digest)",
    """CREATE TABLE batch_parts (
        job_id TEXT NOT NULL REFERENCES batch_jobs (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        lines INTEGER NOT NULL,
        size INTEGER NOT NULL,
        step TEXT NOT NULL,
        file_id TEXT,
        batch_id TEXT,
        status TEXT,
        completed INTEGER NOT NULL,
        failed INTEGER NOT NULL,
        output_file_id TEXT,
        error_file_id TEXT,
        ended REAL,
        problem TEXT NOT NULL,
        PRIMARY KEY (job_id, number)
    )""",
    "CREATE INDEX batch_parts_by_batch ON batch_parts (batch_id)",
    """CREATE TABLE batch_lines (
        job_id TEXT NOT NULL REFERENCES batch_jobs (id) ON DELETE CASCADE,
        custom_id TEXT NOT NULL,
        number INTEGER NOT NULL,
        part INTEGER NOT NULL,
        status TEXT,
        cost TEXT,
        resubmitted_as TEXT,
        url TEXT NOT NULL,
        model TEXT NOT NULL,
        audio_s REAL,
        line TEXT NOT NULL,
        result TEXT,
        PRIMARY KEY (job_id, custom_id)
    )""",
    "CREATE INDEX batch_lines_by_part ON batch_lines (job_id, part, number)",
)

# The session of the set of prompts that a submission asks.
BATCHES_OF_SETS = (
    "ALTER TABLE batch_jobs ADD COLUMN session_id TEXT",
    "CREATE INDEX batch_jobs_by_session ON batch_jobs (session_id)",
)

# Holds all that the sums of a submission need, so that its lines and answers are passed over.
BATCH_SUMS = (
    "CREATE INDEX batch_lines_as_sums ON batch_lines (job_id, status, resubmitted_as, cost)",
)

"""The tables of batches and of prompt sets, as steps of the migrations."""

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

# The answers are in the session's messages; a prompt's message has an id made from the prompt.
PROMPT_SETS = (
    """CREATE TABLE prompt_sets (
        session_id TEXT PRIMARY KEY NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        place TEXT NOT NULL,
        created REAL NOT NULL
    )""",
    "CREATE INDEX prompt_sets_by_place ON prompt_sets (place, created)",
    """CREATE TABLE set_failures (
        session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        prompt TEXT NOT NULL,
        model TEXT NOT NULL,
        kind TEXT NOT NULL,
        sentence TEXT NOT NULL,
        is_retryable INTEGER NOT NULL,
        time REAL NOT NULL,
        PRIMARY KEY (session_id, prompt, model)
    )""",
)

# How a file was asked last: what of the command line is part of its prompts' names.
SET_OPTIONS = (
    "ALTER TABLE prompt_sets ADD COLUMN system TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE prompt_sets ADD COLUMN max_tokens INTEGER",
)

# The models of a set in the order in which they were named, as a JSON list.
SET_MODELS = ("ALTER TABLE prompt_sets ADD COLUMN models TEXT NOT NULL DEFAULT '[]'",)

# Further parameters of the command line of a set, by the names of options.
SET_PARAMETERS = ("ALTER TABLE prompt_sets ADD COLUMN parameters TEXT",)

# What judging models said of the answers of a set, by the digest of the rubric.
SET_VERDICTS = (
    """CREATE TABLE set_verdicts (
        session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        answer_id TEXT NOT NULL,
        rubric TEXT NOT NULL,
        judge TEXT NOT NULL,
        passed INTEGER NOT NULL,
        reason TEXT NOT NULL,
        time REAL NOT NULL,
        PRIMARY KEY (session_id, answer_id, rubric, judge)
    )""",
)

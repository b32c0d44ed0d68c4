"""The tables of the team's database, and its migrations, which are append only.

The server itself sees to the roles: a person is a user of the database, and row security lets
nobody but its owner and readers see what others have used. What is locked for a request is the row
of its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.table import failure
from groqchat.team.set_tables import SET_TABLES

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg.rows import TupleRow

_COUNTS = """
    count(*), coalesce(sum(prompt_tokens), 0), coalesce(sum(cached_tokens), 0),
    coalesce(sum(completion_tokens), 0), coalesce(sum(cost), 0)"""
_REST = """
    count(*) FILTER (WHERE cost IS NULL
        AND (prompt_tokens > 0 OR completion_tokens > 0 OR audio_s > 0 OR characters > 0)),
    count(*) FILTER (WHERE outcome NOT IN ('ok', 'stopped', 'stream_broken', 'no_answer')),
    coalesce(sum(audio_s), 0), coalesce(sum(characters), 0)
"""
SUMS = f"{_COUNTS}, coalesce(sum(saved), 0), {_REST}"
"""The columns of sums over entries."""

_LOCK = 7_263_451_087
_FIRST = (
    "CREATE TABLE groqchat.schema_version (version integer NOT NULL)",
    "INSERT INTO groqchat.schema_version VALUES (0)",
    """CREATE TABLE groqchat.members (
        person text PRIMARY KEY,
        may_read boolean NOT NULL DEFAULT false,
        joined double precision NOT NULL
    )""",
    """CREATE TABLE groqchat.clients (
        client text PRIMARY KEY,
        person text NOT NULL DEFAULT session_user,
        machine text NOT NULL,
        seen double precision NOT NULL,
        active double precision NOT NULL
    )""",
    "CREATE INDEX clients_active ON groqchat.clients (active)",
    """CREATE TABLE groqchat.places (
        account text NOT NULL,
        model text NOT NULL,
        buckets text,
        PRIMARY KEY (account, model)
    )""",
    """CREATE TABLE groqchat.leases (
        lease text PRIMARY KEY,
        account text NOT NULL,
        model text NOT NULL,
        taken double precision NOT NULL,
        amounts text NOT NULL
    )""",
    "CREATE INDEX leases_taken ON groqchat.leases (account, model, taken)",
    """CREATE TABLE groqchat.entries (
        id text PRIMARY KEY,
        person text NOT NULL DEFAULT session_user,
        machine text NOT NULL,
        account text,
        time double precision NOT NULL,
        model text NOT NULL,
        provider text,
        outcome text NOT NULL,
        service_tier text,
        prompt_tokens bigint NOT NULL,
        cached_tokens bigint NOT NULL,
        completion_tokens bigint NOT NULL,
        reasoning_tokens bigint NOT NULL,
        audio_s double precision NOT NULL,
        characters bigint NOT NULL,
        estimated boolean NOT NULL,
        cost numeric
    )""",
    "CREATE INDEX entries_time ON groqchat.entries (time)",
    "CREATE INDEX entries_person ON groqchat.entries (person, time)",
    """CREATE FUNCTION groqchat.may_read() RETURNS boolean
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = groqchat, pg_temp
        AS 'SELECT EXISTS (SELECT FROM members WHERE person = session_user AND may_read)'
    """,
    """CREATE FUNCTION groqchat.enter(joined double precision) RETURNS void
        LANGUAGE sql SECURITY DEFINER SET search_path = groqchat, pg_temp
        AS 'INSERT INTO members VALUES (session_user, false, joined) ON CONFLICT DO NOTHING'
    """,
    """CREATE FUNCTION groqchat.active(since double precision, besides text) RETURNS bigint
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = groqchat, pg_temp
        AS 'SELECT count(*) FROM clients WHERE active >= since AND client <> besides'
    """,
    f"""CREATE FUNCTION groqchat.totals(since double precision, until double precision)
        RETURNS TABLE (requests bigint, prompt_tokens numeric, cached_tokens numeric,
            completion_tokens numeric, cost numeric, unpriced bigint, refused bigint,
            audio_s double precision, characters numeric)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = groqchat, pg_temp
        AS $$SELECT {_COUNTS}, {_REST} FROM entries AS each
            WHERE each.time >= since AND each.time < until$$
    """,
    "ALTER TABLE groqchat.entries ENABLE ROW LEVEL SECURITY",
    "CREATE POLICY own ON groqchat.entries FOR INSERT WITH CHECK (person = session_user)",
    """CREATE POLICY seen ON groqchat.entries FOR SELECT
        USING (person = session_user OR groqchat.may_read())""",
    "ALTER TABLE groqchat.clients ENABLE ROW LEVEL SECURITY",
    "CREATE POLICY own ON groqchat.clients USING (person = session_user)",
    "CREATE POLICY seen ON groqchat.clients FOR SELECT USING (groqchat.may_read())",
    "GRANT USAGE ON SCHEMA groqchat TO PUBLIC",
    "GRANT SELECT ON groqchat.schema_version, groqchat.members TO PUBLIC",
    "GRANT SELECT, INSERT ON groqchat.entries TO PUBLIC",
    "GRANT SELECT, INSERT, UPDATE ON groqchat.clients, groqchat.places TO PUBLIC",
    "GRANT SELECT, INSERT, DELETE ON groqchat.leases TO PUBLIC",
)
# Those whose requests did not fit, the first who came first, as JSON.
_WAITING = ("ALTER TABLE groqchat.places ADD COLUMN waiting text",)
# The line as rows, since everybody would write all of a text that all change; and whose turn it is.
# Who may be read off the line is nobody: a client has a random name, and turns are one's own.
_LINE = (
    "ALTER TABLE groqchat.places DROP COLUMN waiting",
    "ALTER TABLE groqchat.places ADD COLUMN turn double precision NOT NULL DEFAULT 0",
    """CREATE TABLE groqchat.waiting (
        account text NOT NULL,
        model text NOT NULL,
        client text NOT NULL,
        amounts json NOT NULL,
        turn double precision NOT NULL,
        since double precision NOT NULL,
        until double precision NOT NULL,
        PRIMARY KEY (account, model, client)
    )""",
    "CREATE INDEX waiting_line ON groqchat.waiting (account, model, turn, since, client)",
    """CREATE TABLE groqchat.turns (
        account text NOT NULL,
        model text NOT NULL,
        person text NOT NULL DEFAULT session_user,
        turn double precision NOT NULL,
        PRIMARY KEY (account, model, person)
    )""",
    "ALTER TABLE groqchat.turns ENABLE ROW LEVEL SECURITY",
    "CREATE POLICY own ON groqchat.turns USING (person = session_user)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON groqchat.waiting, groqchat.turns TO PUBLIC",
)
# What the cache saved, and when the server told last how many requests of the day there were.
_SAVED = (
    "ALTER TABLE groqchat.places ADD COLUMN told_at double precision NOT NULL DEFAULT 0",
    "ALTER TABLE groqchat.entries ADD COLUMN saved numeric",
    "DROP FUNCTION groqchat.totals(double precision, double precision)",
    f"""CREATE FUNCTION groqchat.totals(since double precision, until double precision)
        RETURNS TABLE (requests bigint, prompt_tokens numeric, cached_tokens numeric,
            completion_tokens numeric, cost numeric, saved numeric, unpriced bigint,
            refused bigint, audio_s double precision, characters numeric)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = groqchat, pg_temp
        AS $$SELECT {SUMS} FROM entries AS each WHERE each.time >= since AND each.time < until$$
    """,
)
_THRIFT = ("ALTER TABLE groqchat.places ADD COLUMN thrift double precision NOT NULL DEFAULT 1",)
_IDLE = ("ALTER TABLE groqchat.places ADD COLUMN idle text",)
# How fast everybody uses up the limits of a model, in sums of minutes.
_PACE = (
    """CREATE FUNCTION groqchat.taken(of_account text, of_model text,
            since double precision)
        RETURNS TABLE (minute double precision, requests bigint, input numeric, output numeric,
            audio_s double precision)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = groqchat, pg_temp
        AS $$SELECT 60 * floor(time / 60), count(*), sum(prompt_tokens - cached_tokens),
                sum(completion_tokens), sum(each.audio_s)
            FROM entries AS each WHERE account = of_account AND model = of_model AND time >= since
                AND outcome IN ('ok', 'stopped', 'stream_broken', 'no_answer') GROUP BY 1$$
    """,
)
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    *(_FIRST, _WAITING, _LINE, _SAVED, _THRIFT, SET_TABLES),
    *(_IDLE, _PACE),
)


def migrate(connection: Connection[TupleRow]) -> bool:
    """Create the tables, or bring them up to this version; returns whether anything was done.

    Raises:
        GroqchatError: A newer groqchat has made them.
        psycopg.Error: The user may not.
    """
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        found = version(connection)
        if found is None:
            connection.execute("CREATE SCHEMA groqchat")
        if found == len(MIGRATIONS):
            return False
        check(found or 0, is_old_taken=True)
        for step in MIGRATIONS[found or 0 :]:
            for statement in step:
                connection.execute(statement)
        connection.execute("UPDATE groqchat.schema_version SET version = %s", (len(MIGRATIONS),))
        return True


def version(connection: Connection[TupleRow]) -> int | None:
    """The version of the tables; None where there are none."""
    row = connection.execute("SELECT to_regclass('groqchat.schema_version')").fetchone()
    if row is None or row[0] is None:
        return None
    found = connection.execute("SELECT version FROM groqchat.schema_version").fetchone()
    return int(found[0]) if found else None


def check(found: int | None, *, is_old_taken: bool = False) -> None:
    """Refuse tables that this groqchat cannot use.

    Raises:
        GroqchatError: There are none, or they are older or newer.
    """
    if found is None:
        raise failure("team_empty")
    detail = f"it has version {found}, and this groqchat knows {len(MIGRATIONS)}"
    if found > len(MIGRATIONS):
        raise failure("team_newer", detail=detail)
    if found < len(MIGRATIONS) and not is_old_taken:
        raise failure("team_older", detail=detail)

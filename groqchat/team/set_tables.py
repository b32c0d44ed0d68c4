"""The tables of shared sets of prompts: who takes part, who asks what, and what was answered.

A run is found by a hash of what it asks, so that who takes part has to have the same prompts. Row
security lets nobody else see it, and no prompt is there. No query reads a clock: a worker that has
ended without a word is known by a number that does not grow any more.
"""

from __future__ import annotations

_KEPT_S = 30 * 86_400
# A run counts as under way for so long after a worker was there.
_RECENT_S = 120

# Inside this function the caller is `session_user`, whom row security does not keep from what the
# owner may do: that the caller knows the content is the proof of having the prompts.
_JOIN = f"""
CREATE FUNCTION groqchat.join_set(
    asked text, named text, numbers integer, anew boolean, now double precision
) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = groqchat, pg_temp AS $$
DECLARE
    last set_runs%ROWTYPE;
    is_busy boolean;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('groqchat set'), hashtext(asked));
    DELETE FROM set_runs WHERE used < now - {_KEPT_S}
        AND NOT EXISTS (SELECT FROM set_workers AS each
            WHERE each.run = set_runs.run AND each.seen >= now - {_KEPT_S});
    SELECT * INTO last FROM set_runs WHERE content = asked ORDER BY number DESC LIMIT 1;
    IF last.run IS NOT NULL AND anew THEN
        SELECT EXISTS (SELECT FROM set_workers AS each
                WHERE each.run = last.run AND each.seen >= now - {_RECENT_S})
            AND EXISTS (SELECT FROM set_tasks AS each
                WHERE each.run = last.run AND outcome IS NULL)
            INTO is_busy;
        IF is_busy THEN
            RETURN NULL;
        END IF;
    END IF;
    IF last.run IS NULL OR anew THEN
        last.number := coalesce(last.number, 0) + 1;
        last.run := asked || '-' || last.number;
        INSERT INTO set_runs (run, content, number, name, begun, used, tasks)
            VALUES (last.run, asked, last.number, named, now, now, numbers);
        INSERT INTO set_tasks (run, number) SELECT last.run, generate_series(0, numbers - 1);
    END IF;
    UPDATE set_runs SET used = greatest(used, now) WHERE run = last.run;
    INSERT INTO set_members VALUES (last.run, session_user) ON CONFLICT DO NOTHING;
    RETURN last.run;
END $$
"""

SET_TABLES = (
    """CREATE TABLE groqchat.set_runs (
        run text PRIMARY KEY,
        content text NOT NULL,
        number integer NOT NULL,
        name text NOT NULL,
        person text NOT NULL DEFAULT session_user,
        begun double precision NOT NULL,
        used double precision NOT NULL,
        tasks integer NOT NULL,
        UNIQUE (content, number)
    )""",
    """CREATE TABLE groqchat.set_members (
        run text NOT NULL REFERENCES groqchat.set_runs ON DELETE CASCADE,
        person text NOT NULL,
        PRIMARY KEY (run, person)
    )""",
    """CREATE TABLE groqchat.set_workers (
        run text NOT NULL REFERENCES groqchat.set_runs ON DELETE CASCADE,
        client text NOT NULL,
        person text NOT NULL DEFAULT session_user,
        machine text NOT NULL,
        beat bigint NOT NULL DEFAULT 0,
        seen double precision NOT NULL,
        PRIMARY KEY (run, client)
    )""",
    """CREATE TABLE groqchat.set_tasks (
        run text NOT NULL REFERENCES groqchat.set_runs ON DELETE CASCADE,
        number integer NOT NULL,
        worker text,
        hold numeric NOT NULL DEFAULT 0,
        outcome text,
        person text,
        machine text,
        cost numeric NOT NULL DEFAULT 0,
        results text[] NOT NULL DEFAULT '{}',
        PRIMARY KEY (run, number)
    )""",
    """CREATE INDEX set_tasks_open ON groqchat.set_tasks (run, number)
        WHERE outcome IS NULL AND worker IS NULL""",
    """CREATE INDEX set_tasks_held ON groqchat.set_tasks (run, worker)
        WHERE outcome IS NULL AND worker IS NOT NULL""",
    _JOIN,
    """CREATE FUNCTION groqchat.own_sets() RETURNS SETOF text
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = groqchat, pg_temp
        AS 'SELECT run FROM set_members WHERE person = session_user'
    """,
    *(
        statement
        for table in ("set_runs", "set_workers", "set_tasks")
        for statement in (
            f"ALTER TABLE groqchat.{table} ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY own ON groqchat.{table} USING (run IN (SELECT groqchat.own_sets()))",
        )
    ),
    "GRANT SELECT, DELETE ON groqchat.set_runs TO PUBLIC",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON groqchat.set_workers TO PUBLIC",
    "GRANT SELECT, UPDATE ON groqchat.set_tasks TO PUBLIC",
)

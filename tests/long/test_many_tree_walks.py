"""Long sequences of edits, forks, deletions and undos on a database, many times."""

import asyncio

from hypothesis import HealthCheck, given, settings

from tests.storage.database.bin.walks import Walk, steps


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps(most=120))
def test_any_sequence_keeps_every_text_on_one_active_path(tmp_path_factory, steps):
    asyncio.run(Walk(tmp_path_factory.mktemp("walk") / "groqchat.db").run(steps))

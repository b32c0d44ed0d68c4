"""Any sequence of edits, forks, deletions and undos keeps every text, without an orphan."""

import asyncio
import tempfile
from pathlib import Path

from hypothesis import given, settings

from tests.storage.database.bin.walks import Walk, steps


@settings(max_examples=20)
@given(steps(most=20))
def test_any_sequence_keeps_every_text_on_one_active_path(steps):
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(Walk(Path(folder) / "groqchat.db").run(steps))

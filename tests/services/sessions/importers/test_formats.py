"""Exports of other programs with anything broken in them: read as far as they are whole."""

import asyncio
import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groqchat.services.sessions.importers.formats import IMPORTERS
from groqchat.services.sessions.session_imports import EMPTY, read_sessions
from groqchat.storage.database.database import Database
from groqchat.storage.database.sessions import Sessions
from tests.fakes import START
from tests.samples import SAMPLES
from tests.services.archives import EXPORTS
from tests.services.sessions.test_round_trip import ODD, places

FILES = [
    path for path in sorted(SAMPLES.glob("*.json")) if path.name.partition("-")[0] in IMPORTERS
]


def test_every_format_has_a_sample_and_knows_its_own_alone():
    for path in FILES:
        document = json.loads(path.read_text())
        reading = read_sessions(path.read_text(), START, form=path.name.partition("-")[0])
        assert reading.archives
        for form in IMPORTERS.keys() - {path.name.partition("-")[0]}:
            wrong = read_sessions(json.dumps(document), START, form=form)
            assert (wrong.archives, bool(wrong.failed)) == ([], True), (path.name, form)


async def stored(archives):
    """What is in a database after sessions were added to it twice."""
    database = Database(None, print)
    store = Sessions(database)
    first = [added.is_new for added in await store.add_archives(archives)]
    again = await store.add_archives(archives)
    assert [tuple(added) for added in again] == [(False, 0)] * len(archives)
    found = [await store.archive(name) for name in {each.session.id for each in archives}]
    await database.close()
    assert sum(first) == len(found)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
@settings(max_examples=25, deadline=None)
@given(dice=st.randoms(use_true_random=False))
def test_whatever_is_broken_in_an_export_it_is_imported_or_told(path, dice):
    document = json.loads(path.read_text())
    for _ in range(dice.randint(1, 6)):
        holder, name = dice.choice(list(places(document)))
        if isinstance(holder, dict) and dice.randint(0, 1):
            del holder[name]
        else:
            holder[name] = dice.choice(ODD)
    reading = read_sessions(json.dumps(document), START)
    # A list of sessions may have become a list of other things, which is one unreadable document.
    count = len(document) if isinstance(document, list) else 1
    told = len(reading.archives) + len(reading.failed) + reading.omitted[EMPTY]
    assert told in {count, 1}
    for archive in asyncio.run(stored(reading.archives)):
        assert archive.branch
        assert all(export(archive) for export in EXPORTS.values())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
@settings(max_examples=25, deadline=None)
@given(share=st.floats(0, 1), is_indented=st.booleans())
def test_wherever_an_export_was_cut_off_its_whole_sessions_arrive(path, share, is_indented):
    document = json.loads(path.read_text())
    whole = read_sessions(path.read_text(), START).archives
    text = json.dumps(document, indent=1 if is_indented else None)
    cut = text[: int(len(text) * share)]
    reading = read_sessions(cut, START)
    with suppress(ValueError):
        json.loads(cut)
        return  # the end was white space
    assert reading.archives == whole[: len(reading.archives)]
    assert reading.failed or not cut.strip()

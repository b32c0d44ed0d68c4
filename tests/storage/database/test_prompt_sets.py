"""Which runs of a file are kept, how they were asked, and who may ask."""

import time
from contextlib import closing
from dataclasses import replace

import pytest

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.prompt_sets.prompt_set import SetRecord
from groqchat.domain.prompt_sets.rubrics import StoredVerdict
from groqchat.storage.database.connection import open_file
from groqchat.storage.database.database import Database
from groqchat.storage.database.migrations import MIGRATIONS
from groqchat.storage.database.prompt_sets import PromptSets, alone_with
from tests.fakes import START
from tests.storage.conftest import session

FIRST = SetRecord("s1", "/set.jsonl", START, "Be brief.\ud800", 50, ("b", "a"), {"seed": 7})


async def test_the_newest_run_of_a_file_is_found_with_how_it_was_asked(database, store):
    sets = PromptSets(database)
    assert await sets.last(FIRST.place) is None
    await store.create_session(session("s1"))
    await store.create_session(session("s2"))
    await sets.save(FIRST)
    assert await sets.last(FIRST.place) == replace(FIRST, system="Be brief.?")
    await sets.save(SetRecord("s2", FIRST.place, START + 1))
    # One that is gone on with is as old as before, and remembers how it was asked last.
    await sets.save(replace(FIRST, created=START + 2, max_tokens=None))
    assert await sets.last(FIRST.place) == SetRecord("s2", FIRST.place, START + 1)
    await store.delete_session("s2")
    assert await sets.last(FIRST.place) == replace(FIRST, system="Be brief.?", max_tokens=None)


async def test_a_run_that_a_clock_that_was_ahead_has_dated_is_the_newest_only_alone(
    database, store
):
    sets = PromptSets(database)
    ahead = SetRecord("s1", FIRST.place, time.time() + 86_400)
    for name in ("s1", "s2"):
        await store.create_session(session(name))
    await sets.save(ahead)
    assert await sets.last(FIRST.place) == ahead
    await sets.save(SetRecord("s2", FIRST.place, START))
    assert (await sets.last(FIRST.place)).session_id == "s2"


async def test_runs_of_an_older_groqchat_know_nothing_of_options(path):
    old = next(at for at, step in enumerate(MIGRATIONS) if "prompt_sets ADD" in step[0])
    path.parent.mkdir()
    with closing(open_file(path, steps=MIGRATIONS[:old])) as db:
        db.execute("INSERT INTO sessions (id, title, created, updated) VALUES ('s1', '', 1, 1)")
        db.execute("INSERT INTO prompt_sets VALUES ('s1', '/set.jsonl', 1)")
    database = Database(path, [].append)
    assert await PromptSets(database).last("/set.jsonl") == SetRecord("s1", "/set.jsonl", 1)
    await database.close()


async def test_a_verdict_replaces_that_of_the_same_judge_and_goes_with_its_session(database, store):
    sets = PromptSets(database)
    await store.create_session(session("s1"))
    first = StoredVerdict("s1", "a1", "rubric", "m/one", True, "Good.", START)
    other = replace(first, judge="m/two", time=START + 2)
    for verdict in (first, other, replace(first, passed=False, time=START + 1)):
        await sets.save_verdict(verdict)
    assert await sets.verdicts("s1") == [replace(first, passed=False, time=START + 1), other]
    await store.delete_session("s1")
    assert await sets.verdicts("s1") == []


def test_two_sets_are_asked_at_once_but_one_set_is_not(tmp_path):
    with alone_with("/a.jsonl", tmp_path), alone_with("/b.jsonl", tmp_path):
        with (
            pytest.raises(StorageError, match="is asking the prompts of /a"),
            alone_with("/a.jsonl", tmp_path),
        ):
            pass
        assert all(lock.name.startswith(".") for lock in tmp_path.iterdir())
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_trouble_of_this_machine(tmp_path):
    with pytest.raises(StorageError, match="No such file"), alone_with("/a", tmp_path / "gone"):
        pass

"""Patterns are tried in a process of their own: none holds anything up for ever."""

import asyncio
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from groqchat.domain.prompt_sets.checks import Search
from groqchat.domain.structured.validation import Mismatch
from groqchat.domain.turns.answer_form import AskedForm
from groqchat.services.checking import checker
from tests.checks import ANSWERS, LEAVES, WAITS, stand_in

EVIL = json.dumps(
    {"properties": {"a": {"type": "string", "pattern": "^(a+)+$"}}, "required": ["b"]}
)
LONG = json.dumps({"a": "a" * 60 + "b", "b": 1})


async def test_patterns_are_found_as_python_finds_them():
    asked = [("^a.c$", "abc"), ("b$", "abc"), (r"\d", "Füße \ud800 7"), ("^x", "y\nx")]
    searches = [Search(*each) for each in asked]
    found = await checker.decided([*searches, searches[0]])
    assert found == dict(zip(searches, [True, False, True, False], strict=True))


async def test_nothing_is_started_for_nothing(monkeypatch):
    monkeypatch.setattr(checker, "COMMAND", ("/nowhere/at/all",))
    assert await checker.decided([]) == {}


async def test_what_takes_too_long_is_not_decided():
    async with checker.Checker(stand_in(WAITS), 0.05) as checks:
        assert await checks.finds(Search("a", "a")) is None


async def test_the_next_is_decided_and_a_pattern_that_is_not_thrice_is_given_up(
    monkeypatch, tmp_path
):
    noted = f"open({str(tmp_path / 'seen')!r}, 'a').write(l)"
    command = stand_in(noted, f"{LEAVES} if 'slow' in l else {ANSWERS}")
    monkeypatch.setattr(checker, "COMMAND", command)
    searches = [Search("slow", str(number)) for number in range(5)]
    quick = Search("a", "a")
    assert await checker.decided([*searches, quick]) == {quick: True}
    assert len((tmp_path / "seen").read_text().splitlines()) == 4


async def test_it_ends_at_once_when_it_is_cancelled(monkeypatch):
    exchange, children, is_asked = checker._exchange, [], asyncio.Event()

    async def noting(child, line):
        if line:
            children.append(child)
            is_asked.set()
        return await exchange(child, line)

    monkeypatch.setattr(checker, "_exchange", noting)
    monkeypatch.setattr(checker, "COMMAND", stand_in(WAITS))
    monkeypatch.setattr(checker, "LIMIT_S", 3600.0)
    searching = asyncio.create_task(checker.decided([Search("a", "a")]))
    await is_asked.wait()
    searching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await searching
    assert [child.returncode for child in children] == [-signal.SIGKILL]


def test_the_child_bounds_itself_where_nobody_waits_for_it():
    child = Path(checker.__file__).with_name("child.py")
    script = (
        "import re, runpy, signal, sys\nre.search = lambda *_: signal.pause()\n"
        f"sys.argv[1:] = ['0.05']\nrunpy.run_path({str(child)!r}, run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], input=b'["regex", "a", "a"]\n', check=False
    )
    assert done.returncode == -signal.SIGALRM


async def test_an_answer_is_checked_with_its_patterns():
    form = AskedForm(EVIL)
    wrong = await checker.verdict_on(form, '{"a": "b"}')
    assert wrong.is_whole
    assert [str(each) for each in wrong.wrong] == [
        "the key “b” is missing", 'a: "b" does not match ^(a+)+$',
    ]  # fmt: skip
    assert await checker.decided([Search(EVIL, '{"b": 1}', is_schema=True)]) == {
        Search(EVIL, '{"b": 1}', is_schema=True): True
    }


async def test_patterns_that_take_for_ever_are_left_out(monkeypatch):
    monkeypatch.setattr(checker, "LIMIT_S", 0.2)
    verdict = await checker.verdict_on(AskedForm(EVIL), LONG)
    assert verdict == checker.Verdict((), is_whole=False)
    verdict = await checker.verdict_on(AskedForm(EVIL), LONG.replace('"b"', '"c"'))
    assert verdict == checker.Verdict((Mismatch("", "the key “b” is missing"),), is_whole=False)


async def test_no_process_is_started_for_a_schema_without_patterns(monkeypatch):
    monkeypatch.setattr(checker, "COMMAND", ("/nowhere/at/all",))
    schema = json.dumps({"required": ["b"]})
    assert not (await checker.verdict_on(AskedForm(schema), '{"b": 1}')).wrong
    assert (await checker.verdict_on(AskedForm(None), "[]")).wrong

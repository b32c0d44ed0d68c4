"""Patterns are looked for in a process of their own: none holds anything up for ever."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from groqchat.cli.sets import patterns
from tests.cli.sets.test_compare_set import A, B, written

ANSWERS = "print(1, flush=True)"
LEAVES = "sys.exit()"
WAITS = "signal.pause()"


def stand_in(*deeds):
    """A child that does this with each line; what a pattern would do that never ends is a wait."""
    lines = "".join(f"    {deed}\n" for deed in deeds)
    script = f"import signal, sys\nprint('ready', flush=True)\nfor l in sys.stdin:\n{lines}"
    return (sys.executable, "-S", "-c", script)


async def test_patterns_are_found_as_python_finds_them():
    searches = [("^a.c$", "abc"), ("b$", "abc"), (r"\d", "Füße \ud800 7"), ("^x", "y\nx")]
    found = await patterns.search_all([*searches, searches[0]])
    assert found == dict(zip(searches, [True, False, True, False], strict=True))


async def test_nothing_is_started_for_nothing(monkeypatch):
    monkeypatch.setattr(patterns, "COMMAND", ("/nowhere/at/all",))
    assert await patterns.search_all([]) == {}


async def test_what_takes_too_long_is_not_decided():
    async with patterns.Searcher(stand_in(WAITS), 0.05) as searcher:
        assert await searcher.finds(("a", "a")) is None


async def test_the_next_is_decided_and_a_pattern_that_is_not_thrice_is_given_up(
    monkeypatch, tmp_path
):
    noted = f"open({str(tmp_path / 'seen')!r}, 'a').write(l)"
    command = stand_in(noted, f"{LEAVES} if 'slow' in l else {ANSWERS}")
    monkeypatch.setattr(patterns, "COMMAND", command)
    searches = [("slow", str(number)) for number in range(5)]
    assert await patterns.search_all([*searches, ("a", "a")]) == {("a", "a"): True}
    assert len((tmp_path / "seen").read_text().splitlines()) == 4


async def test_it_ends_at_once_when_it_is_cancelled(monkeypatch):
    exchange, children, is_asked = patterns._exchange, [], asyncio.Event()

    async def noting(child, line):
        if line:
            children.append(child)
            is_asked.set()
        return await exchange(child, line)

    monkeypatch.setattr(patterns, "_exchange", noting)
    monkeypatch.setattr(patterns, "COMMAND", stand_in(WAITS))
    monkeypatch.setattr(patterns, "LIMIT_S", 3600.0)
    searching = asyncio.create_task(patterns.search_all([("a", "a")]))
    await is_asked.wait()
    searching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await searching
    assert [child.returncode for child in children] == [-signal.SIGKILL]


def test_the_child_bounds_itself_where_nobody_waits_for_it():
    child = Path(patterns.__file__).with_name("pattern_child.py")
    script = (
        "import re, runpy, signal, sys\nre.search = lambda *_: signal.pause()\n"
        f"sys.argv[1:] = ['0.05']\nrunpy.run_path({str(child)!r}, run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", script], input=b'["a", "a"]\n', check=False)
    assert done.returncode == -signal.SIGALRM


def test_a_report_tells_what_was_not_decided(simulator, groqchat, tmp_path, monkeypatch):
    rows = [{"prompt": "write 12 tokens, end with P1", "task": "t", "regex": ["P1$", "^P"]}]
    asking = ["compare", "--file", written(tmp_path, rows), "-m", A, "-m", B]
    assert "1/2" in groqchat(*asking).out
    monkeypatch.setattr(patterns, "COMMAND", stand_in(f"{LEAVES} if '^P' in l else {ANSWERS}"))
    page = tmp_path / "page.html"
    done = groqchat(*asking, "--report", "--html", page)
    assert done.out.count("1/2 (1 not decided)") == 4
    assert "Checks not decided: 2 (the pattern takes over 5 s)." in done.err
    assert "(the pattern takes over 5 s)" in page.read_text()
    report = groqchat(*asking, "--report", "--json").json
    assert [each["passed"] for each in report["results"][0]["checks"]] == [True, None]
    assert report["models"][0]["checks_undecided"] == 1

"""Each command of README, guides and helps, pasted into the shell of a fresh user."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.manual.examples import PAGES, ROOT, examples
from tests.manual.pasting import check, shape, status
from tests.manual.told import ADDRESS, ELSEWHERE, INSTALLING, SERVERS, SHOWN, SIMULATOR, TEAM, TOLD
from tests.manual.user import KEY
from tests.team.cluster import free_port
from tests.team.conftest import cluster, database

__all__ = ["cluster", "database"]  # their fixtures are used here

EXAMPLES = examples()


@pytest.mark.parametrize("command", TOLD)
def test_a_command_does_what_it_says(command, fresh):
    told = TOLD[command]
    check(fresh(told.plan, cold=bool(told.terminal), key=told.key), command, told)


def test_every_command_of_the_documents_is_known_here():
    """A new one has to get a row in ``told``; a row that no document has is out of date."""
    known = [*TOLD, *SERVERS, *TEAM, *SIMULATOR, *INSTALLING, *ELSEWHERE]
    assert {each: EXAMPLES[each].place for each in EXAMPLES if each not in known} == {}
    assert [each for each in known if each not in EXAMPLES] == []
    assert len(known) == len(set(known))


def test_what_is_installed_by_hand_is_an_extra():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {each for extra in extras["optional-dependencies"].values() for each in extra}
    told = re.findall(r"pip install '([^']*)'", "".join(PAGES.values()))
    assert len(told) > 7
    assert [each for each in told if each not in wanted] == []


@pytest.mark.parametrize("command", SERVERS)
def test_a_server_serves_until_ctrl_c(command, fresh):
    """Ports of the documents may be taken: others stand in their place."""
    address, fault = SERVERS[command]
    command = re.sub(r"--port \d+", f"--port {free_port()}", command)
    user = fresh(cold=True, key="--demo" not in command)
    with user.serving(command, address) as (url, said):
        assert status(url) == (200 if "groqchat serve" in command else 404)
        if fault:
            user.environment |= {"GROQ_BASE_URL": url, "GROQ_API_KEY": KEY}
            told = user.paste("groqchat ask Hi --max-wait 0")
            assert re.search(fault, told.out + told.err)
    assert said.code == 0, said


def test_the_simulator_is_asked_as_its_page_says(fresh):
    """The console block starts it; the block below it is pasted whole."""
    port = str(free_port())
    start, asks = (each.replace("8790", port) for each in SIMULATOR)
    user = fresh(cold=True)
    with user.serving(start, rf"^GROQ_BASE_URL=(http://127\.0\.0\.1:{port})$"):
        code, out, err = user.paste(asks)
    assert "DONE" in out
    assert "is over capacity" in err  # twice; a wait too short to be told may lie between
    assert code == 8
    assert "ended before the answer did" in err


def test_a_team_is_made_joined_and_read(fresh, door, cluster, database):
    """The owner makes the tables; anna's lines join, and read; the owner lets her read more."""
    user, owner = fresh(cold=True), cluster.url(database=database)
    cold = user.environment["PATH"]
    joins = f"echo secret-owner | groqchat team init {owner} --stdin"
    assert user.paste(joins).code == 0
    for command, told in TEAM.items():
        user.environment["PATH"] = cold if told.terminal else f"{door}:{cold}"
        if not told.key:
            assert user.paste(joins).code == 0
        check(user, command.replace(ADDRESS, cluster.url("anna", database)), told)


@pytest.mark.parametrize("page", SHOWN)
def test_what_a_page_shows_below_its_commands_is_what_comes(page, fresh):
    """The same lines in the same order; numbers, times and marks of the moment may differ."""
    first, *commands = SHOWN[page]
    user = fresh()
    for number, command in enumerate(commands):
        out = user.paste(f"{{ {first}; }} > /dev/null 2>&1; {command}" if not number else command)
        assert shape(EXAMPLES[command].shown) in shape(out.out), out.out

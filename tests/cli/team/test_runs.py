"""Sets that are asked by several machines, and ``groqchat team runs``, with a real PostgreSQL."""

import shutil
from collections import Counter
from decimal import Decimal

import pytest

from tests.cli.conftest import KEY, groqchat, simulator
from tests.cli.sets.test_compare_set import asked
from tests.cli.team.test_team import keyring
from tests.team.conftest import cluster, database
from tests.team.shared_sets import BIG, SMALL, comparable, written

__all__ = ["cluster", "database", "groqchat", "keyring", "simulator"]

MODELS = "-m", f"{BIG} seed=7", "-m", f"{SMALL} seed=7"


@pytest.fixture
def team_url_of(keyring, cluster, database):
    return lambda person: cluster.url(person, database)


@pytest.fixture
def machines(groqchat, team_url_of, monkeypatch, tmp_path):
    """Goes to the machine of a person, who is in the team."""

    def go(name, person="owner"):
        home = tmp_path / name
        is_new = not home.exists()
        monkeypatch.setenv("GROQCHAT_HOME", str(home))
        if is_new:
            home.mkdir()
            (home / "config.toml").write_text(f'[team]\nmachine = "{name}"\n')
            url = team_url_of(person)
            secret = f"secret-{person}".encode()
            assert groqchat("team", "init", url, "--stdin", piped=secret).code == 0

    go("desk")
    return go


@pytest.fixture
def words(tmp_path):
    return "compare", "--file", written(tmp_path, 3), *MODELS


def test_what_one_machine_has_asked_is_not_asked_by_the_next(
    groqchat, machines, words, simulator, tmp_path
):
    first = groqchat(*words, "--team", "--json", "--min-pass", "0.9")
    assert first.code == 11
    assert "3 prompts × 2 models: 6 answers." in first.err
    machines("laptop", "anna")
    second = groqchat(*words, "--team", "--json", "--junit", tmp_path / "junit.xml")
    assert second.code == 0
    assert "6 answers, 6 of them there already." in second.err
    assert set(asked(simulator).values()) == {1}
    assert comparable(second.json) == comparable(first.json)
    answers = [{each["message_id"] for each in done.json["results"]} for done in (first, second)]
    assert answers[0] == answers[1]
    assert groqchat("compare", "--file", words[2], "--report", "--json").json["missing"] == 0
    # What only this machine asks is asked here.
    more = groqchat(*words, "--team", "--runs", "2", "--json")
    assert "12 answers, 6 of them there already." in more.err
    assert Counter(asked(simulator).values()) == {2: 6}


def test_what_was_asked_alone_is_handed_in(groqchat, machines, words, simulator):
    alone = groqchat(*words, "--json")
    assert groqchat(*words, "--team", "--json").json["results"] == alone.json["results"]
    machines("laptop", "anna")
    assert groqchat(*words, "--team", "--json").code == 0
    assert set(asked(simulator).values()) == {1}


def kinds(report):
    return [each["error"]["kind"] for each in report["results"] if each["error"]]


def test_a_failure_is_told_to_all_and_one_that_may_succeed_is_asked_again(
    groqchat, machines, words, simulator
):
    rows = (f'{{"prompt": "write 90 tokens, end with P{n}"}}\n' for n in range(3))
    words[2].write_text("".join(rows))
    simulator.arm("cut=80*1")
    first = groqchat(*words, "--team", "--json").json
    assert kinds(first) == ["stream_broken"]
    machines("laptop", "anna")
    simulator.arm("unprocessable*1")
    second = groqchat(*words, "--team", "--json").json
    assert kinds(second) == ["invalid_request"]
    machines("desk")
    third = groqchat(*words, "--team", "--json").json
    assert comparable(third) == comparable(second)
    (run,) = groqchat("team", "runs", "--json").json
    assert (run["done"], run["failed"]) == (6, 0)
    # What the broken answer cost is in the report of both.
    costs = sum(Decimal(each["cost_usd"]) for each in third["models"])
    assert Decimal(run["cost_usd"]) == costs
    assert costs > sum(Decimal(each["cost_usd"] or 0) for each in third["results"])


def test_runs_are_listed_begun_again_and_deleted(groqchat, machines, words, simulator):
    nothing = groqchat("team", "runs")
    assert "You take part in no shared run" in nothing.out
    groqchat(*words, "--team")
    (run,) = groqchat("team", "runs", "--json").json
    told = {name: run[name] for name in ("name", "person", "tasks", "done", "failed", "workers")}
    assert told == {
        "name": "prompts.jsonl", "person": "owner", "tasks": 6, "done": 6, "failed": 0,
        "workers": [],
    }  # fmt: skip
    assert groqchat("team", "runs").out.splitlines()[1].split()[:2] == [run["run"], "prompts.jsonl"]
    machines("laptop", "anna")
    assert groqchat("team", "runs", "--json").json == []
    groqchat(*words, "--team")
    again = groqchat(*words, "--team", "--again")
    assert "6 answers." in again.err
    assert [each["run"] for each in groqchat("team", "runs", "--json").json] == [
        f"{run['run']}-2",
        run["run"],
    ]
    # The first machine goes on in the new run, and takes its own old answers for none of it.
    machines("desk")
    joined = groqchat(*words, "--team", "--json")
    assert "6 of them there already" in joined.err
    assert set(asked(simulator).values()) == {2}
    deleted = groqchat("team", "runs", "--delete", f"{run['run']}-2")
    assert "are gone from the team's database" in deleted.out
    assert len(groqchat("team", "runs", "--json").json) == 1
    assert groqchat("compare", "--file", words[2], "--report", "--json").json["missing"] == 0
    assert groqchat("team", "runs", "--delete", "nothing").code == 2


def test_a_budget_is_that_of_all_machines(groqchat, machines, words, simulator):
    first = groqchat(*words, "--team", "--budget", "0.0004", "--json")
    assert first.code == 6
    assert "is spent on this set" in first.err
    there = 6 - first.json["missing"]
    machines("laptop", "anna")
    second = groqchat(*words, "--team", "--budget", "0.0004", "--json")
    assert (second.code, second.json["missing"]) == (6, 6 - there)
    assert groqchat(*words, "--team", "--budget", "1").code == 0
    assert set(asked(simulator).values()) == {1}


@pytest.mark.usefixtures("machines", "simulator")
def test_no_prompt_and_no_key_is_in_the_database(groqchat, words, cluster, database):
    (words[2]).write_text('{"id": "S3CRET", "prompt": "Please write 12 tokens, end with P1"}\n')
    groqchat(*words, "--team")
    with cluster.connect(database=database) as connection:
        tables = ("set_runs", "set_members", "set_workers", "set_tasks", "entries", "clients")
        rows = [
            str(row)
            for table in tables
            for row in connection.execute(f"SELECT * FROM groqchat.{table}").fetchall()
        ]
    assert any("P1" in row for row in rows)  # the answer
    assert not any(word in row for row in rows for word in (KEY, "S3CRET", "Please write"))


@pytest.mark.usefixtures("machines")
def test_what_cannot_be_shared_is_said(groqchat, words, simulator, tmp_path):
    for more in ("--report", "--batch"):
        refused = groqchat(*words, "--team", more)
        assert refused.code == 2
        assert f"give either --team or {more}" in refused.err
    assert "--team is for a set" in groqchat("compare", "Hi", "-m", BIG, "-m", SMALL, "--team").err
    judged = tmp_path / "judged.jsonl"
    judged.write_text('{"prompt": "Hi", "judge": "It is polite."}\n')
    refused = groqchat("compare", "--file", judged, *MODELS, "--judge", SMALL, "--team")
    assert refused.code == 2
    assert "--team does not share verdicts" in refused.err
    shutil.rmtree(tmp_path / "desk")
    refused = groqchat(*words, "--team")
    assert refused.code == 10
    assert "The settings name no team" in refused.err
    assert not asked(simulator)

"""``compare --file`` with the check ``judge``: asked once, paid once, and told before."""

import sqlite3
from contextlib import closing
from decimal import Decimal

import pytest

from groqchat.domain.prompt_sets import rubrics
from tests.cli.sets.test_compare_set import A, B, written

RUBRIC = "It ends with P1."
PROMPT = {"prompt": "write 12 tokens, end with P1", "judge": RUBRIC}


@pytest.fixture
def asking(tmp_path):
    return ["compare", "--file", written(tmp_path, [PROMPT]), "-m", A]


def judged(simulator):
    """The answers that the server gave to tasks of a judge."""
    answers = simulator._state.answers.values()
    return [answer.model for answer in answers if '"passes"' in answer.content]


def test_answers_are_judged_once_and_their_price_is_told_before(simulator, groqchat, asking):
    done = groqchat(*asking, "--judge", "gpt-oss-20b", "--json")
    assert done.code == 0
    told = done.err.index(f"Judging by {B}: 1 verdict, at most $0.0006")
    assert told < done.err.index("[1/1]")
    (result,) = done.json["results"]
    assert result["checks"] == [{"check": f"judge: {RUBRIC}", "passed": True, "note": "…"}]
    assert judged(simulator) == [B]
    again = groqchat(*asking, "--judge", B, "--json")
    assert again.json["results"] == done.json["results"]
    assert "verdict" not in again.err
    report = groqchat(*asking, "--report", "--json").json
    assert report["results"] == done.json["results"]
    assert judged(simulator) == [B]
    (other,) = groqchat(*asking, "--judge", A, "--report", "--json").json["results"]
    assert other["checks"][0]["passed"] is None
    assert other["checks"][0]["note"] == "no verdict of a judge yet"


def test_what_does_not_pass_says_why_and_costs_in_the_session_of_the_set(
    simulator, groqchat, asking, monkeypatch, groqchat_home
):
    monkeypatch.setattr(rubrics, "_EXAMPLE", '{"passes": false, "reason": "It is vague."}')
    done = groqchat(*asking, "--judge", B, "--json")
    (result,) = done.json["results"]
    assert result["checks"][0] == {
        "check": f"judge: {RUBRIC}", "passed": False, "note": "It is vague.",
    }  # fmt: skip
    with closing(sqlite3.connect(next(groqchat_home.rglob("groqchat.db")))) as db:
        costs = db.execute("SELECT session_id, count(*) FROM ledger GROUP BY session_id").fetchall()
    assert costs == [(done.json["session_id"], 2)]
    (session,) = groqchat("sessions", "list", "--json").json
    assert Decimal(session["cost_usd"]) > Decimal(result["cost_usd"])


def test_a_budget_that_does_not_reach_for_the_judge_is_exit_6(simulator, groqchat, asking):
    done = groqchat(*asking, "--judge", A, "--budget", "0.0008")
    assert done.code == 6
    assert f"{A} stopped judging:" in done.err
    assert judged(simulator) == []
    assert groqchat(*asking, "--judge", A, "--budget", "1").code == 0
    assert judged(simulator) == [A]


def test_a_judge_has_to_be_named_and_to_be_needed(simulator, groqchat, asking, tmp_path):
    done = groqchat(*asking)
    assert done.code == 2
    assert "name the model that judges with --judge ID" in done.err
    plain = written(tmp_path, [{"prompt": "Hi", "judge": {"rubric": "a", "model": B}}])
    assert groqchat("compare", "--file", plain, "-m", A, "--judge", B).code == 2
    assert groqchat("compare", "--file", plain, "-m", A).code == 0
    assert judged(simulator) == [B]
    assert groqchat("compare", "Hi", "-m", A, "-m", B, "--judge", B).code == 2


def test_a_verdict_that_cannot_be_read_is_not_decided_and_asked_for_again(
    simulator, groqchat, asking, monkeypatch
):
    with monkeypatch.context() as patch:
        patch.setattr(rubrics, "_EXAMPLE", '{"nothing": true}')
        done = groqchat(*asking, "--judge", B, "--min-pass", "0.5")
    assert done.code == 11
    assert "1 answer of a judge held no verdict: " in done.err
    assert "Checks not decided: 1 (no verdict of a judge yet)." in done.err
    titles = [session["title"] for session in groqchat("sessions", "list", "--json").json]
    assert f"Judged by {B}: write 12 tokens, end with P1" in titles
    assert groqchat(*asking, "--judge", B, "--min-pass", "0.5").code == 0


def test_a_judge_that_is_refused_stops_and_its_error_ends_the_command(
    simulator, groqchat, asking, tmp_path
):
    written(tmp_path, [{"prompt": PROMPT["prompt"]}])
    assert groqchat(*asking).code == 0
    written(tmp_path, [PROMPT])
    simulator.arm("rate_limited_tpd")
    done = groqchat(*asking, "--judge", B)
    assert done.code == 6
    assert f"{B} stopped judging: " in done.err
    simulator.disarm()

"""Checks that sets make: with patterns in a process of their own, and of the schema asked for."""

from groqchat.services.checking import checker
from tests.checks import ANSWERS, LEAVES, stand_in
from tests.cli.sets.test_compare_set import A, B, written


def test_a_report_tells_what_was_not_decided(simulator, groqchat, tmp_path, monkeypatch):
    rows = [{"prompt": "write 12 tokens, end with P1", "task": "t", "regex": ["P1$", "^P"]}]
    asking = ["compare", "--file", written(tmp_path, rows), "-m", A, "-m", B]
    assert "1/2" in groqchat(*asking).out
    monkeypatch.setattr(checker, "COMMAND", stand_in(f"{LEAVES} if '^P' in l else {ANSWERS}"))
    page = tmp_path / "page.html"
    done = groqchat(*asking, "--report", "--html", page)
    assert done.out.count("1/2 (1 not decided)") == 4
    assert "Checks not decided: 2 (the pattern takes over 5 s)." in done.err
    assert "(the pattern takes over 5 s)" in page.read_text()
    report = groqchat(*asking, "--report", "--json").json
    assert [each["passed"] for each in report["results"][0]["checks"]] == [True, None]
    assert report["models"][0]["checks_undecided"] == 1


def test_answers_that_do_not_fit_the_schema_of_the_command_line_are_not_passed(
    simulator, groqchat, tmp_path
):
    rows = [{"prompt": "Who?"}, {"prompt": "simulate: off_schema"}]
    asking = ["compare", "--file", written(tmp_path, rows), "-m", A, "--schema", "name"]
    done = groqchat(*asking, "--json")
    model = done.json["models"][0]
    assert (model["checks_passed"], model["checks"], model["failures"]) == (1, 2, {})
    last = done.json["results"][1]["checks"][0]
    assert (last["passed"], last["check"]) == (False, "fits the schema: name")
    assert groqchat(*asking, "--min-pass", "0.9").code == 11

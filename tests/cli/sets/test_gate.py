"""``compare --file`` as a gate: exit 11, baselines, and the files and lines for CI servers."""

from xml.etree import ElementTree as ET

import pytest

from groqchat.cli.exit_codes import ExitCode
from groqchat.domain.limits.quota import LimitKind
from tests.cli.sets.test_compare_set import ROWS, A, B, written


@pytest.fixture(autouse=True)
def _outside_of_actions(monkeypatch):
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)


@pytest.fixture
def asking(tmp_path):
    return ["compare", "--file", written(tmp_path, ROWS[:2]), "-m", A]


def test_a_gate_that_is_missed_is_exit_11_also_for_a_report_alone(simulator, groqchat, asking):
    done = groqchat(*asking, "--min-pass", "0.6", "--json")
    assert done.code == ExitCode.GATE == 11
    said = "50% of 2 prompts pass; at least 60% are wanted"
    assert f"Gate missed: {A}: {said}.\n  {A} · two: contains: P1\n" in done.err
    assert done.json["gate"] == {
        "passed": False,
        "rules": [
            {"rule": "min_pass", "model": A, "variant": None, "passed": False, "message": said}
        ],
        "notes": [],
    }
    assert groqchat(*asking, "--min-pass", "60%", "--report").code == 11
    passed = groqchat(*asking, "--min-pass", "50%", "--report", "--json")
    assert passed.code == 0
    assert f"Gate passed: {A}" in passed.err
    assert groqchat(*asking, "--report", "--json").json["gate"] is None


def test_a_report_is_the_baseline_of_the_next_one(simulator, groqchat, asking, tmp_path):
    earlier = tmp_path / "earlier.json"
    earlier.write_text(groqchat(*asking, "--json").out)
    assert groqchat(*asking, "--baseline", earlier).code == 0
    written(tmp_path, [ROWS[0] | {"prompt": "write 12 tokens, end with P9"}, *ROWS[1:2]])
    done = groqchat(*asking, "--baseline", earlier, "--max-regression", "2%")
    assert done.code == 0
    assert "left out 1 prompt with another text than in the baseline: one" in done.err
    refused = groqchat(*asking[:-1], B, "--baseline", earlier)
    assert (refused.code, B in str(simulator._state.answers)) == (2, False)
    assert f"the baseline has none of these models: it has {A}" in refused.err


def test_what_stops_a_set_goes_before_the_gate(simulator, groqchat, asking):
    simulator.spend(A, LimitKind.RPD, 999)
    done = groqchat(*asking, "--min-pass", "0.5")
    assert done.code == ExitCode.LIMITED
    assert "1 answer missing; at least 50% are wanted" in done.err


def test_files_and_lines_for_ci_servers(simulator, groqchat, asking, tmp_path, monkeypatch):
    report = tmp_path / "junit.xml"
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    done = groqchat(*asking, "--min-pass", "1", "--junit", report)
    lines = [line for line in done.err.splitlines() if line.startswith("::")]
    assert lines[1] == f"::error file=prompts.jsonl,line=2,title=two · {A}::contains: P1"
    assert ET.parse(report).getroot().get("failures") == "2"
    again = groqchat(*asking, "--junit", report, "--no-github", "--report")
    assert "::" not in again.err
    assert ET.parse(report).getroot().get("failures") == "1"
    monkeypatch.delenv("GITHUB_ACTIONS")
    assert "::warning file=" in groqchat(*asking, "--github", "--report").err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--max-regression", "2"], "--max-regression is for --baseline"),
        (["--min-pass", "90"], "no share such as 0.9 or 90%"),
        (["--min-pass", "0"], "no share such as"),
        (["--max-regression", "101%"], "no number of percentage points"),
        (["--baseline", "{prompts}"], "no report of groqchat"),
        (["--baseline", "nowhere.json"], "cannot read nowhere.json"),
        (["--junit", "{prompts}"], "is no JUnit report: it stays"),
        (["--junit", "-"], "--junit takes the name of a file"),
        (["--junit", "/nowhere/x.xml"], "cannot write /nowhere/x.xml"),
    ],
)
def test_what_makes_no_gate_is_exit_2_and_asks_nobody(simulator, groqchat, asking, words, said):
    done = groqchat(*asking, *(word.format(prompts=asking[2]) for word in words))
    assert done.code == 2
    assert said in done.err
    assert not simulator._state.answers


def test_a_gate_needs_checks_and_a_set(simulator, groqchat, tmp_path):
    plain = written(tmp_path, [{"prompt": "Hi"}])
    done = groqchat("compare", "--file", plain, "-m", A, "--min-pass", "0.5")
    assert (done.code, simulator._state.answers) == (2, {})
    assert "a gate needs checks, and no prompt has one" in done.err
    alone = groqchat("compare", "Hi", "-m", A, "-m", B, "--min-pass", "0.5")
    assert "--min-pass is for a set of prompts" in alone.err

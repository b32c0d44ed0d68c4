"""Reports for CI servers: JUnit XML, and annotations of GitHub Actions."""

from dataclasses import replace
from xml.etree import ElementTree as ET

from groqchat.domain.prompt_sets.gate import GateResult, Ruling
from groqchat.domain.prompt_sets.prompt_set import SetPrompt, progress
from groqchat.domain.prompt_sets.report import set_report
from groqchat.reports.github_annotations import MOST, github_annotations
from groqchat.reports.junit import junit
from tests.domain.prompt_sets.test_report import CHECKS, A, B, failed, said

PASSED, MISSED = (
    GateResult((Ruling("min_pass", A, is_passed, "90% <of> it pass"),))
    for is_passed in (True, False)
)
HOSTILE = "a\x00b\x1b[31mc\x85d\ufffe\uffffe\ud800 ]]> <b>&amp;"


def report_of(*, prompts=None):
    prompts = prompts or [
        SetPrompt("k1", "one", "One?", "", "maths", CHECKS, line=1),
        SetPrompt("k2", "two: a,b", "Two?", "", "", CHECKS, line=7),
        SetPrompt("k3", "<three>", "Three?", "", "", CHECKS, line=9),
    ]
    messages = [said(1, "k1", A), said(2, "k2", A, f"{HOSTILE}yes"), said(3, "k1", B)]
    failures = [replace(failed("k3", A, is_retryable=True), sentence="100 %\r\nbroken: a,b")]
    reached = progress("s1", messages, failures)
    return set_report(
        "s\x02et", "s1", prompts=prompts, models=[A, B], progress=reached, messages=messages
    )


def test_junit_has_a_suite_for_each_model_and_one_for_the_gate():
    root = ET.fromstring(junit(report_of(), MISSED).encode())
    assert root.attrib == {"name": "set", "tests": "7", "failures": "2", "errors": "1"}
    first, second, gate = root
    assert first.attrib == {
        "name": A, "tests": "3", "failures": "1", "errors": "1", "skipped": "0", "time": "3.000",
    }  # fmt: skip
    assert second.get("skipped") == "2"
    one, two, three = first
    assert one.attrib == {"name": "one", "classname": "set.maths", "time": "1.000"}
    assert [child.tag for child in one] == ["system-out"]
    assert two.find("failure").get("message") == "exact: yes"
    assert two.find("system-out").text == "abc\nde\ufffd ]]> <b>&amp;yes"
    assert three.find("error").get("type") == "service_error"
    assert gate[0].find("failure").text == "90% <of> it pass"
    assert len(ET.fromstring(junit(report_of(), GateResult(())).encode())) == 2


def test_annotations_name_the_line_and_are_escaped():
    lines = github_annotations(report_of(), MISSED, "a/b,c:%.jsonl")
    assert lines == [
        f"::error file=a/b%2Cc%3A%25.jsonl,title=gate missed::{A}: 90%25 <of> it pass",
        f"::error file=a/b%2Cc%3A%25.jsonl,line=7,title=two%3A a%2Cb · {A}::exact: yes",
        f"::error file=a/b%2Cc%3A%25.jsonl,line=9,title=<three> · {A}::100 %25%0Abroken: a,b",
    ]
    warnings = github_annotations(report_of(), PASSED, "p.jsonl")
    assert [line.partition(" ")[0] for line in warnings] == ["::warning", "::warning"]


def test_more_annotations_than_are_shown_are_counted():
    prompts = [SetPrompt(f"x{n}", str(n), "?", "", "", CHECKS) for n in range(12)]
    failures = [failed(f"x{n}", A, is_retryable=True) for n in range(12)]
    report = set_report(
        "set", "s1", prompts=prompts, models=[A], progress=progress("s1", [], failures), messages=[]
    )
    lines = github_annotations(report, PASSED, "p.jsonl")
    assert len(lines) == MOST
    assert lines[-1] == "::warning file=p.jsonl::3 further failures, which the report has"

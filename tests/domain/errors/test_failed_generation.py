"""What a model said in vain: kept and shown, never a sign of what went wrong."""

import json
from pathlib import Path

import pytest

from groqchat.domain.errors.diagnosis import diagnose, diagnose_event
from groqchat.domain.errors.refusal_bodies import LONGEST_QUOTE

RECORDED = json.loads((Path(__file__).parent / "refusals.json").read_text("utf-8"))
HELD = [each for each in RECORDED if "failed_generation" in str(each["body"])]


def refused(said):
    return {"error": {"message": "Odd.", "code": "tool_use_failed", "failed_generation": said}}


@pytest.mark.parametrize("recorded", HELD, ids=lambda each: each["name"])
def test_what_was_recorded_is_kept(recorded):
    said = recorded["body"]["error"]["failed_generation"]
    error = diagnose(recorded["status"], recorded["body"], {})
    assert error.facts.failed_generation == said
    assert error.cause.name == "generation_failed"


def test_it_is_kept_in_the_middle_of_an_answer_too():
    error = diagnose_event(refused("{oops"), partial="Half")
    assert (error.facts.failed_generation, error.facts.partial) == ("{oops", "Half")


def test_it_is_made_harmless_and_keeps_its_lines():
    said = "a\x1b[31m\nkey gsk_test" + "x" * 30 + " \u202eb"
    assert diagnose(400, refused(said), {}).facts.failed_generation == "a\nkey gsk_… b"


def test_a_huge_one_is_cut():
    kept = diagnose(400, refused("x" * 10**6), {}).facts.failed_generation
    assert len(kept) == LONGEST_QUOTE
    assert kept.endswith("…")


@pytest.mark.parametrize("said", [None, 7, ["x"], {"a": 1}])
def test_what_is_no_text_is_passed_over(said):
    assert diagnose(400, refused(said), {}).facts.failed_generation == ""

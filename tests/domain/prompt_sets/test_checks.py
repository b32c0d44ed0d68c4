"""Checks of answers: what passes, and what cannot be a check."""

import re
from decimal import Decimal

import pytest

from groqchat.domain.prompt_sets.check_fields import read_checks
from groqchat.domain.prompt_sets.checks import (
    NO_EVIDENCE,
    NOT_IN_TIME,
    Check,
    CheckedAnswer,
    CheckKind,
    CheckResult,
    Evidence,
)
from groqchat.domain.prompt_sets.similarity import similarity

PASSES = [
    ({"exact": "Paris"}, " Paris\n", True),
    ({"exact": "Paris"}, "paris", False),
    ({"contains": "aris"}, "In Paris.", True),
    ({"contains": "aris"}, "In PARIS.", False),
    ({"regex": r"^\d+$"}, "17", True),
    ({"regex": r"^\d+$"}, "\n 17 \n\n", True),
    ({"regex": r"(?i)paris"}, "PARIS", True),
    ({"regex": r"^\d+$"}, "about 17", False),
    ({"json": True}, ' {"a": 1}\n', True),
    ({"json": True}, '```json\n{"a": 1}\n```', False),
    ({"json": True}, "NaN", False),
    ({"json": True}, "[" * 100_000, False),
    ({"json": {"name": "Ada"}}, '{"name": "Ada", "age": 36}', True),
    ({"json": {"people.1.age": 36}}, '{"people": [{}, {"age": 36}]}', True),
    ({"json": {"people.2.age": 36}}, '{"people": [{}, {"age": 36}]}', False),
    ({"json": {"ok": True}}, '{"ok": 1}', False),
    ({"json": {"n": 1}}, '{"n": 1.0}', True),
    ({"json": {"gone": None}}, '{"gone": null}', True),
    ({"json": {"gone": None}}, "{}", False),
    ({"json": {"name": "Ada"}}, "no JSON", False),
    ({"schema": "name, age int?"}, '{"name": "Ada", "age": null}', True),
    ({"schema": "name, age int?"}, '{"name": "Ada", "age": "36"}', False),
    ({"schema": {"type": "array", "minItems": 2}}, "[1, 2]", True),
    ({"schema": {"type": "array", "minItems": 2}}, "[1]", False),
    ({"schema": "name"}, "no JSON", False),
    ({"similar": "Paris is the capital"}, "Paris  is the\ncapital", True),
    ({"similar": "Paris is the capital"}, "Paris is a capital.", True),
    ({"similar": "Paris is the capital"}, "Lyon", False),
    ({"similar": {"text": "abcd", "threshold": 0.75}}, "abcx", True),
    ({"similar": {"text": "abcd", "threshold": "0.76"}}, "abcx", False),
]


@pytest.mark.parametrize(("fields", "answer", "passes"), PASSES)
def test_what_passes(fields, answer, passes):
    (check,) = read_checks(fields)
    search = check.search(answer)
    found = {search: re.search(*search) is not None} if search else {}
    assert check.result(CheckedAnswer(answer), Evidence(found)).passed is passes


def test_a_search_that_was_not_decided_leaves_its_check_undecided():
    (check,) = read_checks({"regex": "17"})
    assert check.result(CheckedAnswer("17"), NO_EVIDENCE) == CheckResult(None, NOT_IN_TIME)


MEASURED = CheckedAnswer("", 2.5, Decimal("0.0010"), 200)
LIMITS = [
    ({"latency_under": 2.6}, True, "2.5 s"),
    ({"latency_under": "2.5"}, False, "2.5 s"),
    ({"cost_under": "0.00100001"}, True, "$0.001"),
    ({"cost_under": 0.001}, False, "$0.001"),
    ({"tokens_under": 201}, True, "200 tokens"),
    ({"tokens_under": 200}, False, "200 tokens"),
]


@pytest.mark.parametrize(("fields", "passes", "note"), LIMITS)
def test_an_answer_stays_under_a_limit_and_its_figure_is_told(fields, passes, note):
    (check,) = read_checks(fields)
    assert check.result(MEASURED, NO_EVIDENCE) == CheckResult(passes, note)
    unknown = check.result(CheckedAnswer("answer"), NO_EVIDENCE)
    assert unknown.passed is None
    assert unknown.note.endswith("not known")


def test_long_texts_are_compared_by_words():
    text = " ".join(f"word{number}" for number in range(400))
    assert similarity(text, text.replace("word7 ", "other ")) == pytest.approx(799 / 800, abs=2e-3)
    assert similarity(text, text.swapcase()) == 0
    assert similarity("ab", "") == 0


def test_lists_and_objects_are_several_checks():
    checks = read_checks(
        {"contains": ["a", "b"], "json": {"x": 1, "y.0": [2]}, "exact": None, "regex": "c"}
    )
    assert [str(check) for check in checks] == [
        "contains: a", "contains: b", "regex: c", "x = 1", "y.0 = [2]",
    ]  # fmt: skip
    assert str(Check(CheckKind.JSON)) == "is JSON"
    assert str(read_checks({"schema": "name, age int"})[0]) == "fits the schema: name, age"
    limits = read_checks(
        {"similar": "a", "latency_under": 2, "cost_under": 0.01, "tokens_under": 9}
    )
    assert [str(check) for check in limits] == [
        "similar: at least 0.8 to a", "latency_under: 2 s", "cost_under: $0.01",
        "tokens_under: 9 tokens",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"exact": 3}, "exact wants a text"),
        ({"contains": [""]}, "contains wants a text"),
        ({"regex": "("}, "no regular expression: missing )"),
        ({"json": "yes"}, "json wants true, or an object"),
        ({"json": {"": 1}}, "json wants true, or an object"),
        ({"json": False}, "json wants true, or an object"),
        ({"schema": "name strr"}, "schema: “strr” is no type"),
        ({"schema": {"type": 3}}, "schema: it is no JSON Schema"),
        ({"schema": True}, "schema: a JSON Schema is an object"),
        ({"similar": {"txt": "a"}}, "similar wants a text"),
        ({"similar": " "}, "similar wants a text"),
        ({"similar": {"text": "a", "threshold": 80}}, "a number over 0 and up to 1"),
        ({"latency_under": "2 s"}, "latency_under wants a number over 0: seconds"),
        ({"cost_under": True}, "cost_under wants a number over 0: US dollars"),
        ({"tokens_under": 0}, "tokens_under wants a number over 0: tokens"),
        ({"cost_under": float("nan")}, "cost_under wants a number"),
    ],
)
def test_what_cannot_be_a_check(fields, said):
    with pytest.raises(ValueError, match=said.replace(")", r"\)")):
        read_checks(fields)

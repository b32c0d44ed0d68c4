"""Checks of answers: what passes, and what cannot be a check."""

import re

import pytest

from groqchat.domain.prompt_sets.checks import Check, CheckKind, read_checks

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
]


@pytest.mark.parametrize(("fields", "answer", "passes"), PASSES)
def test_what_passes(fields, answer, passes):
    (check,) = read_checks(fields)
    search = check.search(answer)
    found = {search: re.search(*search) is not None} if search else {}
    assert check.passes(answer, found) is passes


def test_a_search_that_was_not_decided_leaves_its_check_undecided():
    (check,) = read_checks({"regex": "17"})
    assert check.passes("17", {}) is None


def test_lists_and_objects_are_several_checks():
    checks = read_checks(
        {"contains": ["a", "b"], "json": {"x": 1, "y.0": [2]}, "exact": None, "regex": "c"}
    )
    assert [str(check) for check in checks] == [
        "contains: a", "contains: b", "regex: c", "x = 1", "y.0 = [2]",
    ]  # fmt: skip
    assert str(Check(CheckKind.JSON)) == "is JSON"
    assert str(read_checks({"schema": "name, age int"})[0]) == "fits the schema: name, age"


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
    ],
)
def test_what_cannot_be_a_check(fields, said):
    with pytest.raises(ValueError, match=said.replace(")", r"\)")):
        read_checks(fields)

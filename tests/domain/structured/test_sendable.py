"""What of a schema is sent to Groq, and what is told about the changes."""

import json
import re

import pytest

from groqchat.domain.structured.rules import RULES, Certainty, violations
from groqchat.domain.structured.schema import keys_of, read_schema
from groqchat.domain.structured.sendable import sendable


def sent(document, *, is_strict=True):
    return sendable(json.dumps(document), is_strict=is_strict)


def obj(required=(), **properties):
    return {"type": "object", "properties": properties, "required": list(required)}


TEXT = {"type": "string"}


def test_keys_that_may_be_left_out_become_keys_that_may_be_null():
    made = sent(obj(["a"], a=TEXT, b={"type": "integer"}))
    assert made.is_strict
    assert made.document["required"] == ["a", "b"]
    assert made.document["properties"]["b"] == {"type": ["integer", "null"]}
    assert made.document["additionalProperties"] is False
    assert made.notes == (
        "“b” may be null instead of left out",
        "no other keys than those in the schema are allowed",
    )
    assert not list(violations(made.document, is_strict=True))


def test_best_effort_leaves_keys_as_they_are():
    made = sent(obj(["a"], a=TEXT, b=TEXT), is_strict=False)
    assert made.document == obj(["a"], a=TEXT, b=TEXT)
    assert made.notes == ()


def test_keywords_that_groq_does_not_know_are_left_out_and_named():
    made = sent({**obj(["a"], a={"type": "string", "minLength": 3, "default": "x"}), "$id": "y"})
    assert made.document["properties"]["a"] == TEXT
    assert "not sent, but checked in the answer: minLength" in made.notes


def test_patterns_are_not_sent_but_checked():
    made = sent(obj(["a"], a={"type": "string", "pattern": "x", "format": "date"}))
    assert made.document["properties"]["a"] == TEXT
    assert made.notes == (
        "no other keys than those in the schema are allowed",
        "not sent, but checked in the answer: pattern and format",
    )


def test_other_spellings_become_those_that_groq_knows():
    made = sent(
        {
            **obj(["a"], a={"oneOf": [{"$ref": "#/definitions/t"}, {"const": 3}]}),
            "definitions": {"t": TEXT},
        }
    )
    assert made.document["properties"]["a"] == {"anyOf": [{"$ref": "#/$defs/t"}, {"enum": [3]}]}
    assert made.document["$defs"] == {"t": TEXT}
    assert "oneOf is sent as anyOf" in made.notes


def test_a_member_that_stands_alone_in_all_of_is_taken_in():
    made = sent(obj(["a"], a={"allOf": [TEXT], "description": "d"}))
    assert made.document["properties"]["a"] == {"type": "string", "description": "d"}


@pytest.mark.parametrize(
    ("loose", "reason"),
    [
        ({"type": "object"}, "“a”: an object may have other keys than those that are named"),
        (
            {"type": "object", "properties": {"x": TEXT}, "additionalProperties": TEXT},
            "“a”: an object may have other keys than those that are named",
        ),
        ({}, "“a”: a value has no type"),
        (
            {"anyOf": [obj(["k"], k=TEXT), obj(["k", "n"], k=TEXT, n=TEXT)]},
            "objects of one anyOf share a key, so they cannot be told apart (k)",
        ),
    ],
)
def test_what_cannot_be_strict_is_sent_without_and_said(loose, reason):
    made = sent(obj(["a"], a=loose))
    assert not made.is_strict
    assert reason in made.notes[0]
    assert not list(violations(made.document, is_strict=False))


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ({"type": "array", "items": TEXT}, "at the top: the outermost value has to be an object"),
        ({"anyOf": [obj(), obj()]}, "at the top: the outermost value has to be an object"),
        (obj(["a"], a={"$ref": "https://example.org/x"}), "“a”: a reference leads out"),
        (obj(["a"], a={"allOf": [TEXT, TEXT]}), "“a”: the keyword is not among those"),
    ],
)
def test_what_groq_would_refuse_in_any_form_is_explained(document, complaint):
    with pytest.raises(ValueError, match=re.escape(complaint)):
        sent(document)


def test_a_schema_may_refer_to_itself():
    node = obj(["children"], children={"type": "array", "items": {"$ref": "#"}})
    made = sent(node)
    assert made.is_strict
    assert made.document["properties"]["children"]["items"] == {"$ref": "#"}


def test_the_name_comes_from_the_title():
    assert sent({**obj(["a"], a=TEXT), "title": "My tickets (2)"}).name == "My_tickets_2"
    assert sent(obj(["a"], a=TEXT)).name == "answer"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "it is empty"),
        ("[1]", "a JSON Schema is an object in braces"),
        ('{"type": ', "it is no JSON"),
        ('{"type": "objekt"}', "it is no JSON Schema: type: 'objekt'"),
        ("name strr", "“strr” is no type"),
        ("x" * 100_001, "more than 100,000 characters"),
    ],
)
def test_a_text_that_is_no_schema_is_refused_in_a_sentence(text, complaint):
    with pytest.raises(ValueError, match=re.escape(complaint)):
        read_schema(text)


def test_a_schema_that_is_too_deep_is_refused_in_a_sentence():
    with pytest.raises(ValueError, match=r"too deep|no JSON"):
        read_schema('{"not":' * 900 + "{}" + "}" * 900)


def test_a_schema_is_named_by_its_keys():
    assert keys_of(read_schema("a, b")) == "a, b"
    assert keys_of(read_schema("a, b, c, d, e, f")) == "a, b, c, d and 2 more"


def test_every_rule_has_a_source_and_a_certainty():
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.source and rule.certainty in Certainty for rule in RULES)

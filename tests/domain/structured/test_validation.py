"""The check of an answer against its schema."""

import json

import pytest

from groqchat.domain.structured.schema import read_schema
from groqchat.domain.structured.validation import has_patterns, mismatches, parsed

PEOPLE = read_schema("people {name, age int}[]")


def found(answer, schema=PEOPLE):
    return [str(each) for each in mismatches(schema, answer)]


def test_an_answer_that_fits_has_nothing_wrong():
    assert found('{"people": [{"name": "x", "age": 3}]}') == []
    assert found('{"anything": 1}', schema=None) == []


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        ("Here you are: {}", "the answer is no JSON"),
        ('{"a": NaN}', "the answer is no JSON"),
        ("{}", "'people' is a required property"),
        ('{"people": [{"name": "x", "age": "3"}]}', "people[0].age: '3' is not of type 'integer'"),
        ('{"people": [], "more": 1}', "Additional properties are not allowed"),
        ("[" * 100_000, "the answer is no JSON"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(answer, complaint):
    assert any(complaint in words for words in found(answer))


def test_without_a_schema_an_object_is_wanted():
    assert found("[1]", schema=None) == ["the answer is no JSON object"]


def test_a_key_that_may_be_left_out_may_be_null_as_it_was_asked_for():
    schema = json.dumps({"type": "object", "properties": {"a": {"type": "string", "minLength": 2}}})
    assert found('{"a": null}', schema) == []
    assert found("{}", schema) == []
    assert found('{"a": "x"}', schema) == ["a: 'x' is too short"]


def test_no_control_character_of_an_answer_stands_in_the_words():
    said = found('{"people": "\\u001b[31m' + "x" * 500 + '"}')
    assert all(words.isprintable() and len(words) < 200 for words in said)


def test_at_most_twenty_places_are_named():
    answer = json.dumps({"people": [{"name": 1, "age": 1}] * 50})
    assert len(found(answer)) == 20


def test_a_value_is_read_as_json_reads_it():
    assert parsed(" [1.5, null] ") == [1.5, None]


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("http://127.0.0.1:9/schema.json", "refers to something that it does not hold"),
        ("#/$defs/gone", "refers to something that it does not hold"),
        ("#", "refers to itself without an end"),
    ],
)
def test_a_reference_is_followed_inside_the_schema_alone(reference, words):
    assert words in found("{}", json.dumps({"$ref": reference}))[0]


def test_patterns_can_be_left_untried():
    schema = json.dumps(
        {
            "type": "object",
            "properties": {
                "a": {"type": "string", "pattern": "^(a+)+$"},
                "pattern": {"type": "integer"},
            },
        }
    )
    assert has_patterns(schema)
    assert found('{"a": "b"}', schema) == ["a: 'b' does not match '^(a+)+$'"]
    evil = json.dumps({"a": "a" * 60 + "b", "pattern": "x"})
    said = [str(each) for each in mismatches(schema, evil, with_patterns=False)]
    assert said == ["pattern: 'x' is not of type 'integer', 'null'"]


def test_a_date_has_to_be_one():
    schema = json.dumps({"properties": {"day": {"type": "string", "format": "date"}}})
    assert found('{"day": "2026-11-29"}', schema) == []
    assert found('{"day": "tomorrow"}', schema) == ["day: 'tomorrow' is not a 'date'"]

"""The check of an answer against its schema."""

import json
import re

import pytest

from groqchat.domain.structured.schema import read_any_schema, read_schema
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
        ("{}", "the key “people” is missing"),
        ('{"people": [{"name": "x", "age": "3"}]}', 'people[0].age: "3" is not a whole number'),
        ('{"people": [], "more": 1}', "the key “more” is not allowed"),
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
    assert found('{"a": "x"}', schema) == ['a: "x" has fewer than 2 characters']


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
    assert found('{"a": "b"}', schema) == ['a: "b" does not match ^(a+)+$']
    evil = json.dumps({"a": "a" * 60 + "b", "pattern": "x"})
    said = [str(each) for each in mismatches(schema, evil, with_patterns=False)]
    assert said == ['pattern: "x" is not a whole number or null']


def test_a_date_has_to_be_one():
    schema = json.dumps({"properties": {"day": {"type": "string", "format": "date"}}})
    assert found('{"day": "2026-11-29"}', schema) == []
    assert found('{"day": "tomorrow"}', schema) == ['day: "tomorrow" is no date']


@pytest.mark.parametrize(
    ("schema", "value", "sentence"),
    [
        ({"required": ["a", "b"]}, {"b": 1}, "the key “a” is missing"),
        (
            {"properties": {"a": {}}, "additionalProperties": False},
            {"x": 1, "a": 1, "y": 2},
            "the keys “x” and “y” are not allowed",
        ),
        ({"type": ["string", "null"]}, 1, "1 is not text or null"),
        ({"enum": ["a", "b"]}, "c", '"c" is not one of "a", "b"'),
        ({"const": 1}, 2, "2 is not 1"),
        ({"maxLength": 2}, "abc", '"abc" has more than 2 characters'),
        ({"minItems": 1}, [], "the list has fewer than 1 entries"),
        ({"uniqueItems": True}, [1, 1], "the list has an entry twice"),
        ({"minimum": 1}, 0, "0 is less than 1"),
        ({"multipleOf": 2}, 5, "5 is no multiple of 2"),
        ({"format": "date"}, "x", '"x" is no date'),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, 1, "1 fits none of the allowed forms"),
    ],
)
def test_each_problem_is_one_plain_sentence(schema, value, sentence):
    assert found(json.dumps(value), json.dumps(schema)) == [sentence]


@pytest.mark.parametrize(
    ("schema", "complaint"),
    [
        ({"$ref": "#/definitions/x"}, "“#/definitions/x” leads nowhere"),
        ({"properties": {"a": {"items": {"$ref": "#/$defs/b"}}}}, "“#/$defs/b” leads nowhere"),
        ({"properties": {"a": {"$ref": "http://host/b"}}}, "only places inside the schema"),
        ({"$ref": "#"}, "“#” leads back to itself"),
    ],
)
def test_a_reference_that_leads_nowhere_is_a_flaw_of_the_schema(schema, complaint):
    with pytest.raises(ValueError, match=re.escape(complaint)):
        read_any_schema(schema)


def test_references_inside_a_schema_are_followed_and_values_are_none():
    tree = {"properties": {"next": {"$ref": "#"}, "b": {"$ref": "#/$defs/b"}}, "$defs": {"b": {}}}
    assert read_any_schema(tree)
    assert read_any_schema({"properties": {"$ref": {}}, "enum": [{"$ref": "#/x"}]})


def test_parts_that_each_name_the_next_one_twice_end_the_check():
    parts = {str(n): {"allOf": [{"$ref": f"#/$defs/{n + 1}"}] * 2} for n in range(60)}
    schema = json.dumps({"$ref": "#/$defs/0", "$defs": {**parts, "60": {}}})
    assert found("{}", schema) == ["the schema has too many branches to be checked"]
    assert found("{}", schema), "each check has its own steps"

"""The short form of a schema."""

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.structured.short_form import nullable, read_short_form


def properties(text):
    return read_short_form(text)["properties"]


@pytest.mark.parametrize(
    ("text", "described"),
    [
        ("name", {"type": "string"}),
        ("name str", {"type": "string"}),
        ("name int", {"type": "integer"}),
        ("name float", {"type": "number"}),
        ("name bool", {"type": "boolean"}),
        ("name good|bad", {"type": "string", "enum": ["good", "bad"]}),
        ("name int?", {"type": ["integer", "null"]}),
        ("name str[]", {"type": "array", "items": {"type": "string"}}),
        ("name[]", {"type": "array", "items": {"type": "string"}}),
        ("name a|b?", {"type": ["string", "null"], "enum": ["a", "b", None]}),
        ("name int: in years", {"type": "integer", "description": "in years"}),
        ("name:", {"type": "string"}),
    ],
)
def test_a_field_has_a_type_and_a_description(text, described):
    assert properties(text) == {"name": described}


def test_every_key_is_required_and_no_other_is_allowed():
    read = read_short_form("name, age int")
    assert read["type"] == "object"
    assert read["required"] == ["name", "age"]
    assert read["additionalProperties"] is False


def test_fields_in_braces_are_an_object_and_a_list_of_them():
    read = properties("people {name, home {zip int: of the town}}[]?")["people"]
    assert read["anyOf"][1] == {"type": "null"}
    person = read["anyOf"][0]["items"]
    assert person["required"] == ["name", "home"]
    assert person["properties"]["home"]["properties"] == {
        "zip": {"type": "integer", "description": "of the town"}
    }


def test_a_description_on_a_line_of_its_own_may_hold_commas():
    read = properties("""
        name: the full name, without titles
        age int
    """)
    assert read["name"]["description"] == "the full name, without titles"
    assert read["age"] == {"type": "integer"}
    assert list(properties("name: first, age int")) == ["name", "age"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (" , ", "it names no field"),
        ("7up", "a field begins with a letter"),
        ("age integr", "did you mean integer?"),
        ("name, name int", "“name” is there twice"),
        ("home {zip int", "the braces of “home” are not closed"),
        ("name}", "“}” is not expected there"),
        ("name str = 3", "“= 3” is not expected behind “name”"),
        ("a {" * 10 + "b" + "}" * 10, "more than 8 times"),
    ],
)
def test_what_cannot_be_read_is_explained(text, complaint):
    with pytest.raises(ValueError, match=re.escape(complaint)):
        read_short_form(text)


@given(st.text(alphabet="ab {}[]?|:,\n_9", max_size=30))
def test_any_text_is_read_or_refused_with_words(text):
    with suppress(ValueError):
        assert read_short_form(text)["required"]


def test_what_may_be_null_already_is_left_as_it_is():
    for schema in ({"type": ["string", "null"]}, {"anyOf": [{"type": "object"}, {"type": "null"}]}):
        assert nullable(schema) == schema

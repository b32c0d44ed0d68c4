"""Schemas of tools, as they are sent: of real servers, and of such as mean harm."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from groqchat.domain.tools import schemas
from groqchat.domain.tools.references import UnsendableError
from groqchat.domain.tools.schemas import narrowed, sent_description, sent_parameters, without_nulls
from groqchat.simulator.structured import example_of

REAL = json.loads((Path(__file__).parents[2] / "samples" / "mcp_schemas.json").read_text())
KNOWN = {
    *("type", "properties", "required", "additionalProperties", "items", "enum", "anyOf"),
    *("description", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    *("minItems", "maxItems", "minLength", "maxLength"),
}


def parts(schema):
    """A schema and all within it."""
    yield schema
    for name in ("items", "additionalProperties"):
        if isinstance(schema.get(name), dict):
            yield from parts(schema[name])
    for each in (*schema.get("anyOf", ()), *schema.get("properties", {}).values()):
        yield from parts(each)


@pytest.mark.parametrize("tool", REAL, ids=lambda tool: tool["package"].rpartition("/")[2])
def test_a_real_server_s_schema_is_sent_in_keywords_that_are_known_to_be_taken(tool):
    sent = sent_parameters(tool["inputSchema"])
    Draft202012Validator.check_schema(sent)
    assert sent["type"] == "object"
    for part in parts(sent):
        assert set(part) <= KNOWN
        assert "required" not in part or set(part["required"]) <= set(part["properties"])
    # An optional field that is left out or null is one that the server's own schema takes.
    example = example_of(sent)
    assert Draft202012Validator(sent).is_valid(example)
    meant = without_nulls(example, narrowed(tool["inputSchema"]))
    Draft202012Validator(tool["inputSchema"]).validate(meant)


def test_there_are_twelve_of_them():
    assert len({tool["package"] for tool in REAL}) == 12


def test_references_are_written_out_and_what_stands_beside_them_counts():
    schema = {
        "$defs": {"Zone": {"type": "string", "description": "A zone."}},
        "properties": {
            "from": {"$ref": "#/$defs/Zone"},
            "to": {"$ref": "#/$defs/Zone", "description": "Where to."},
            "definitions": {"type": "integer"},
        },
        "required": ["from", "to", "definitions"],
    }
    assert sent_parameters(schema) == {
        "type": "object",
        "properties": {
            "from": {"type": "string", "description": "A zone."},
            "to": {"type": "string", "description": "Where to."},
            "definitions": {"type": "integer"},
        },
        "required": ["from", "to", "definitions"],
    }


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        (
            {
                "properties": {"tree": {"$ref": "#/$defs/Node"}},
                "$defs": {"Node": {"properties": {"left": {"$ref": "#/$defs/Node"}}}},
            },
            "its schema refers to itself (#/$defs/Node)",
        ),
        ({"properties": {"me": {"$ref": "#"}}}, "its schema refers to itself (#)"),
        (
            {"properties": {"a": {"$ref": "https://example.org/a.json"}}},
            "its schema refers to another document (https://example.org/a.json)",
        ),
        (
            {"properties": {"a": {"$ref": "#/$defs/A"}}},
            "its schema refers to what is not there (#/$defs/A)",
        ),
        ({"type": "string"}, "its arguments are no object"),
        (
            {"properties": {f"p{n}": {"description": "x" * 900} for n in range(30)}},
            "its schema is too long to be sent with every request: 27,",
        ),
    ],
)
def test_what_cannot_be_sent_is_explained(schema, why):
    with pytest.raises(UnsendableError) as refused:
        sent_parameters(schema)
    assert str(refused.value).startswith(why)


def doubled(levels):
    """A schema that grows to twice its size with each of its references."""
    definitions = {
        f"d{n}": {"anyOf": [{"$ref": f"#/$defs/d{n + 1}"}, {"$ref": f"#/$defs/d{n + 1}"}]}
        for n in range(levels)
    }
    return {
        "properties": {"a": {"$ref": "#/$defs/d0"}},
        "$defs": {**definitions, f"d{levels}": {"type": "string"}},
    }


def nested(levels):
    """A schema of arrays within arrays."""
    schema = {"type": "string"}
    for _ in range(levels):
        schema = {"type": "array", "items": schema}
    return {"properties": {"a": schema}}


@pytest.mark.parametrize("schema", [doubled(40), nested(400)])
def test_a_schema_made_to_be_endless_is_refused(schema):
    with pytest.raises(UnsendableError, match="too large to be written out"):
        sent_parameters(schema)


def test_what_is_optional_may_be_null_and_such_nulls_do_not_reach_the_tool():
    schema = {
        "properties": {
            "zone": {"type": "string"},
            "limit": {"type": "integer", "default": 10, "description": "The most."},
            "mode": {"enum": ["a", "b"]},
            "since": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
            "rows": {"items": {"properties": {"name": {"type": "string"}}}},
        },
        "required": ["zone"],
    }
    sent = sent_parameters(schema)
    assert sent["properties"]["zone"] == {"type": "string"}
    assert sent["properties"]["limit"] == {
        "type": ["integer", "null"],
        "description": "The most. Default: 10.",
    }
    assert sent["properties"]["mode"] == {"type": ["string", "null"], "enum": ["a", "b", None]}
    assert sent["properties"]["since"] == {"anyOf": [{"type": "string"}, {"type": "null"}]}
    given = {"zone": "UTC", "limit": None, "mode": None, "since": None, "rows": [{"name": None}]}
    assert without_nulls(given, narrowed(schema)) == {"zone": "UTC", "since": None, "rows": [{}]}


def test_alternatives_constants_and_parts_take_the_form_that_is_known():
    schema = {
        "allOf": [{"properties": {"a": {"const": 1}}, "required": ["a"]}],
        "properties": {"b": {"oneOf": [{"const": "x"}, {"type": "boolean"}], "nullable": True}},
        "required": ["b"],
        "patternProperties": {"^x": {}},
        "not": {},
    }
    assert sent_parameters(schema) == {
        "type": "object",
        "properties": {
            "a": {"type": "integer", "enum": [1]},
            "b": {"anyOf": [{"type": "string", "enum": ["x"]}, {"type": "boolean"}]},
        },
        "required": ["b", "a"],
    }


def test_keywords_with_values_that_they_cannot_have_are_left_out():
    schema = {
        "properties": {
            "a": {"type": "any", "minimum": "low", "enum": "x", "description": 3, "items": True},
            "b": True,
        },
        "required": False,
        "title": "T",
        "oneOf": [],
        "nullable": True,
        "minItems": -1,
    }
    assert sent_parameters(schema) == {
        "type": "object",
        "properties": {"a": {}, "b": {}},
        "required": [],
    }


def test_a_long_description_is_cut():
    assert sent_description("short") == "short"
    cut = sent_description("x" * 3000)
    assert len(cut) == schemas.LONGEST_DESCRIPTION
    assert cut.endswith("x…")

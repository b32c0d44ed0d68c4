"""Tools that the pretend Groq takes, and those that it refuses."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from groqchat.domain.tools.listing import ListedTool, listing_of
from groqchat.domain.tools.names import MOST_TOOLS
from groqchat.simulator.exchange import RefusedError
from groqchat.simulator.tools.schemas import check_tools
from tests.samples import SAMPLES

REAL = json.loads((SAMPLES / "mcp_schemas.json").read_text())

EMPTY = {"type": "object", "properties": {}}


def function(name="f", **parameters):
    return {"type": "function", "function": {"name": name, "parameters": parameters}}


def refusal(*tools):
    with pytest.raises(RefusedError) as refused:
        check_tools(tools)
    return json.loads(refused.value.reply.body)["error"]


def test_all_that_is_sent_of_real_servers_is_taken():
    listed = [ListedTool(tool["name"], "", tool["inputSchema"]) for tool in REAL]
    offered = listing_of("s", listed).tools
    assert len(offered) == len(REAL) == 12
    check_tools([function(tool.sent_name, **tool.parameters) for tool in offered])


def test_most_of_them_would_be_refused_as_their_servers_list_them():
    refused = 0
    for tool in REAL:
        try:
            check_tools([function("f", **tool["inputSchema"])])
        except RefusedError:
            refused += 1
    assert refused >= 10


def test_the_refusal_that_was_seen_has_its_words():
    good = function("a", type="object", properties={})
    error = refusal(good, function("view_graph", type="object", required=[]))
    assert error == {
        "message": "invalid JSON schema for tool view_graph, tools[1].function.parameters: "
        "'required' present but 'properties' is missing",
        "type": "invalid_request_error",
        "param": "tool view_graph, tools[1].function.parameters",
    }


@pytest.mark.parametrize(
    ("tools", "told"),
    [
        ([function(f"f{n}", **EMPTY) for n in range(MOST_TOOLS + 1)], "'tools' : maximum number"),
        ([function("a.b")], "Invalid 'tools[0].function.name': string does not match pattern."),
        ([function("a" * 65)], "Invalid 'tools[0].function.name'"),
        (
            [function(**EMPTY), function(**EMPTY)],
            "tools[1].function.name : f is there twice",
        ),
        ([{"type": "function"}], "'tools[0].function' : value must be an object"),
        ([function(type="string")], "schema must have type 'object'"),
        (
            [function(type="object", properties={"a": {"items": {"$ref": "#"}}})],
            "tools[0].function.parameters.properties.a.items: '$ref' is not supported (the sim",
        ),
        (
            [function(type="object", properties={"a": {"anyOf": [{"default": 1}]}})],
            "parameters.properties.a.anyOf[0]: 'default' is not supported",
        ),
        (
            [function(type="object", properties={"a": True})],
            "parameters.properties.a: schema must be an object",
        ),
    ],
)
def test_what_else_is_refused(tools, told):
    assert told in refusal(*tools)["message"]


def test_built_in_tools_have_no_schema():
    check_tools([{"type": "browser_search"}, {"type": "code_interpreter"}])


KEYWORDS = st.sampled_from(
    [
        *("type", "properties", "required", "items", "enum", "anyOf", "oneOf", "allOf", "const"),
        *(
            "$ref",
            "$defs",
            "default",
            "additionalProperties",
            "minimum",
            "maxLength",
            "nullable",
            "minItems",
        ),
        *("description", "pattern", "format", "a", "b"),
    ]
)
VALUES = st.one_of(
    st.sampled_from(["object", "array", "string", "null", "any", "#", "#/$defs/a", "a", ""]),
    st.none() | st.booleans() | st.integers(-2, 2) | st.floats(allow_nan=False),
)
SCHEMAS = st.recursive(
    VALUES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYWORDS, inner, max_size=5),
    max_leaves=25,
)


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(KEYWORDS, SCHEMAS, max_size=6))
def test_whatever_a_server_lists_is_taken_or_left_out_with_a_reason(schema):
    listing = listing_of("s", [ListedTool("t", "", {**schema, "type": "object"})])
    for tool in listing.tools:
        check_tools([function(tool.sent_name, **tool.parameters)])
        Draft202012Validator.check_schema(tool.parameters)
    assert len(listing.tools) + len(listing.left_out) == 1
    assert all(each.reason for each in listing.left_out)

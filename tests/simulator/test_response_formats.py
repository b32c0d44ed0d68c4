"""What Groq refuses about the form of an answer, the simulator refuses in the same words."""

import pytest

from groqchat.domain.structured.rules import RULES
from groqchat.domain.turns.combinations import COMBINATIONS
from tests.simulator.conftest import BIG, QWEN, post

GOOD = {
    "type": "object",
    "properties": {"a": {"type": "string"}},
    "required": ["a"],
    "additionalProperties": False,
}
TOOL = {"type": "function", "function": {"name": "t", "parameters": {"type": "object"}}}
SEARCH = {"type": "browser_search"}
JSON = {"type": "json_object"}
AS_JSON = "Answer as JSON"


def by(schema=GOOD, *, strict=True, name="x"):
    described = {"name": name, "schema": schema, "strict": strict}
    return {"type": "json_schema", "json_schema": described}


def with_property(schema):
    return GOOD | {"properties": {"a": schema}}


async def refusal(http, prompt=AS_JSON, model=BIG, **more):
    reply = await post(http, prompt, model, **more)
    assert reply.status_code == 400, reply.text
    return reply.json()["error"]


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        (
            {name: GOOD[name] for name in GOOD if name != "additionalProperties"},
            "'x': `additionalProperties:false` must be set on every object",
        ),
        (
            with_property({"type": "object", "properties": {}}),
            "'x': /properties/a: `additionalProperties:false` must be set on every object",
        ),
        (GOOD | {"required": []}, "'x': The following properties must be listed in `required`: a"),
        (with_property({"type": "string", "minLength": 2}), "/properties/a: minLength is not"),
        ({"type": "array", "items": GOOD}, "the root must be an object"),
        (with_property({"anyOf": [GOOD, GOOD]}), "required key 'a' from one variant"),
        (with_property({"type": "strin"}), "it is no JSON Schema"),
    ],
)
async def test_a_schema_that_breaks_a_rule_is_refused(http, schema, words):
    error = await refusal(http, response_format=by(schema))
    assert error["message"].startswith("invalid JSON schema for response_format: 'x': ")
    assert words in error["message"]
    assert error["param"] == "response_format"


async def test_best_effort_has_fewer_rules(http):
    loose = {"type": "object", "properties": {"a": {"type": "string"}}}
    assert (await post(http, response_format=by(loose, strict=False))).status_code == 200


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"response_format": by(), "stream": True}, "does not support streaming"),
        ({"response_format": by(), "tools": [TOOL]}, "json mode cannot be combined with tool"),
        ({"response_format": JSON, "tools": [TOOL]}, "json mode cannot be combined with tool"),
        ({"response_format": by(), "tools": [SEARCH]}, "json mode cannot be combined with tool"),
        ({"response_format": JSON, "reasoning_format": "raw"}, "must be `parsed` or `hidden`"),
        ({"tools": [TOOL], "reasoning_format": "raw"}, "must be `parsed` or `hidden`"),
        ({"response_format": {"type": "xml"}}, "must be one of `text`, `json_object`"),
        ({"response_format": by(name="no name")}, "must have a name and a schema"),
        ({"response_format": {"type": "json_schema"}}, "must have a name and a schema"),
    ],
)
async def test_what_does_not_go_together_is_refused(http, more, words):
    assert words in (await refusal(http, model=QWEN, **more))["message"]


async def test_an_answer_that_is_cut_is_no_json(http):
    error = await refusal(http, response_format=by(), max_completion_tokens=8)
    assert error["code"] == "json_validate_failed"
    assert error["message"].startswith("Generated JSON does not match the expected schema.")
    assert error["failed_generation"].startswith("{") or error["failed_generation"] == ""


async def test_an_answer_may_follow_no_schema(http):
    reply = await post(http, "simulate: off_schema", response_format=by())
    assert reply.json()["choices"][0]["message"]["content"] == '{"unexpected": true}'


async def test_a_schema_counts_as_part_of_the_prompt(http):
    used = [
        (await post(http, AS_JSON, response_format=form)).json()["usage"]["prompt_tokens"]
        for form in (JSON, by())
    ]
    assert used[1] > used[0] + 20


def test_the_tables_tell_where_each_rule_comes_from():
    assert all(each.source for each in (*RULES, *COMBINATIONS))

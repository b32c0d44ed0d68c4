"""The form of an answer: what is sent for it, and what an answer remembers."""

import pytest

from groqchat.domain.models.catalog import Kind, Model, Status
from groqchat.domain.models.parameters import fitted, refused_options
from groqchat.domain.structured.schema import read_schema
from groqchat.domain.turns.answer_form import asked_form, comes_whole, format_sent
from groqchat.domain.turns.chat import Options
from groqchat.domain.turns.sent_parameters import asked_with

SCHEMA = read_schema("name, age int")
OPEN = read_schema('{"type": "object", "properties": {"x": {"type": "object"}}}')


def model(*abilities):
    return Model("m", Status.PRODUCTION, abilities=abilities)


FULL = model("json", "structured_outputs", "strict_schemas")


def told(asked, options=None):
    return fitted(options or Options("m", schema=SCHEMA), asked)


def test_a_schema_is_strict_where_the_model_serves_that():
    sent = format_sent(told(FULL))
    assert sent["type"] == "json_schema"
    assert sent["json_schema"]["strict"] is True
    assert sent["json_schema"]["name"] == "answer"
    assert format_sent(told(model("json", "structured_outputs")))["json_schema"]["strict"] is False
    assert format_sent(told(FULL, Options("m", schema=OPEN)))["json_schema"]["strict"] is False


def test_a_model_without_schemas_is_told_of_it_in_json_mode():
    options = told(model("json"), Options("m", "Be brief.", schema=SCHEMA))
    assert format_sent(options) == {"type": "json_object"}
    assert options.system.startswith("Be brief.\n\nAnswer with one JSON object")
    assert SCHEMA in options.system
    assert not comes_whole(options)


@pytest.mark.parametrize("status", [Status.PRODUCTION, Status.UNLISTED, Status.RETIRED])
@pytest.mark.parametrize("options", [Options("m", schema=SCHEMA), Options("m", is_json=True)])
def test_a_chat_model_without_json_mode_is_told_in_its_system_prompt(status, options):
    plain = Model("m", status)
    sent = told(plain, options)
    assert refused_options(options, plain) == {}
    assert format_sent(sent) is None
    assert sent.system.startswith("Answer with one JSON object that is valid for this JSON Schema")
    assert not comes_whole(sent)
    form = asked_form(asked_with(sent))
    assert form is not None
    assert [each.words for each in form.mismatches("No.")] == ["the answer is no JSON"]


def test_a_model_that_does_not_chat_is_not_asked_for_json():
    guard = Model("m", Status.PRODUCTION, Kind.GUARD)
    options = Options("m", schema=SCHEMA)
    assert refused_options(options, guard) == {"response_format": "m does not offer json_schema"}
    assert format_sent(told(guard)) is None


def test_a_model_of_another_endpoint_is_assumed_to_take_a_schema():
    sent = told(Model("m"), Options("m", schema=SCHEMA, provider="mine"))
    assert format_sent(sent)["type"] == "json_schema"


@pytest.mark.parametrize("system", ["", "Be brief."])
def test_json_mode_has_the_word_json_in_its_messages(system):
    told_so = told(FULL, Options("m", system, is_json=True)).system
    assert told_so == f"{system}\n\nAnswer with one JSON object.".strip()
    own = "Answer as JSON, please."
    assert told(FULL, Options("m", own, is_json=True)).system == own


def test_an_answer_that_is_held_to_a_schema_comes_whole_from_groq_alone():
    assert comes_whole(told(FULL))
    assert not comes_whole(told(FULL, Options("m", is_json=True)))
    assert not comes_whole(told(FULL, Options("m", schema=SCHEMA, provider="other")))


def test_an_answer_remembers_the_whole_schema_whatever_was_sent_of_it():
    for asked in (FULL, model("json")):
        form = asked_form(asked_with(told(asked)))
        assert form.mismatches('{"name": "x", "age": 3}') == ()
        assert [each.path for each in form.mismatches('{"name": "x", "age": "3"}')] == ["age"]
    assert asked_form(asked_with(told(FULL, Options("m", is_json=True)))).mismatches("{}") == ()
    assert asked_form(asked_with(told(FULL, Options("m")))) is None
    assert asked_form({"response_format": {"type": "text"}, "schema": "odd"}) is None

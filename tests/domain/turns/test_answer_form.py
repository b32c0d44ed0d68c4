"""The form of an answer: what is sent for it, and what an answer remembers."""

import pytest

from groqchat.domain.models.catalog import Model, Status
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


def test_a_model_without_json_is_asked_for_text():
    options = Options("m", schema=SCHEMA)
    assert refused_options(options, model()) == {"response_format": "m does not offer json_schema"}
    assert format_sent(told(model())) is None
    assert format_sent(told(model(), Options("m", is_json=True))) is None


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

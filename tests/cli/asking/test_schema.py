"""`groqchat ask --schema`: JSON alone, checked, and what keeps an answer from being it."""

import json

import pytest

SMALL = "openai/gpt-oss-20b"


def ask(groqchat, *more, prompt="Who?"):
    return groqchat("ask", prompt, "-m", SMALL, *more)


def test_the_short_form_prints_the_json_alone(simulator, groqchat):
    told = ask(groqchat, "--schema", "name, age int?")
    assert told.code == 0
    assert told.json == {"name": "example name", "age": 1}
    assert told.err == ""


def test_a_file_is_read_and_what_is_changed_of_it_is_said(simulator, groqchat, tmp_path):
    path = tmp_path / "person.json"
    properties = {"name": {"type": "string", "minLength": 2}, "age": {"type": "integer"}}
    path.write_text(json.dumps({"type": "object", "properties": properties, "required": ["name"]}))
    told = ask(groqchat, "--schema", str(path))
    assert told.json["age"] == 1
    assert told.err.splitlines() == [
        "groqchat: about the schema: “age” may be null instead of left out.",
        "groqchat: about the schema: no other keys than those in the schema are allowed.",
        "groqchat: about the schema: not sent, but checked in the answer: minLength.",
    ]


def test_the_document_holds_the_parsed_value(simulator, groqchat):
    told = ask(groqchat, "--schema", "name", "--json").json
    assert told["parsed"] == json.loads(told["answer"]) == {"name": "example name"}
    assert told["timing"]["time_to_first_token_s"] is None
    assert "parsed" not in ask(groqchat, "--json").json


def test_any_json_object_will_do(simulator, groqchat):
    told = ask(groqchat, "--schema", "any")
    assert set(told.json) == {"question", "answer"}


def test_an_answer_that_does_not_fit_is_no_answer(simulator, groqchat):
    told = ask(groqchat, "--schema", "name", prompt="simulate: off_schema")
    assert (told.code, told.out) == (9, "")
    assert "does not fit: the key “name” is missing" in told.err
    document = ask(groqchat, "--schema", "name", "--json", prompt="simulate: off_schema").json
    assert document["error"]["kind"] == "schema_mismatch"
    assert document["error"]["partial"] == '{"unexpected": true}'


def test_what_was_generated_in_vain_is_shown(simulator, groqchat):
    told = ask(groqchat, "--schema", "name", prompt="simulate: schema_failed")
    assert told.code == 9
    assert 'the model had written: {"name": 7}' in told.err


def test_a_session_is_asked_on_by_its_schema_until_it_is_off(simulator, groqchat):
    ask(groqchat, "--schema", "name")
    assert groqchat("ask", "-c", "And?").json == {"name": "example name"}
    off = groqchat("ask", "-c", "And?", "--schema", "off")
    assert not off.out.startswith("{")


@pytest.mark.parametrize(
    ("schema", "complaint"),
    [
        ("age integr", "did you mean integer?"),
        ("missing.json", "cannot read missing.json"),
        ("s.jsn", "cannot read s.jsn: No such file"),
        ("./s", "cannot read s: No such file"),
        ('{"type": "array"}', "the outermost value has to be an object"),
        ('{"$ref": "#/definitions/x"}', "the reference “#/definitions/x” leads nowhere"),
    ],
)
def test_a_schema_that_cannot_be_sent_costs_nothing(simulator, groqchat, schema, complaint):
    told = ask(groqchat, "--schema", schema)
    assert told.code == 2
    assert complaint in told.err
    assert groqchat("sessions", "list", "--json").json == []


def test_a_model_without_json_is_refused_before_anything_is_sent(simulator, groqchat):
    told = groqchat("ask", "Who?", "-m", "meta-llama/llama-prompt-guard-2-22m", "--schema", "a")
    assert told.code == 2
    assert "does not offer json_schema; groqchat models --json names" in told.err


@pytest.mark.parametrize("schema", ["name", "any"])
def test_a_chat_model_without_json_mode_is_told_in_the_system_prompt(
    simulator, groqchat, asked, schema
):
    told = groqchat("ask", "Who?", "-m", "allam-2-7b", "--schema", schema)
    assert "it is put into the system prompt" in told.err
    assert "response_format" not in asked[-1]
    assert "valid for this JSON Schema" in asked[-1]["messages"][0]["content"]
    # The simulator's model does as it likes, so that the answer does not fit.
    assert (told.code, told.out) == (9, "")
    assert "the answer is no JSON" in told.err


def test_raw_reasoning_is_left_out_beside_json_and_that_is_said(simulator, groqchat):
    options = ("-m", "qwen/qwen3.8-27b", "--schema", "a", "--reasoning-format", "raw")
    told = groqchat("ask", "Who?", *options)
    assert told.json == {"a": "example a"}
    assert "--reasoning-format is not sent: raw reasoning goes with neither" in told.err


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("{", "it is no JSON"), ("[]", "an object in braces"), ('{"type": "strng"}', "strng")],
)
def test_a_mistake_in_a_file_names_the_file(simulator, groqchat, tmp_path, text, complaint):
    path = tmp_path / "broken.json"
    path.write_text(text)
    told = ask(groqchat, "--schema", str(path))
    assert told.code == 2
    assert f"--schema {path}: " in told.err
    assert complaint in told.err

"""A set as promptfoo's YAML: it comes back as it was, and what has no equal is named."""

import json

import pytest

from groqchat.services.prompt_sets.exchange.config_files import ConfigFiles
from groqchat.services.prompt_sets.exchange.promptfoo_export import write_promptfoo
from groqchat.services.prompt_sets.exchange.promptfoo_import import read_promptfoo
from groqchat.services.prompt_sets.exchange.yaml_text import read_yaml
from groqchat.services.prompt_sets.prompt_files import read_prompts

M = "openai/gpt-oss-20b"


def exported(*rows):
    text = "\n".join(map(json.dumps, rows))
    return write_promptfoo("set", read_prompts(text), [M])


def back(written, tmp_path):
    found = read_promptfoo(written.text, ConfigFiles(tmp_path))
    assert found.models == [M]
    return found.rows


def test_prompts_and_checks_come_back_as_they_were(tmp_path):
    row = {
        "id": "one: {{x}}",
        "task": "t",
        "prompt": "no\nWhat is {{x}} {% y %}?",
        "exact": "yes",
        "contains": ["1.0", "{{z}}"],
        "regex": ["(?i)a\\.b", "^\\d+$"],
        "similar": {"text": "a", "threshold": 0.9},
        "latency_under": 2.5,
        "cost_under": 0.001,
        "judge": ["is {{good}}", {"rubric": "b", "model": "m/x"}],
    }
    written = exported(row, {"prompt": "B", "schema": {"type": "array"}})
    assert written.left_out == []
    first, second = back(written, tmp_path)
    assert first == row
    assert second == {"id": "2", "prompt": "B", "schema": {"type": "array"}}


def test_chats_come_back_with_their_history(tmp_path):
    talk = [
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "{{Hello}}"},
        {"role": "user", "content": "So?"},
    ]
    rows = [
        {"id": "1", "prompt": "A", "system": "S", "json": True},
        {"id": "2", "messages": talk},
        {"id": "3", "prompt": "C"},
    ]
    assert back(exported(*rows), tmp_path) == rows


def test_values_in_json_become_a_schema_and_the_rest_is_named():
    written = exported(
        {
            "id": "a",
            "prompt": "A",
            "json": {"b.c": 1, "d.0": 2},
            "tokens_under": 9,
            "regex": r"x\Z",
        },
        {"id": "b", "prompt": "B", "judge": {"rubric": "r", "reference": "x"}},
    )
    first, second = read_yaml(written.text)["tests"]
    inner = {"type": "object", "required": ["c"], "properties": {"c": {"const": 1}}}
    schema = {"type": "object", "required": ["b"], "properties": {"b": inner}}
    assert first["assert"] == [{"type": "is-json", "value": schema}]
    assert "assert" not in second
    assert [each.partition(" ")[0] for each in written.left_out] == ["a:", "a:", "a:", "b:"]


ASSERTIONS = [
    {"type": "starts-with", "value": "Dear {{name}}."},
    {"type": "icontains", "value": "a.b"},
    {"type": "icontains-any", "value": ["red|", "green (light)"]},
    {"type": "not-contains", "value": "$5\nand {{more}}"},
    {"type": "not-contains-any", "value": ["a", "b"]},
    {"type": "not-icontains", "value": "Sorry"},
    {"type": "not-icontains-any", "value": ["as an AI", "cannot"]},
    {"type": "not-starts-with", "value": "Well,"},
    {"type": "not-equals", "value": "no"},
    {"type": "not-regex", "value": "\\d{3,}"},
    {"type": "regex", "value": "^(?!a)b$"},
]


@pytest.mark.parametrize("assertion", ASSERTIONS, ids=lambda each: each["type"])
def test_assertions_about_texts_come_back_as_they_were(tmp_path, assertion):
    """From promptfoo's words to a check and back, also where a text looks like a template."""
    raw = json.loads(json.dumps(assertion).replace("{{", "").replace("}}", ""))
    config = {"prompts": ["A"], "providers": [f"groq:{M}"], "tests": [{"assert": [raw]}]}
    [row] = read_promptfoo(json.dumps(config), ConfigFiles(tmp_path)).rows
    written = exported(row)
    assert written.left_out == []
    [test] = read_yaml(written.text)["tests"]
    assert test["assert"] == [raw]
    braces = exported({**row, "regex": row["regex"].replace("name", r"\{\{name\}\}")})
    assert back(braces, tmp_path)[0]["regex"] == row["regex"].replace("name", r"\{\{name\}\}")

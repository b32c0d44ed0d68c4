"""What is imported of promptfoo's YAML, and what is said to be left out."""

from itertools import pairwise

import pytest

from groqchat.services.prompt_sets.exchange.config_files import ConfigFiles
from groqchat.services.prompt_sets.exchange.promptfoo_checks import check_fields, merged
from groqchat.services.prompt_sets.exchange.promptfoo_import import read_promptfoo
from groqchat.services.prompt_sets.exchange.promptfoo_templates import prompt_fields
from groqchat.services.prompt_sets.exchange.yaml_text import read_yaml

CONFIG = """\
prompts:
  - 'Say {{word}} in {{ language }}.'
  - file://ask.txt
  - file://make.py
providers: [groq:openai/gpt-oss-20b, {id: 'groq:qwen/qwen3.8-27b'}, openai:gpt-5]
defaultTest:
  vars: {language: French}
  assert:
    - {type: cost, threshold: 0.002}
tests:
  - description: A word
    vars: {word: Yes}
    metadata: {task: words}
    assert:
      - {type: icontains, value: '{{word}}'}
      - type: javascript
        value: output.length < 9
      - $ref: '#/templates/quick'
  - vars:
      word: [on, 1:30]
      language: Latin
  - file://more.csv
templates:
  quick: {type: latency, threshold: 2500}
"""


@pytest.fixture
def files(tmp_path):
    (tmp_path / "ask.txt").write_text("One {{word}}?\n---\nTwo {{word}}?\n")
    (tmp_path / "more.csv").write_text("word,__expected,__expected2\ndog,similar(0.9): chien,cat\n")
    (tmp_path / "far").mkdir()
    return ConfigFiles(tmp_path)


def test_every_prompt_comes_with_every_test_and_what_is_left_out_is_named(files):
    found = read_promptfoo(CONFIG, files)
    assert len(found.rows) == 3 * 4
    first, on, time, dog = found.rows[:4]
    assert first == {
        "id": "A word-p1",
        "task": "words",
        "prompt": "Say Yes in French.",
        "cost_under": 0.002,
        "regex": "(?i)Yes",
        "latency_under": 2.5,
    }
    assert [row["prompt"] for row in (on, time)] == ["Say on in Latin.", "Say 1:30 in Latin."]
    assert [row["id"] for row in (on, time)] == ["2-p1-1", "2-p1-2"]
    assert dog["similar"] == {"text": "chien", "threshold": "0.9"}
    assert dog["exact"] == "cat"
    assert [row["prompt"] for row in found.rows[4::4]] == ["One Yes?", "Two Yes?"]
    assert found.models == ["openai/gpt-oss-20b", "qwen/qwen3.8-27b"]
    assert [str(left) for left in found.left_out] == [
        "the provider openai:gpt-5 is not at Groq: name a model with -m",
        "line 4: prompt: file://make.py: programs and other services are not run",
        "line 16: check: javascript is not supported",
    ]
    assert [note[:32] for note in found.notes] == ["similar compares characters here"]
    rubric = "tests: [{vars: {prompt: Hi}, assert: [{type: llm-rubric, value: Polite}]}]"
    (note,) = read_promptfoo(rubric, files).notes
    assert note.endswith("name it with --judge")


def test_files_outside_of_the_folder_and_programs_are_not_read(files, tmp_path):
    (tmp_path.parent / "secret.txt").write_text("secret")
    config = """\
prompts: ['{{a}}{{b}}']
tests:
  - vars: {a: 'file://../secret.txt', b: x}
  - vars: {a: 'file://gone.txt', b: x}
  - 'file://make.js'
"""
    found = read_promptfoo(config, files)
    assert found.rows == []
    told = [str(left) for left in found.left_out]
    assert "line 3: value: file://../secret.txt: it lies outside of the folder" in told[0]
    assert "line 4: value: file://gone.txt: No such file or directory" in told[1]
    assert "line 5: tests: make.js: files .js are not supported" in told


def test_chats_become_messages_and_templates_that_compute_are_left_out():
    values = {"x": "1", "talk": [{"role": "user", "content": "Hi"}]}
    chat = '[{"role": "system", "content": "S"}, {"role": "user", "content": "{{x}}"}]'
    assert prompt_fields(chat, values) == {"prompt": "1", "system": "S"}
    said = "- role: user\n  content: a\n- role: assistant\n  content: b\n- role: user\n  content: c"
    assert [each["content"] for each in prompt_fields(said, {})["messages"]] == ["a", "b", "c"]
    assert prompt_fields("{{ talk | dump }}", values) == {"prompt": "Hi"}
    assert prompt_fields("{% raw %}{{x}}{% endraw %} {{x}}", values) == {"prompt": "{{x}} 1"}
    for template, why in (
        ("{{ x | upper }}", "variables alone are supported, not {{ x | upper }}"),
        ("{% if x %}a{% endif %}", "variables alone are supported, not {% if x"),
        ("{{y}}", "the variable y has no value"),
        ("{{talk}}", "the variable talk is no text"),
    ):
        with pytest.raises(ValueError, match=why.replace("|", r"\|")):
            prompt_fields(template, values)


@pytest.mark.parametrize(
    ("assertion", "fields"),
    [
        ({"type": "equals", "value": 4}, {"exact": "4"}),
        ({"type": "contains-all", "value": "a, b"}, {"contains": ["a", "b"]}),
        ({"type": "icontains-any", "value": ["a.", "b"]}, {"regex": r"(?i)a\.|b"}),
        ({"type": "starts-with", "value": "A"}, {"regex": r"\AA"}),
        ({"type": "not-contains", "value": "A"}, {"regex": r"\A(?![\s\S]*(?:A))"}),
        ({"type": "is-json"}, {"json": True}),
        ({"type": "is-json", "value": {"type": "array"}}, {"schema": {"type": "array"}}),
        ({"type": "similar", "value": "A"}, {"similar": {"text": "A", "threshold": 0.75}}),
        ({"type": "llm-rubric", "value": "A", "provider": "openai:x"}, {"judge": "A"}),
        (
            {"type": "llm-rubric", "value": "A", "provider": "groq:m/x"},
            {"judge": {"rubric": "A", "model": "m/x"}},
        ),
        ({"type": "latency", "threshold": "1500"}, {"latency_under": 1.5}),
    ],
)
def test_assertions_that_mean_the_same_are_checks(assertion, fields):
    assert check_fields(assertion) == fields


@pytest.mark.parametrize(
    ("assertion", "why"),
    [
        ({"type": "python", "value": "x"}, "python is not supported"),
        ({"type": "not-is-json"}, "not-is-json is not supported"),
        ({"value": "x"}, "an assertion without a type"),
        ({"type": "regex", "value": "("}, "regex: .* is no regular expression"),
        ({"type": "contains", "value": "a", "transform": "x"}, "contains with transform"),
        ({"type": "contains", "value": "a", "weight": 0}, "counts for nothing"),
        ({"type": "contains"}, "contains wants a text"),
        ({"type": "equals", "value": {"a": 1}}, "equals with an object"),
        ({"type": "latency"}, "latency wants a threshold"),
        ({"type": "llm-rubric", "value": "a", "threshold": 0.5}, "judges say yes or no"),
    ],
)
def test_what_has_no_equal_is_refused_with_its_name(assertion, why):
    with pytest.raises(ValueError, match=why):
        check_fields(assertion)


def test_checks_of_one_prompt_come_together():
    limits = [{"latency_under": 2}, {"latency_under": 1}, {"regex": "a"}, {"regex": ["b", "c"]}]
    assert merged(limits) == {"latency_under": 1, "regex": ["a", "b", "c"]}
    with pytest.raises(ValueError, match="one check schema"):
        merged([{"schema": "a"}, {"schema": "b"}])


def test_yaml_is_that_of_version_1_2_and_makes_no_objects():
    text = "a: no\nb: 2026-11-29\nc: 1:30\nd: 010\ne: [true, 0x10, 1.5, ~]\nf: on"
    assert read_yaml(text) == {
        "a": "no", "b": "2026-11-29", "c": "1:30", "d": "010", "f": "on",
        "e": [True, 16, 1.5, None],
    }  # fmt: skip
    bomb = "\n".join(
        [
            "a: &a [x, x, x, x, x, x, x, x, x]",
            *(f"{n}: &{n} [{', '.join([f'*{p}'] * 9)}]" for p, n in pairwise("abcdefgh")),
        ]
    )
    for bad, why in (
        ("a: !!python/object/apply:os.system ['true']", "line 1: this is no YAML: could not"),
        ("a: [", "line 1: this is no YAML"),
        ("a: &a [*a]", "unconstructable recursive node"),
        (bomb, "its aliases make it too large"),
        ("[" * 5000, "nested too deep"),
    ):
        with pytest.raises(ValueError, match=why):
            read_yaml(bad)


@pytest.mark.parametrize("text", ["", "a: 1", "[1]", "redteam: {}"])
def test_what_is_no_configuration_is_refused(text, files):
    with pytest.raises(ValueError, match="it is no configuration of promptfoo"):
        read_promptfoo(text, files)

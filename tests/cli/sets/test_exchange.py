"""``groqchat sets import`` and ``export``: files, what is said, and public sets by ``--map``."""

import json
import sys

import pytest

from tests.cli.sets.test_compare_set import A, B, written

YAML = (
    "prompts: ['{{q}}']\nproviders: [groq:x/y]\ntests:\n- vars: {q: Hi}\n  assert: [{type: ruby}]\n"
)


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def test_a_set_goes_to_promptfoo_and_back(groqchat, tmp_path):
    row = {"id": "a", "prompt": "write 12 tokens, end with P1", "contains": "P1"}
    config = tmp_path / "promptfooconfig.yaml"
    out = groqchat("sets", "export", written(tmp_path, [row]), "-m", "gpt-oss-20b", "-o", config)
    assert out.code == 0
    assert f"- groq:{B}\n" in config.read_text()
    done = groqchat("sets", "import", config)
    assert lines(done.out) == [row]
    assert f"groqchat compare --file FILE -m {B}" in done.err


def test_what_is_left_out_is_said_and_in_the_summary(groqchat, tmp_path):
    config, to = tmp_path / "c.yaml", tmp_path / "to.jsonl"
    config.write_text(YAML)
    done = groqchat("sets", "import", config, "-o", to, "--json")
    assert "Left out: line 5: check: ruby is not supported" in done.err
    assert done.json == {
        "prompts": 1,
        "models": ["x/y"],
        "left_out": [{"where": "line 5", "reason": "check: ruby is not supported"}],
        "notes": [],
    }
    assert lines(to.read_text()) == [{"id": "1", "prompt": "Hi"}]
    again = groqchat("sets", "import", config, "-o", to)
    assert (again.code, "--force replaces it" in again.err) == (2, True)
    assert groqchat("sets", "import", config, "-o", to, "--force").code == 0


@pytest.mark.parametrize("form", ["jsonl", "json", "csv"])
def test_questions_with_fields_of_other_names_are_mapped_and_asked(
    groqchat, simulator, tmp_path, form
):
    end = "write 12 tokens, end with P"
    rows = [{"q": {"text": f"{end}{n}"}, "answer": n, "level": 3} for n in (1, 2)]
    texts = {
        "jsonl": "".join(f"{json.dumps(row)}\n" for row in rows),
        "json": json.dumps(rows),
        "csv": f'q.text,answer,level\n"{end}1",1,3\n"{end}2",2,3\n',
    }
    path, to = tmp_path / f"questions.{form}", tmp_path / "prompts.jsonl"
    path.write_text(texts[form])
    if form != "json":  # which promptfoo takes, too
        unnamed = groqchat("sets", "import", path)
        assert (unnamed.code, "name its fields, such as --map" in unnamed.err) == (2, True)
    done = groqchat("sets", "import", path, "--map", "q.text=prompt, answer=expected", "-o", to)
    assert done.code == 0
    assert lines(to.read_text()) == [{"prompt": f"{end}{n}", "contains": str(n)} for n in (1, 2)]
    assert groqchat("compare", "--file", to, "-m", A, "--min-pass", "1").code == 0


def test_rows_without_an_answer_are_counted(groqchat, tmp_path):
    path = tmp_path / "questions.csv"
    path.write_text("q,a\nOne,1\nTwo,\nThree,\n")
    done = groqchat("sets", "import", path, "--map", "q=prompt,a=expected")
    assert (done.code, len(lines(done.out))) == (0, 3)
    assert "Without an answer to check by: 2 of 3 rows." in done.err
    assert "Without" not in groqchat("sets", "import", path, "--map", "q=prompt").err


def test_json_lines_have_values_in_place_of_variables(groqchat, tmp_path):
    row = {"id": "a", "prompt": "{{x}}", "vars": [{"x": "1"}, {"x": "2"}]}
    done = groqchat("sets", "export", written(tmp_path, [row]), "--format", "jsonl")
    assert lines(done.out) == [{"id": "a-1", "prompt": "1"}, {"id": "a-2", "prompt": "2"}]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["import", "{file}", "--map", "a=promt"],
            "'promt' is no field of a set; did you mean prompt",
        ),
        (["import", "{file}", "--map", "a"], "'a' is no pair such as question=prompt"),
        (["import", "{file}", "--map", "a=exact"], "no field is the prompt"),
        (["import", "{file}", "--map", "a=prompt,b=prompt"], "two fields cannot be the same"),
        (["import", "{file}", "--map", "a=prompt"], "line 1: it has no a"),
        (["import", "{file}"], "name its fields, such as --map"),
        (["import", "gone.yaml"], "cannot read gone.yaml"),
        (["export", "{file}"], "name the models that promptfoo asks"),
        (["export", "{file}", "-m", A, "-o", "gone/x.yaml"], "there is no folder gone"),
        (["import", "{file}", "--map", "prompt=prompt", "-o", "gone/x"], "there is no folder gone"),
    ],
)
def test_what_cannot_be_done_is_exit_2(groqchat, tmp_path, words, said):
    path = written(tmp_path, [{"prompt": "Hi"}])
    done = groqchat("sets", *(word.format(file=path) for word in words))
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_a_summary_needs_a_file_for_the_set(groqchat, tmp_path):
    done = groqchat("sets", "import", written(tmp_path, [{"prompt": "Hi"}]), "--json")
    assert done.code == 2
    assert "--json prints a summary" in done.json["error"]["message"]


def test_without_its_package_yaml_names_what_installs_it(groqchat, tmp_path, monkeypatch):
    (tmp_path / "c.yaml").write_text(YAML)
    monkeypatch.setitem(sys.modules, "yaml", None)
    done = groqchat("sets", "import", tmp_path / "c.yaml")
    assert (done.code, "pip install 'pyyaml>=6,<7'" in done.err) == (2, True)
    set_ = written(tmp_path, [{"prompt": "Hi"}])
    assert "pip install" in groqchat("sets", "export", set_, "-m", A).err


def test_a_configuration_of_which_nothing_is_left_is_exit_2(groqchat, tmp_path):
    (tmp_path / "c.yaml").write_text("prompts: [file://p.py]\ntests: []\n")
    done = groqchat("sets", "import", tmp_path / "c.yaml")
    assert done.code == 2
    assert "Left out: line 1: prompt: file://p.py: programs" in done.err
    assert "no prompt of" in done.err


def test_a_set_in_yaml_is_imported_first(groqchat, tmp_path):
    config = tmp_path / "c.yaml"
    config.write_text(YAML)
    done = groqchat("compare", "--file", config, "-m", A)
    assert (done.code, f"groqchat sets import {config}" in done.err) == (2, True)

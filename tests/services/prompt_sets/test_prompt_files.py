"""Files of prompts: what is read from them, and in which line a mistake is."""

import json

import pytest

from groqchat.services.prompt_sets.prompt_files import form_of, read_prompts

JSONL = """\
{"prompt": "Capital of France?", "id": "fr", "task": "facts", "contains": "Paris"}

{"prompt": "Who are you?", "system": "A pirate."}
{"prompt": "Who are you?", "id": 7}
"""
CSV = """\
prompt,id,task,contains,system,json
Capital of France?,fr,facts,Paris,,
Who are you?,,,,A pirate.,
"Who
are, ""you""?",7,,,,"{""a"": 1}"
"""


def read(text, **more):
    return read_prompts(text, **more)


def test_json_lines():
    first, second, third = read(JSONL, system="Be brief.")
    assert (first.id, first.text, first.task) == ("fr", "Capital of France?", "facts")
    assert [str(check) for check in first.checks] == ["contains: Paris"]
    assert (second.id, second.system) == ("2", "A pirate.")
    assert (third.id, third.system) == ("7", "Be brief.")


def test_text_has_a_prompt_a_line():
    first, second = read_prompts("Capital of France?\r\n\n {not JSON} \n", form="txt")
    assert (first.id, first.text, first.line) == ("1", "Capital of France?", 1)
    assert (second.id, second.text, second.line) == ("2", "{not JSON}", 3)
    with pytest.raises(ValueError, match="no prompts"):
        read_prompts("\n \n", form="txt")


@pytest.mark.parametrize(
    ("name", "text", "form"),
    [
        ("a.jsonl", "a prompt", "jsonl"),
        ("a.CSV", CSV, "csv"),
        ("a.txt", "{{x}} is a prompt", "txt"),
        ("a.TXT", "", "txt"),
        ("a.txt", JSONL, "jsonl"),
        ("a", JSONL, "jsonl"),
    ],
)
def test_the_form_is_told_by_the_name(name, text, form):
    assert form_of(name, text) == form


@pytest.mark.parametrize("text", [CSV, CSV.replace("\n", "\r\n"), CSV.rstrip()])
def test_csv(text):
    first, second, third = read_prompts(text, form="csv")
    assert (first.id, first.text, first.task) == ("fr", "Capital of France?", "facts")
    assert [str(check) for check in first.checks] == ["contains: Paris"]
    assert (second.id, second.system) == ("2", "A pirate.")
    assert third.text.replace("\r", "") == 'Who\nare, "you"?'
    assert [str(check) for check in third.checks] == ["a = 1"]


def test_what_is_asked_has_the_same_key_wherever_it_stands():
    rows = [{"prompt": text} for text in ("a", "b", "a")]
    plain = read("\n".join(map(json.dumps, rows)))
    assert len({prompt.key for prompt in plain}) == 3
    marked = [{**row, "id": f"x{n}", "contains": "c", "task": "t"} for n, row in enumerate(rows)]
    moved = read("\n".join(map(json.dumps, reversed(marked))))
    assert {prompt.key for prompt in moved} == {prompt.key for prompt in plain}
    for other in (
        read('{"prompt": "a"}', system="s"),
        read('{"prompt": "a"}', max_tokens=5),
        read('{"prompt": "a"}', parameters={"seed": 7}),
    ):
        assert other[0].key not in {prompt.key for prompt in plain}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there are no prompts in it"),
        ("\n \n", "there are no prompts in it"),
        ('{"prompt": "a"}\n{"prompt": "b",}', r"line 2: this is no JSON: .* \(column \d+\)"),
        ('{"prompt": "a"}\n"b"', "line 2: a JSON object with a prompt is wanted"),
        ("[" * 100_000, "line 1: this is no JSON"),
        ('{"prompt": 1' + "0" * 5000 + "}", "line 1: this is no JSON"),
        ('{"id": "a"}', "line 1: there is no prompt"),
        ('{"prompt": " "}', "line 1: the prompt is empty"),
        ('{"prompt": 3}', "line 1: prompt must be a text"),
        ('{"prompt": "a", "id": true}', "line 1: id must be a text"),
        ('{"prompt": "\\ud800"}', "line 1: prompt holds half a character"),
        ('{"prompt": "a", "expects": "b"}', "line 1: 'expects' is no field and no check; there"),
        ('{"prompt": "a", "regex": "("}', r"line 1: '\(' is no regular expression"),
        ('\n{"prompt": "a", "id": "x"}\n{"prompt": "b", "id": "x"}', "line 3: .*taken by line 2"),
    ],
)
def test_a_mistake_in_json_lines_is_told_with_its_line(text, said):
    with pytest.raises(ValueError, match=said):
        read(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there are no prompts in it"),
        ("prompt,id\n", "there are no prompts in it"),
        ("id,task\na,b", "line 1: there is no column 'prompt' among id, task"),
        ("prompt;id\na;b", "the checks exact, .*; separate the fields of a CSV file by commas"),
        ("promt,id\na,b", "the checks exact, .*; did you mean prompt?"),
        ("prompt,prompt\na,b", "line 1: the column 'prompt' is there twice"),
        ("prompt,id\na,b,c", "line 2: it has 3 cells, the head 2"),
        ("prompt,id\n,b", "line 2: the prompt is empty"),
        ('prompt,id\na,x\n"b,x', "line 3: this is no CSV"),
        ("prompt,json\na,{", "line 2: this is no JSON"),
        ("prompt,regex\na,(", "line 2: .* is no regular expression"),
        ("prompt,id\na,x\n\nb,x", "line 4: the id 'x' is taken by line 2"),
    ],
)
def test_a_mistake_in_csv_is_told_with_its_line(text, said):
    with pytest.raises(ValueError, match=said):
        read_prompts(text, form="csv")


def test_a_prompt_names_images_by_paths():
    first, second = read(
        '{"prompt": "Look", "image": "a.png"}\n{"prompt": "Look", "image": ["a.png", "b.png"]}',
        mark_of=lambda name: f"<{name}>",
    )
    assert (first.text, second.text) == ("Look\n\n<a.png>", "Look\n\n<a.png>\n\n<b.png>")
    assert first.key != second.key
    for image, words in (("[1]", "path of a file"), ('["a","b","c","d"]', "one request takes 3")):
        with pytest.raises(ValueError, match=words):
            read(f'{{"prompt": "Look", "image": {image}}}', mark_of=str)
    with pytest.raises(ValueError, match="are not read here"):
        read('{"prompt": "Look", "image": "a.png"}')

from __future__ import annotations

import json

import pytest

from groqchat.domain.batch.lines import CHAT, TRANSCRIPTION, TRANSLATION
from groqchat.services.batch.batch_files import Defaults, read_lines
from groqchat.storage.catalog import load_catalog

BIG, SMALL = "openai/gpt-oss-120b", "openai/gpt-oss-20b"
TURBO, WHISPER = "whisper-large-v3-turbo", "whisper-large-v3"
CATALOG = load_catalog()


def read(text, form="jsonl", **defaults):
    defaults = Defaults(**{"model": BIG} | defaults)
    return read_lines(text, form, defaults, CATALOG.get)


def test_plain_text_has_one_prompt_a_line():
    lines = read("First?\n\n  Second? \r\n".replace("\r", ""), "txt", system="Be short.")
    assert [line.custom_id for line in lines] == ["1", "3"]
    assert lines[1].body() == {
        "model": BIG,
        "messages": [
            {"role": "system", "content": "Be short."},
            {"role": "user", "content": "Second?"},
        ],
    }


def test_json_lines_take_the_short_form_and_groqs_own():
    body = {"messages": [{"role": "user", "content": "Hi"}], "temperature": 0}
    lines = read(
        "\n".join(
            map(
                json.dumps,
                [
                    {"prompt": "One?", "id": 7, "system": "S", "model": SMALL},
                    {"messages": [{"role": "user", "content": "Two?"}]},
                    {"custom_id": "own", "method": "POST", "url": CHAT, "body": body},
                ],
            )
        ),
        max_tokens=50,
    )
    assert [line.custom_id for line in lines] == ["7", "2", "own"]
    assert lines[0].body()["model"] == SMALL
    assert lines[0].body()["max_completion_tokens"] == 50
    assert lines[1].body()["messages"] == [{"role": "user", "content": "Two?"}]
    assert lines[2].body() == {"model": BIG, **body}  # nothing but the model is added


def test_csv_is_read_by_its_head():
    lines = read('id,prompt,model\na,"One, two?",\nb,Three?,openai/gpt-oss-20b\n', "csv")
    assert [(line.custom_id, line.model) for line in lines] == [("a", BIG), ("b", SMALL)]
    assert lines[0].body()["messages"] == [{"role": "user", "content": "One, two?"}]


def test_audio_by_url_asks_for_its_length():
    (line,) = read("https://example.org/a.mp3\n", "txt", model=TURBO)
    assert (line.url, line.audio_s) == (TRANSCRIPTION, None)
    assert line.body() == {
        "model": TURBO,
        "url": "https://example.org/a.mp3",
        "response_format": "verbose_json",
    }
    (line,) = read("url,seconds\nhttps://example.org/a.mp3,90.5\n", "csv", model=TURBO)
    assert line.audio_s == 90.5
    (line,) = read("https://example.org/a.mp3", "txt", model=WHISPER, is_translation=True)
    assert line.url == TRANSLATION


@pytest.mark.parametrize(
    ("text", "form", "said"),
    [
        ("", "txt", "no requests"),
        ('{"prompt": "a"}\n{"prompt": "b", "id": "1"}', "jsonl",
         "line 2: the id '1' is taken by line 1"),
        ('{"prompt": " "}', "jsonl", "line 1: the prompt is empty"),
        ('{"id": "x"}', "jsonl", "line 1: there is no prompt"),
        ('{"promt": "x"}', "jsonl", "line 1: 'promt' is no field"),
        ("[1]", "jsonl", "line 1: a JSON object with a prompt or a request"),
        ("id\n1\n", "csv", "line 1: there is no column 'prompt' or 'url'"),
        ("prompt,prompt\n1,2\n", "csv", "line 1: the column 'prompt' is there twice"),
        ('{"url": "https://x.org/a", "seconds": "long", "model": "whisper-large-v3"}', "jsonl",
         "line 1: seconds must be"),
        ('{"custom_id": "a", "url": "/v1/chat/completions", "body": {"messages": [], "model": ""}}',
         "jsonl", "line 1: the body names no model"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line(text, form, said):
    with pytest.raises(ValueError, match=said):
        read(text, form)


def test_the_first_mistakes_are_named_and_the_rest_counted():
    text = "\n".join('{"prompt": ""}' for _ in range(8))
    with pytest.raises(ValueError, match="line 5: the prompt is empty; and 3 further mistakes"):
        read(text)

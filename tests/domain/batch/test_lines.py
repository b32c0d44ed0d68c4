from __future__ import annotations

import json

import pytest

from groqchat.domain.batch.lines import CHAT, TRANSCRIPTION, TRANSLATION, batch_line
from groqchat.storage.catalog import load_catalog

BIG = "openai/gpt-oss-120b"
TURBO = "whisper-large-v3-turbo"
CATALOG = load_catalog()


def line(asked=None, **more):
    body = {"model": BIG, "messages": [{"role": "user", "content": "Hi"}]} | (asked or {})
    return batch_line({"custom_id": "a", "url": CHAT, "body": body} | more, CATALOG.get)


def audio(endpoint=TRANSCRIPTION, **body):
    body = {"model": TURBO, "url": "https://example.org/a.mp3"} | body
    return batch_line({"custom_id": "a", "url": endpoint, "body": body}, CATALOG.get)


def test_a_line_is_compact_json_in_the_api_form():
    made = line()
    assert "\n" not in made.text
    assert json.loads(made.text) == {
        "custom_id": "a",
        "method": "POST",
        "url": CHAT,
        "body": {"model": BIG, "messages": [{"role": "user", "content": "Hi"}]},
    }
    assert (made.custom_id, made.model, made.is_audio) == ("a", BIG, False)


def test_the_size_of_a_line_is_that_in_the_file():
    made = line({"messages": [{"role": "user", "content": "ü\u2028"}]})
    assert made.size == len(made.text.encode()) + 1 > len(made.text) + 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"service_tier": "flex"}, "no service tier"),
        ({"stream": True}, "does not stream"),
        ({"n": 2}, "n would be refused"),
        ({"logprobs": True}, "logprobs would be refused"),
        ({"messages": [{"role": "user", "name": "me", "content": "Hi"}]}, "field name"),
        ({"messages": []}, "no messages"),
        ({"messages": ["Hi"]}, "each message must be an object"),
        ({"model": ""}, "names no model"),
        ({"model": TURBO}, "does not chat"),
        ({"model": "canopylabs/orpheus-v1-english"}, "does not chat"),
        ({"model": "llama-3.1-8b-instant"}, "cannot be asked: retired"),
        ({"reasoning_effort": "huge"}, "reasoning_effort would be refused"),
    ],
)
def test_what_the_server_would_refuse_is_refused_first(body, said):
    with pytest.raises(ValueError, match=said):
        line(body)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"custom_id": " "}, "must be a text that is not empty"),
        ({"custom_id": 3}, "must be a text"),
        ({"custom_id": "x" * 513}, "longer than 512"),
        ({"method": "GET"}, 'must be "POST"'),
        ({"url": "/v1/embeddings"}, "is none of"),
        ({"body": []}, "must be a JSON object"),
        ({"modle": 1}, "'modle' is no field"),
        ({"body": {"model": BIG, "messages": [{"role": "user", "content": "\ud800"}]}}, "half a"),
    ],
)
def test_a_line_of_another_form_is_refused(more, said):
    with pytest.raises(ValueError, match=said):
        line(**more)


def test_a_model_that_is_not_known_is_asked():
    assert line({"model": "new/model"}).model == "new/model"


def test_audio_is_given_by_a_url():
    assert audio().is_audio
    with pytest.raises(ValueError, match="given by a url"):
        audio(url="a.mp3")
    with pytest.raises(ValueError, match="does not offer translation"):
        audio(TRANSLATION)
    with pytest.raises(ValueError, match="does not transcribe"):
        audio(model=BIG)

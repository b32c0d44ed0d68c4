"""The text of copied requests; whether they run is tried in tests/provider/test_request_copies."""

import ast
import json
from dataclasses import replace

import pytest

from groqchat.domain.turns.request_copy import SentRequest, as_curl, as_python, image_urls

BODY = {"model": "m", "messages": [{"role": "user", "content": 'It\'s $HOME `x`\n"q" é'}]}
GROQ = SentRequest("https://api.groq.com/openai/v1/chat/completions", "/openai/v1", BODY)
STREAMED = BODY | {"stream": True, "stream_options": {"include_usage": True}}
OTHER = SentRequest("http://127.0.0.1:1/v1/chat/completions", "", STREAMED, "my box")


def keywords(program):
    call = next(
        node
        for node in ast.walk(ast.parse(program))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "create"
    )
    return {each.arg: ast.literal_eval(each.value) for each in call.keywords}


def test_curl_reads_the_key_from_the_environment_and_the_body_as_it_is():
    told = as_curl(GROQ, {})
    assert told.startswith(f"curl --silent --show-error '{GROQ.url}' \\\n")
    assert '"Authorization: Bearer $GROQ_API_KEY"' in told
    assert json.loads(told.partition("END_OF_JSON'\n")[2].removesuffix("END_OF_JSON\n")) == BODY
    assert "--no-buffer" in as_curl(OTHER, {})
    assert "$MY_BOX_API_KEY" in as_curl(OTHER, {})


def test_python_has_the_keywords_of_the_sdk():
    assert keywords(as_python(GROQ, {})) == BODY
    assert "base_url" not in as_python(GROQ, {})
    told = as_python(OTHER, {})
    extra = {"stream_options": STREAMED["stream_options"]}
    assert keywords(told) == BODY | {"stream": True, "extra_body": extra}
    assert "from openai import OpenAI" in told
    assert "base_url='http://127.0.0.1:1/v1'" in told


@pytest.mark.parametrize("text", ["'; rm -rf / #", '"""', "\\", "END_OF_JSON", "a\nEND_OF_JSON\nb"])
def test_no_text_of_a_prompt_leaves_its_place(text):
    body = BODY | {"messages": [{"role": "user", "content": text * 40}]}
    request = SentRequest(GROQ.url, GROQ.root, body)
    assert keywords(as_python(request, {})) == body
    assert "\nEND_OF_JSON\n" not in as_curl(request, {}).rpartition("END_OF_JSON\n")[0]


def test_images_are_read_from_their_files():
    url = f"data:image/png;base64,{'A' * 9_000}"
    parts = [{"type": "text", "text": "Look"}, {"type": "image_url", "image_url": {"url": url}}]
    request = replace(GROQ, body={"messages": [{"role": "user", "content": parts}]})
    assert image_urls(request) == (url,)
    files = {url: "/tmp/it's.png"}
    assert "\"data:image/png;base64,$(base64 < '/tmp/it" in as_curl(request, files)
    assert """image("/tmp/it's.png", 'image/png')""" in as_python(request, files)
    for copied in (as_curl(request, files), as_python(request, files)):
        assert len(copied) < 1_000

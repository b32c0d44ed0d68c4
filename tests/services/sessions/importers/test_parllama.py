"""parllama's files: one that it wrote, and what may be different."""

import json

import pytest

from groqchat.services.sessions.session_imports import read_sessions
from tests.images import image
from tests.samples import SAMPLES, tree

FILE = SAMPLES / "parllama-0.10.1-chat.json"


def read(**changes):
    return read_sessions(json.dumps(json.loads(FILE.read_text()) | changes), 5.0)


def test_a_chat_arrives_and_the_answer_that_was_an_error_does_not():
    reading = read()
    (archive,) = reading.archives
    roles = [role for _, role, _ in tree(archive)]
    assert roles == ["user", "assistant", "user", "assistant", "user"]
    first, answer, *_, last = archive.messages
    assert (first.content, last.content) == ("What is a rate limit?", "simulate: model_not_found")
    assert answer.content.startswith("## Requests and tokens are counted apart")
    assert answer.model == "openai/gpt-oss-120b"
    session = archive.session
    assert (session.id, session.title) == ("1d9080a2016a4ed0889a74bbe4450b2c", "Rate limits")
    assert (session.system, session.model) == ("Be short.", "openai/gpt-oss-120b")
    assert session.created == session.updated == answer.created == 1795910522.251781
    assert +reading.omitted == {"failed answer": 1}
    assert "one time and one model" in next(iter(reading.remarks))


def test_older_files_have_json_within_json():
    config = json.dumps({"model_name": "m/old"})
    assert read(llm_config=config).archives[0].session.model == "m/old"
    assert read(llm_config="no JSON").archives[0].session.model is None


def test_thinking_is_reasoning_and_what_is_no_text_is_counted():
    messages = [
        {"role": "user", "content": "Hi", "images": ["data:x", image().data_url, "data:y"]},
        {"role": "assistant", "content": "", "tool_calls": [{}]},
        {"role": "tool", "content": "found"},
        {"role": "assistant", "content": "Ho", "thinking": "Hm.", "documents": [{}]},
    ]
    reading = read(messages=messages)
    (archive,) = reading.archives
    asked = f"Hi\n\n{image('image').mark}"
    assert tree(archive) == [(None, "user", asked), (0, "assistant", "Ho")]
    assert archive.images == (image("image"),)
    assert archive.messages[1].reasoning == "Hm."
    assert +reading.omitted == {"image": 2, "tool call": 1, "tool result": 1, "document": 1}


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [({"__key__": "x"}, "locked with a password"), ({"messages": 7}, "no messages in it")],
)
def test_what_cannot_be_read_is_said(changes, complaint):
    (failed,) = read(**changes).failed
    assert complaint in failed.reason

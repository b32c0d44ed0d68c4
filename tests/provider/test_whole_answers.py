"""Answers by a schema, which Groq does not stream, come in the same events as others."""

import asyncio
import json

from groqchat.domain.models.parameters import fitted
from groqchat.domain.structured.schema import read_schema
from groqchat.domain.turns.chat import Accepted, Delta, Finished, Options, Role
from groqchat.domain.turns.request import ChatRequest, RequestMessage
from groqchat.provider import groq_provider
from groqchat.provider.chat import plain_body, request_body
from groqchat.storage.catalog import load_catalog
from tests.provider.conftest import MODEL, listen, request
from tests.provider.scripted import HOLD, compact, reply

SCHEMA = read_schema("name, age int, tags str[]")
OPEN = '{"type": "object", "properties": {"more": {"type": "object"}}, "required": ["more"]}'
CATALOG = load_catalog()


def by_schema(prompt="Who?", schema=SCHEMA, **more):
    options = fitted(Options(MODEL, schema=schema, **more), CATALOG.get(MODEL))
    return ChatRequest((RequestMessage(Role.USER, prompt),), options)


async def test_a_schema_is_answered_as_a_whole(provider):
    heard = await listen(provider, by_schema())
    assert heard.error is None
    assert next(type(event) for event in heard.events if not isinstance(event, Delta)) is Accepted
    assert json.loads(heard.text) == {
        "name": "example name",
        "age": 1,
        "tags": ["example tags 1", "example tags 2"],
    }
    assert heard.reasoning
    assert isinstance(heard.events[-1], Finished)
    assert heard.finished.usage.completion_tokens
    assert heard.accepted.reading.buckets


async def test_best_effort_and_json_mode_are_taken_too(provider):
    asked = by_schema(schema=OPEN)
    assert request_body(asked)["response_format"]["json_schema"]["strict"] is False
    assert json.loads((await listen(provider, asked)).text) == {"more": {}}
    told = await listen(provider, request("As JSON", is_json=True))
    assert json.loads(told.text)


def test_only_groq_is_asked_without_streaming():
    body = request_body(by_schema())
    assert not {"stream", "stream_options"} & body.keys()
    assert body["response_format"]["json_schema"]["strict"] is True
    elsewhere = by_schema(provider="other")
    body = plain_body(elsewhere, "max_tokens")
    assert body["stream"] is True
    assert body["response_format"]["type"] == "json_schema"


async def test_what_was_generated_in_vain_is_told(provider):
    heard = await listen(provider, by_schema("simulate: schema_failed"))
    assert heard.error.cause.name == "generation_failed"
    assert heard.error.facts.failed_generation == '{"name": 7}'
    cut = await listen(provider, by_schema(max_tokens=12))
    assert cut.error.facts.code == "json_validate_failed"


async def test_a_whole_answer_may_take_longer_than_a_gap(script, provider_at):
    provider = provider_at(script.url, gap_timeout=0.05)
    come = asyncio.Event()
    choice = {"message": {"content": "{}"}, "finish_reason": "stop"}
    whole = compact({"choices": [choice]})
    script.play(come, reply("200 OK", whole, content_type="application/json"))
    hearing = asyncio.create_task(listen(provider, by_schema()))
    await script.is_asked.wait()
    await asyncio.sleep(0.2)
    come.set()
    assert (await hearing).text == "{}"


async def test_a_whole_answer_is_not_waited_for_for_ever(script, provider_at, monkeypatch):
    monkeypatch.setattr(groq_provider, "WHOLE_S", 0.1)
    script.play(HOLD)
    heard = await listen(provider_at(script.url, gap_timeout=0.05), by_schema())
    assert heard.error.cause.name == "timed_out"


async def test_a_whole_answer_can_be_stopped(script, provider_at):
    script.play(HOLD)
    hearing = asyncio.create_task(listen(provider_at(script.url), by_schema()))
    await script.is_asked.wait()
    hearing.cancel()
    await asyncio.wait([hearing])
    await asyncio.wait_for(script.is_left.wait(), 5)
